import Testing

@testable import Settings

@Suite struct PathNameTests {
    @Test(arguments: [
        ("Mars", "mars"), ("Mars Viking Colour", "mars-viking-colour"), ("  Mars   Viking ", "mars-viking"),
        ("52 Europa", "52-europa"), ("Churyumov-Gerasimenko", "churyumov-gerasimenko"),
        ("a.b_c-d", "a.b_c-d"),
        ("MOLA\tv2", "mola-v2"), (String(repeating: "a", count: 128), String(repeating: "a", count: 128)),
    ])
    func namesBecomePaths(_ name: String, _ path: String) throws {
        #expect(try pathName(name) == path)
    }

    @Test(arguments: [
        ("", "empty"), ("   ", "empty"), (".", "dot"), ("..", "dot"), (".hidden", "dot"), ("../etc", "dot"),
        ("a/b", "\"/\""), ("a\\b", "\"\\\""), ("a:b", "\":\""), ("Ängström", "\"ä\""),
        ("a\u{0}b", "\"\u{0}\""),
        ("a?b", "\"?\""), ("a%2fb", "\"%\""), (String(repeating: "a", count: 129), "longer"),
    ])
    func othersAreRefused(_ name: String, _ reason: String) {
        let error = #expect(throws: PathNameError.self) { try pathName(name) }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }
}
