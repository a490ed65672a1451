import Foundation
import HEALPix
import HiPS
import Testing
import Tiles

@testable import Adoption

/// HiPS in folders.
@Suite struct FolderTests {
    private let scratch: Scratch
    private let data: DataDirectory
    private let map: MapName
    private let place = "data/hips/moon/here"

    init() throws {
        scratch = try Scratch()
        data = DataDirectory(path: scratch.path + "/data")
        map = try MapName(body: "moon", name: "here")
    }

    private func adopt(
        _ folder: String = "source", _ change: (inout AdoptionRequest) -> Void = { _ in }
    ) async throws -> AdoptionReport {
        var request = AdoptionRequest(source: scratch.path + "/" + folder, map: map)
        change(&request)
        return try await Adopter(request, data: data).run()
    }

    @Test func links() async throws {
        let hips = try ForeignHiPS(["hips_status": "public master unclonable", "creator_did": ""])
        try hips.write(to: scratch, "source")
        let before = try scratch.files("source")
        let report = try await adopt {
            $0.lonOffsetDegrees = -90
            $0.latitudeKind = .planetographic
            $0.title = "Ours"
            $0.credit = "Theirs"
        }
        #expect(report.means == .link)
        #expect(try scratch.files(place).keys.sorted() == ["adoption.json", "properties"])
        let note = try #require(try AdoptionNote.read(inFolder: data.path(of: map)))
        #expect(note.root == scratch.path + "/source")
        #expect(note.latitudeKind == .planetographic)
        #expect(note.lonOffsetDegrees == -90)
        #expect(note.overridden["obs_title"] == "Elsewhere")
        #expect(note.peculiarities.contains("no creator_did"))
        let properties = try #require(data.entry(map)).properties
        #expect(properties.title == "Ours")
        #expect(properties.credit == "Theirs")
        #expect(properties.creatorDID == "ivo://localhost/moon/here")
        #expect(properties["tessera_latitude"] == "planetographic")
        #expect(properties["tessera_lon_offset"] == "-90")
        // Nothing is copied, so what the original says of copies stays.
        #expect(properties.status == "public master unclonable")
        try data.remove(map)
        #expect(!scratch.exists("data/hips/moon"))
        #expect(try scratch.files("source") == before)
    }

    @Test func copies() async throws {
        let hips = try ForeignHiPS(
            orders: 1...2, formats: [.png, .fits], ["hips_tile_format": "fits png jpeg"])
        try hips.write(to: scratch, "source")
        try scratch.write([1], to: "source/private.key")
        try scratch.write([1], to: "source/Norder1/Dir0/Npix1.exe")
        let tile = hips.tiles[0]
        // A tile that lies elsewhere is copied, and not the link to it.
        try scratch.write(hips.files[tile]!, to: "elsewhere.bin")
        try FileManager.default.removeItem(atPath: scratch.path + "/source/" + tile)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/source/" + tile, withDestinationPath: scratch.path + "/elsewhere.bin")
        let report = try await adopt { $0.copies = true }
        #expect(report.means == .copy)
        #expect(report.tiles == hips.tiles.count)
        let files = try scratch.files(place)
        var expected = hips.files
        expected["properties.original"] = expected["properties"]
        expected["properties"] = files["properties"]
        expected["adoption.json"] = files["adoption.json"]
        #expect(files == expected)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: scratch.path + "/" + place + "/" + tile)
        #expect(attributes[.type] as? FileAttributeType == .typeRegular)
        #expect(report.note.root == nil)
        #expect(report.note.overridden["hips_tile_format"] == "fits png jpeg")
        #expect(report.note.peculiarities.contains("hips_tile_format names jpeg, of which there is no tile"))
        let before = try scratch.files("source")
        try data.remove(map)
        #expect(try scratch.files("source") == before)
    }

    @Test func replacesOnlyWhenForced() async throws {
        let hips = try ForeignHiPS()
        try hips.write(to: scratch, "source")
        try ForeignHiPS(orders: 0...1, ["hips_order": "1", "hips_status": "private"]).write(
            to: scratch, "other")
        _ = try await adopt()
        let before = try scratch.files("source")
        await #expect(throws: AdoptionError.taken(path: data.path(of: map))) { try await adopt("other") }
        #expect(try #require(data.entry(map)).properties.order == Order(2))
        let other = scratch.path + "/other"
        await #expect(throws: AdoptionError.taken(path: data.path(of: map))) {
            try await adopt("other") { $0.copies = true }
        }
        _ = try await adopt("other") {
            $0.copies = true
            $0.forces = true
        }
        #expect(try #require(data.entry(map)).properties.order == Order(1))
        #expect(try AdoptionNote.read(inFolder: data.path(of: map))?.source == other)
        #expect(try scratch.files("source") == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/data/hips/moon") == ["here"])
    }

    @Test func isNotItsOwnSource() async throws {
        try ForeignHiPS().write(to: scratch, place)
        let before = try scratch.files("data")
        await #expect(throws: AdoptionError.self) { try await adopt(place) { $0.forces = true } }
        await #expect(throws: AdoptionError.self) {
            try await adopt("data/hips/moon/here/../here") { $0.forces = true }
        }
        #expect(try scratch.files("data") == before)
    }

    @Test func notOneThatCanBeAdopted() async throws {
        try ForeignHiPS().write(to: scratch, "whole")
        try scratch.write(Array("hips_order = 1\n".utf8), to: "empty/properties")
        try scratch.write([1], to: "bare/Norder0/Dir0/Npix0.png")
        try scratch.write(Array("no pair".utf8), to: "odd/properties")
        for folder in ["absent", "empty", "bare", "odd"] {
            await #expect(throws: AdoptionError.self) { try await adopt(folder) }
        }
        await #expect(throws: AdoptionError.self) { try await adopt("whole") { $0.deepestOrder = .zero } }
        await #expect(throws: AdoptionError.self) { try await adopt("whole") { $0.lonOffsetDegrees = 400 } }
        #expect(!scratch.exists("data/hips/moon/here"))
        #expect(try data.maps().isEmpty)
    }

    @Test func isNotAdoptedTwiceAtATime() async throws {
        try ForeignHiPS().write(to: scratch, "source")
        let lock = try data.lock(map)
        await #expect(throws: AdoptionError.self) { try await adopt() }
        withExtendedLifetime(lock) {}
    }
}
