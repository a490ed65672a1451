import Testing

@testable import Settings

/// A text with mistakes and, for each, `line:column` and words of its message.
struct Faulty: Sendable, CustomTestStringConvertible {
    let text: String
    let mistakes: [String]

    init(_ text: String, _ mistakes: String...) {
        self.text = text
        self.mistakes = mistakes
    }

    var testDescription: String { String(text.prefix(60)) }
}

@Suite struct SurveyMistakesTests {
    static let texts: [Faulty] = [
        // The file as a whole.
        Faulty("", "1:1 the file is empty"),
        Faulty("# only a comment\n", "1:1 the file is empty"),
        Faulty("just words\n", "1:1 the file is a single value"),
        Faulty("- map.tif\n", "1:1 the file is a list"),
        Faulty("\u{FEFF}body: Mars\n", "1:1 byte order mark"),
        Faulty("body: Mars\ntitle: a\u{0}b\n", "2:9 NUL"),
        Faulty("body: Mars\ntitle: é\u{7}\n", "2:9 control character U+0007"),
        Faulty("body: Mars\n---\nbody: Moon\n", "2:1 second document"),
        Faulty("extent:\n\twest: 1\n", "2:1 tab in the indentation"),
        // YAML.
        Faulty("title: [a, b\n", "2:1 not YAML"),
        Faulty("title: \"open\nbody: Mars\n", "3:1 not YAML"),
        Faulty("title: a: b\n", "1:9 not YAML"),
        Faulty("title: @home\n", "1:8 not YAML"),
        Faulty("body Mars\ntitle: x\n", "2:6 not YAML"),
        Faulty("title: *nowhere\n", "1:8 undefined alias"),
        Faulty("title: &a Mars\nbody: *a\n", "2:7 alias \"*a\""),
        Faulty("title: &a Mars\n", "1:8 anchor \"&a\""),
        Faulty("cut: &c [1, 2]\n", "1:6 anchor \"&c\""),
        // Keys.
        Faulty("tittle: Mars\n", "1:1 the key \"tittle\" is not known; did you mean \"title\"?"),
        Faulty("Body: Mars\n", "1:1 did you mean \"body\"?"),
        Faulty("mocorder: 3\n", "1:1 did you mean \"moc_order\"?"),
        Faulty("input: a.tif\n", "1:1 did you mean \"inputs\"?"),
        Faulty("wavelength: 3\n", "1:1 the key \"wavelength\" is not known"),
        Faulty("<<: {body: Mars}\n", "1:1 the key \"<<\" is not known"),
        Faulty("? [a, b]\n: c\n", "1:3 the key is a list"),
        Faulty("? {a: b}\n: c\n", "1:3 the key is a mapping"),
        Faulty("\u{E000}: c\n", "1:1 is not known"),
        Faulty("body: Mars\ntitle: x\nbody: Moon\n", "3:1 the key \"body\" stands already at 1:1"),
        Faulty(
            "body: a\nbody: b\nbody: c\n", "2:1 the key \"body\" stands already at 1:1",
            "3:1 the key \"body\" stands already at 1:1"),
        Faulty("{\"body\": Mars, 'body': Moon}\n", "1:16 the key \"body\" stands already at 1:2"),
        Faulty("extent: {west: 1, west: 2, south: 0, east: 3, north: 4}\n", "1:19 stands already at 1:10"),
        Faulty("bo\\u0064y: 1\n\"bo\\u0064y\": a\nbody: b\n", "2:1 the key \"body\" stands twice"),
        Faulty("licence: CC0\nlicense: MIT\n", "2:1 are one key, which stands already at 1:1"),
        Faulty("title:\nbody: Mars\n", "1:1 the key \"title\" has no value"),
        Faulty("title: ~\n", "1:1 the key \"title\" has no value"),
        Faulty("order: null\n", "1:1 the key \"order\" has no value"),
        // Texts.
        Faulty("title: [a, b]\n", "1:8 \"title\" is a list"),
        Faulty("body: {a: b}\n", "1:7 \"body\" is a mapping"),
        Faulty("credit: ''\n", "1:9 \"credit\" is empty"),
        Faulty("credit: \"  \"\n", "1:9 \"credit\" is empty"),
        Faulty("name: a/b\n", "1:7 it holds \"/\""),
        Faulty("name: .mars\n", "1:7 it starts with a dot"),
        Faulty("name: '  '\n", "1:7 it is empty"),
        Faulty("id: http://example.org/mars\n", "1:5 not an IVOA identifier"),
        Faulty("id: ivo://example.org\n", "1:5 not an IVOA identifier"),
        Faulty("id: ivo://example.org/\n", "1:5 not an IVOA identifier"),
        Faulty("id: ivo:///mars\n", "1:5 not an IVOA identifier"),
        Faulty("id: ivo://a/mars\n", "1:5 not an IVOA identifier"),
        Faulty("id: ivo://example.org/mars map\n", "1:5 without blanks"),
        Faulty("colormap: two words\n", "1:11 not the name of a colour map"),
        Faulty("stretch: asin\n", "1:10 did you mean \"asinh\"?"),
        Faulty("resampling: cubic\n", "1:13 did you mean \"bicubic\"?"),
        Faulty("resampling: [bilinear]\n", "1:13 \"resampling\" is a list"),
        // Numbers.
        Faulty("order: three\n", "1:8 \"three\" is not a number"),
        Faulty("order: 3.5\n", "1:8 a whole number was expected"),
        Faulty("order: 21\n", "1:8 0 to 20 was expected"),
        Faulty("order: -1\n", "1:8 0 to 20 was expected"),
        Faulty("order: 99999999999999999999\n", "1:8 a whole number was expected"),
        Faulty("order: \"3\"\n", "1:8 without quotes"),
        Faulty("order: [3]\n", "1:8 \"order\" is a list"),
        Faulty("moc_order: 30\n", "1:12 0 to 29 was expected"),
        Faulty("nodata: nothing\n", "1:9 \"nothing\" is not a number"),
        Faulty("nodata: 1e999\n", "1:9 too large"),
        Faulty("nodata: 0x10\n", "1:9 \"0x10\" is not a number"),
        Faulty("nodata: {vales: [0]}\n", "1:10 \"vales\" of \"nodata\" is not known"),
        Faulty("nodata: {range: [4, 0]}\n", "1:17 the lower value comes first"),
        Faulty("nodata: {range: 4}\n", "1:17 two numbers"),
        Faulty("nodata: {edge_connected: perhaps}\n", "1:26 true or false"),
        Faulty("nodata: {erode_px: 65}\n", "1:20 0 to 64 was expected"),
        Faulty("nodata: {erode_px: 0}\n", "1:9 says nothing"),
        Faulty("registration: centre\n", "1:15 \"centre\" is no registration"),
        Faulty("latitude_kind: geodetic\n", "1:16 \"geodetic\" is no latitude_kind"),
        Faulty("longitude_sense: left\n", "1:18 \"left\" is no longitude_sense"),
        Faulty("nodata: inf\n", "1:9 \"inf\" is not a number"),
        Faulty("nodata: [0]\n", "1:9 \"nodata\" is a list"),
        // Lists.
        Faulty("inputs: []\n", "1:9 \"inputs\" is empty"),
        Faulty("inputs:\n  - a.tif\n  - ''\n", "3:5 an input is empty"),
        Faulty("inputs:\n  - a.tif\n  -\n", "3:4 an input is empty"),
        Faulty("inputs:\n  - a.tif\n  - a.tif\n", "3:5 listed twice"),
        Faulty("inputs:\n  - file: a.tif\n", "2:5 \"inputs\" is a mapping"),
        Faulty("inputs: |\n  a.tif\n  b.tif\n", "1:9 several lines"),
        Faulty("formats: []\n", "1:10 \"formats\" is empty"),
        Faulty("formats: [png, gif]\n", "1:16 \"gif\" is no tile format"),
        Faulty("formats: [fit]\n", "1:11 did you mean \"fits\"?"),
        Faulty("formats: [jpg, jpeg]\n", "1:16 listed twice"),
        Faulty("formats: fits,,png\n", "1:10 \"\" is no tile format"),
        Faulty("cut: [5, 1]\n", "1:6 the lower value comes first"),
        Faulty("cut: [1, 1]\n", "1:6 the lower value comes first"),
        Faulty("cut: [1, 2, 3]\n", "1:6 has 3 values; 2 numbers (low, high)"),
        Faulty("cut: 5\n", "1:6 \"cut\" is a single value"),
        Faulty("cut: [a, 2]\n", "1:7 \"a\" is not a number"),
        Faulty("cut: {low: 1}\n", "1:6 \"cut\" lacks high"),
        Faulty("cut: {low: 1, hihg: 2}\n", "1:6 \"cut\" lacks high", "1:15 did you mean \"high\"?"),
        Faulty("cut: {low: 1, high: }\n", "1:15 the key \"high\" has no value"),
        // Extents.
        Faulty("extent: [0, -91, 360, 90]\n", "1:13 a latitude of -90 to 90"),
        Faulty("extent: {west: 0, south: -90, east: 360, north: 90.5}\n", "1:49 a latitude of -90 to 90"),
        Faulty("extent: [0, 10, 20, -10]\n", "1:9 is not below north"),
        Faulty("extent: [0, -90, 361, 90]\n", "1:18 a longitude of -360 to 360"),
        Faulty("extent: [-1, -90, 360, 90]\n", "1:9 is 361.0 degrees"),
        Faulty("extent: [5, -90, 5, 90]\n", "1:9 is 0.0 degrees"),
        Faulty("extent: [360, -90, -10, 90]\n", "1:9 is 370.0 degrees"),
        Faulty("extent: [0, -90, 360]\n", "1:9 has 3 values"),
        Faulty("extent: 0 -90 360 90\n", "1:9 \"extent\" is a single value"),
        Faulty("extent: [[0], 1, 2, 3]\n", "1:10 \"west\" is a list"),
        // Numbers that are none.
        Faulty("order: .nan\n", "1:8 \".nan\" is not a number"),
        Faulty("order: 1_000\n", "1:8 \"1_000\" is not a number"),
        Faulty("order: 0o7\n", "1:8 \"0o7\" is not a number"),
        Faulty("order: 12:30\n", "1:8 \"12:30\" is not a number"),
        Faulty("order: +\n", "1:8 \"+\" is not a number"),
        Faulty("order: 1e400\n", "1:8 too large"),
        Faulty("cut: [.inf, 1]\n", "1:7 \".inf\" is not a number"),
        Faulty("cut: [0, nan]\n", "1:10 \"nan\" is not a number"),
        Faulty("cut: [, 1]\n", "1:7 not YAML"),
        Faulty("extent: [0, -90, .inf, 90]\n", "1:18 \".inf\" is not a number"),
        Faulty("extent: [0, -90, 36O, 90]\n", "1:18 \"36O\" is not a number"),
        Faulty("extent: [90, -180, -90, 180]\n", "1:14 a latitude", "1:25 a latitude"),
        Faulty("extent: {west: 0, south: 1, north: 2}\n", "1:9 \"extent\" lacks east"),
        Faulty("extent: {left: 0, south: 1, east: 3, north: 2}\n", "1:9 lacks west", "1:10 \"left\""),
        // Tags.
        Faulty("inputs: !include files.yaml\n", "1:9 the tag \"!include\""),
        Faulty("title: !!binary aGVsbG8=\n", "1:8 the tag \"!!binary\""),
        Faulty("cut: !pair [1, 2]\n", "1:6 the tag \"!pair\""),
        Faulty("!key body: Mars\n", "1:1 the tag \"!key\""),
        Faulty("!map\nbody: Mars\n", "1:1 the tag \"!map\""),
        // Lists and mappings where texts belong, and the reverse.
        Faulty("name: [a]\n", "1:7 \"name\" is a list"),
        Faulty("description: {en: a}\n", "1:14 \"description\" is a mapping"),
        Faulty("stretch: {kind: log}\n", "1:10 \"stretch\" is a mapping"),
        Faulty("colormap: [grey]\n", "1:11 \"colormap\" is a list"),
        Faulty("crs: [IAU_2015, 49900]\n", "1:6 \"crs\" is a list"),
        Faulty("formats: {png: yes}\n", "1:10 \"formats\" is a mapping"),
        Faulty("formats: [[png]]\n", "1:11 \"formats\" is a list"),
        Faulty("inputs: [[a.tif]]\n", "1:10 \"inputs\" is a list"),
        Faulty("inputs: ~\n", "1:1 the key \"inputs\" has no value"),
        Faulty("id: [ivo://a.b/c]\n", "1:5 \"id\" is a list"),
        Faulty("moc_order: {max: 3}\n", "1:12 \"moc_order\" is a mapping"),
        // Line ends of other systems.
        Faulty("body: Mars\rordre: 3\r", "2:1 did you mean \"order\"?"),
        Faulty("body: Mars\r\n\ttitle: x\r\n", "2:1 tab in the indentation"),
        Faulty("%YAML 9.9\n---\nbody: Mars\n", "1:1 not YAML"),
        Faulty("body: Mars\n...\ntitle: x\n", "3:1 not YAML"),
        Faulty("body: Mars\n  title: x\n", "2:8 not YAML"),
        Faulty("inputs:\n- a.tif\n - b.tif\nordre: 3\n", "4:1 did you mean \"order\"?"),
        Faulty("title: 'it's'\n", "1:12 not YAML"),
        Faulty("title: \"\\q\"\n", "1:9 not YAML"),
        // Places count Unicode scalars, and several mistakes come at once in the order of the file.
        Faulty("{title: Ὄλυμπος, ordre: 3}\n", "1:18 did you mean \"order\"?"),
        Faulty("body: Mars\r\nordre: 3\r\n", "2:1 did you mean \"order\"?"),
        Faulty(
            "boddy: Mars\norder: 40\ncut: [2, 1]\ntitle: x\ntitle: y\n", "1:1 did you mean \"body\"?",
            "2:8 0 to 20", "3:6 lower value", "5:1 stands already at 4:1"),
    ]

