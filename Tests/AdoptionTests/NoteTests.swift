import HiPS
import Testing

@testable import Adoption

/// The notes beside adopted maps.
@Suite struct NoteTests {
    @Test func comesBackAsItWasWritten() throws {
        let scratch = try Scratch()
        let note = AdoptionNote(
            source: "https://example.org/hips", root: "/a/b \"c\" ü", body: "moon",
            lonOffsetDegrees: 179.9375,
            latitudeKind: .planetographic, date: "2020-01-02T03:04Z",
            overridden: ["hips_frame": "equatorial"],
            peculiarities: ["no Moc.fits"])
        #expect(try AdoptionNote.read(inFolder: scratch.path) == nil)
        try note.write(inFolder: scratch.path)
        #expect(try AdoptionNote.read(inFolder: scratch.path) == note)
        #expect(try scratch.text(AdoptionNote.fileName).contains("\"lonOffsetDegrees\" : 179.9375"))
        #expect(note.tileRoot(inFolder: "/x") == "/a/b \"c\" ü")
    }

    private static let whole = """
        {"version": 1, "source": "/a", "root": "/a", "body": "moon", "lonOffsetDegrees": 0,
        "latitudeKind": "planetocentric", "date": "2020-01-02T03:04Z", "overridden": {}, "peculiarities": []}
        """

    @Test(arguments: [
        ("", ""), ("\"version\": 1", "\"version\": 2"), ("\"root\": \"/a\"", "\"root\": \"../a\""),
        ("\"lonOffsetDegrees\": 0", "\"lonOffsetDegrees\": 1e9"), ("planetocentric", "flat"),
        ("\"body\": \"moon\",", ""),
    ]) func refusesWhatItDoesNotUnderstand(change: (String, String)) throws {
        #expect(try AdoptionNote(json: Array(Self.whole.utf8), source: "x").body == "moon")
        let text = change.0.isEmpty ? "" : Self.whole.replacing(change.0, with: change.1)
        #expect(throws: HiPSError.self) { try AdoptionNote(json: Array(text.utf8), source: "x") }
    }
}
