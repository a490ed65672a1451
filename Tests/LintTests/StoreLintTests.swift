import GDAL
import HiPS
import Storage
import Testing

@testable import Lint

/// The same is found in a store as on disk.
@Suite struct StoreLintTests {
    private func withCopy(
        of scratch: Scratch, _ body: (String) async throws -> Void
    ) async throws {
        let store = try Stores.store(at: "/vsimem/tessera-lint-\(UInt64.random(in: 0 ... .max))")
        defer { try? store.remove("") }
        for name in scratch.files() { try store.write(scratch.bytes(name), to: name) }
        try await body(store.root)
    }

    @Test func findsWhatItFindsOnDisk() async throws {
        let mutations: [(Scratch) throws -> Void] = [
            { _ in }, { try $0.remove("Norder1/Dir0/Npix7.fits") }, { try $0.remove("Moc.fits") },
            { try $0.write("short", to: "Norder0/Dir0/Npix3.fits") }, { try $0.remove("properties") },
            { try $0.write([1], to: "Norder4/Dir0/Npix0.fits") },
        ]
        for (number, mutate) in mutations.enumerated() {
            let scratch = try Scratch()
            try SmallHiPS().write(to: scratch)
            try mutate(scratch)
            let disk = try await Linter(scratch.path, options: LintOptions(all: true)).run()
            try await withCopy(of: scratch) { place in
                let report = try await Linter(place, options: LintOptions(all: true)).run()
                #expect(report.findings == disk.findings, "mutation \(number)")
                #expect(report.tilesRead == disk.tilesRead && report.tilesListed == disk.tilesListed)
                #expect(report.findings.isEmpty == (number == 0), "mutation \(number)")
            }
        }
    }

    @Test func aStoreThatDoesNotAnswerIsAnErrorAndNoFinding() async throws {
        GDALLibrary.setOption("GDAL_HTTP_RETRY_DELAY", "0.01")
        // Port 9 of this machine is kept for a service that nobody runs.
        let linter = try Linter("/vsicurl/http://127.0.0.1:9/map")
        await #expect(throws: LintError.self) { try await linter.run() }
        #expect(throws: LintError.self) { try Linter("s3://") }
        #expect(throws: LintError.self) { try Linter("ftp://host/map") }
    }

    @Test func tilesOfAnAdoptedMapAreReadWhereItsNoteSays() async throws {
        let (theirs, ours) = (try Scratch(), try Scratch())
        try SmallHiPS().write(to: theirs)
        let properties = try theirs.text("properties")
        try theirs.write("nonsense", to: "properties")
        try ours.write(properties, to: "properties")
        let note = AdoptionNote(
            source: theirs.path, root: theirs.path, body: "mars", date: "2026-01-02T03:04Z")
        try note.write(inFolder: ours.path)
        let report = try await Linter(ours.path, options: LintOptions(all: true)).run()
        #expect(report.findings == [])
        #expect(report.tilesListed == theirs.files().filter { $0.contains("Npix") }.count)
        try theirs.remove("Norder1/Dir0/Npix7.fits")
        #expect(try await Linter(ours.path).run().findings.map(\.path) == ["Norder1/Dir0/Npix7.fits"])
        try ours.write("{}", to: AdoptionNote.fileName)
        #expect(throws: LintError.self) { try Linter(ours.path) }
    }
}
