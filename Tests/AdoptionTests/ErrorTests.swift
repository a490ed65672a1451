import Testing

@testable import Adoption

@Suite struct ErrorTests {
    @Test func saysWhatToDo() {
        #expect(AdoptionError.taken(path: "/d/hips/moon/m").description.contains("--name"))
        #expect(
            AdoptionError.unclonable(source: "http://a", status: "private").description.contains("--force"))
        #expect(AdoptionError.interrupted.description.contains("same command"))
    }
}