    @Test(arguments: texts)
    func mistakesAreNamedWithLineAndColumn(_ faulty: Faulty) {
        let error = #expect(throws: SettingsError.self) { try Survey.parse(faulty.text, file: "s.yaml") }
        let lines = (error?.description ?? "").split(separator: "\n").map(String.init)
        #expect(lines.count == faulty.mistakes.count, "\(lines)")
        for (line, wanted) in zip(lines, faulty.mistakes) {
            let parts = wanted.split(separator: " ", maxSplits: 1)
            #expect(line.hasPrefix("s.yaml:\(parts[0]): "), "\(line)")
            #expect(line.contains(parts[1]), "\(line)")
        }
    }

    @Test func nestedAliasesDoNotUnfold() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        text += "? *a60\n: x\n"
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(throws: SettingsError.self) { try Survey.parse(text, file: "s.yaml") }
        }
        // Unfolded it would never end.
        #expect(time < .seconds(60))
    }

    @Test(arguments: [
        "[", "{", "- ", "? ", "{a: ", "[{", "&a [", "'", "\"", "!", "%", "a: ", "|\n", "\n", "*a ", "\t",
    ])
    func hostileRepetitionsEndInAnError(_ piece: String) {
        let text = String(repeating: piece, count: 20_000)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(throws: SettingsError.self) { try Survey.parse(text, file: "s.yaml") }
        }
        #expect(time < .seconds(30), "\(time)")
    }

    @Test func manyKeysThatStandTwiceEndInAnError() {
        let text = (0..<2000).map { "key\($0 / 2): 1\n" }.joined()
        #expect(throws: SettingsError.self) { try Survey.parse(text, file: "s.yaml") }
    }

    @Test func atLeastThirtyKindsAreKnown() {
        // The words of a message without what the file says and without numbers.
        let kinds = Set(
            Self.texts.flatMap { text -> [String] in
                let error = #expect(throws: SettingsError.self) { try Survey.parse(text.text, file: "s") }
                return error?.mistakes.map {
                    $0.message.replacing(/"[^"]*"/, with: "").replacing(/[-+.0-9]+/, with: "")
                } ?? []
            })
        #expect(kinds.count >= 30, "\(kinds.sorted())")
    }

    @Test func aHugeFileIsRefused() {
        let text = "title: " + String(repeating: "x", count: Survey.largestFileBytes)
        let error = #expect(throws: SettingsError.self) { try Survey.parse(text, file: "s.yaml") }
        #expect(error?.description.hasPrefix("s.yaml:1:1: the file is larger") == true)
    }
}
