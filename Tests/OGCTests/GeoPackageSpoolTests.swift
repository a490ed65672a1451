import Features
import Glibc
import Maps
import Testing

@testable import OGC

/// GeoPackages as answers: how large they may be, and what is left of them.
struct GeoPackageSpoolTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    @Test func geoPackagesHaveALimit() throws {
        let whole = try small.features("OUTPUTFORMAT=geopackage")
        #expect(whole.status == 200 && whole.text.hasPrefix("SQLite format 3"))
        #expect(whole.body.count == whole.length && whole.body[18] == 1 && whole.body[19] == 1)
        var options = WebFeatureService.Options()
        options.mostGeoPackageBytes = 1000
        let refused = try SmallFeatures(options: options).features("OUTPUTFORMAT=geopackage")
        #expect(refused.status == 400 && refused.exceptionCode == "OperationProcessingFailed")
    }

    /// What a file has no place for is said before anything is written, which would be too large here.
    @Test func typesAreLookedAtFirst() throws {
        var options = WebFeatureService.Options()
        options.mostGeoPackageBytes = 1000
        let small = try SmallFeatures(options: options)
        let refused = try small.features("OUTPUTFORMAT=gpkg", type: "(places)(shapes)(places)")
        #expect(refused.status == 400 && refused.exceptionCode == "InvalidParameterValue")
        #expect(
            try small.features("OUTPUTFORMAT=gpkg", type: "(places)(shapes)").text.contains("larger than"))
    }

    /// What a server left that was killed is gone before the next file is made, and nothing of others.
    @Test func leftoversAreRemoved() throws {
        var template = Array("/tmp/tessera-spool-test-XXXXXX".utf8CString)
        let root = String(cString: mkdtemp(&template)!)
        func path(_ name: String) -> String { root + "/tessera-geopackage-" + name }
        func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }
        let files = ["features.gpkg", "features.gpkg-wal", "features.gpkg-journal", "etilqs_1", ".hidden"]
        func age(_ name: String, seconds: Int) {
            let then = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
            utimensat(AT_FDCWD, path(name), [then, then], 0)
        }
        func leave(_ name: String, seconds: Int = 3600) {
            mkdir(path(name), 0o700)
            for file in files { if let file = fopen(path(name) + "/" + file, "w") { fclose(file) } }
            age(name, seconds: seconds)
        }
        for name in ["killed", "later", "living", "open"] { leave(name) }
        leave("young", seconds: 5)
        chmod(path("open"), 0o755)
        age("open", seconds: 3600)
        // Another server that lives has it.
        let lock = open(path("living"), O_RDONLY | O_DIRECTORY)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        defer {
            close(lock)
            for name in ["later", "living", "open"] {
                for file in files { unlink(path(name) + "/" + file) }
                rmdir(path(name))
            }
            #expect(rmdir(root) == 0)
        }
        rename(path("later"), root + "/elsewhere")
        let service = small.service
        let part = try FeaturePart(
            FeatureType(service.layers[0]), FeatureProjection(service.geographic), system: "",
            isNorthFirst: false, FeatureQuery(limit: .max), in: service.store, readsFirst: true)
        let spool = GeoPackageSpool(limit: 1 << 20, room: SpoolRoom(bytes: 1 << 20), root: root)
        #expect(try spool.answer([part], body: service.systems.body, name: "mars").status == 200)
        #expect(["killed", "living", "open", "young"].map(exists) == [false, true, true, true])
        // As a server that is started again at once finds it: looked for again.
        age("young", seconds: 61)
        #expect(try spool.answer([part], body: service.systems.body, name: "mars").status == 200)
        #expect(["living", "open", "young"].map(exists) == [true, true, false])
        rename(root + "/elsewhere", path("later"))
        #expect(exists("later"))
        // Then there can be no more.
        #expect(try spool.answer([part], body: service.systems.body, name: "mars").status == 200)
        #expect(exists("later"))
    }

    @Test func geoPackagesShareTheirRoom() throws {
        let room = SpoolRoom(bytes: 1000)
        try room.take(600)
        let error = #expect(throws: OGCException.self) { try room.take(401) }
        #expect(error?.status == 503 && error?.retryAfter == 30)
        room.give(600)
        try room.take(1000)
    }

    /// Whatever becomes of an answer, its folder is gone and its room free.
    @Test func geoPackagesLeaveNothingBehind() throws {
        var template = Array("/tmp/tessera-spool-test-XXXXXX".utf8CString)
        let root = String(cString: mkdtemp(&template)!)
        defer { rmdir(root) }
        func isEmpty() -> Bool {
            // A folder that holds something is not removed.
            guard rmdir(root) == 0 else { return false }
            return mkdir(root, 0o700) == 0
        }
        func part(_ layer: FeatureLayer) throws -> FeaturePart {
            try FeaturePart(
                FeatureType(layer), FeatureProjection(small.service.geographic), system: "",
                isNorthFirst: false,
                FeatureQuery(limit: .max), in: small.service.store, readsFirst: true)
        }
        let parts = try small.service.layers.map(part)
        let body = small.service.systems.body
        let limit = 1 << 20
        let room = SpoolRoom(bytes: limit)
        var spool = GeoPackageSpool(limit: limit, room: room, root: root)
        do {
            var answer = try spool.answer(parts, body: body, name: "mars")
            // While it is sent it takes its own size, and has no name.
            let size = try #require(answer.length)
            #expect(size > 50_000 && isEmpty())
            #expect(throws: OGCException.self) { try room.take(limit - size + 1) }
            try room.take(limit - size)
            room.give(limit - size)
            // The client leaves after the first piece.
            answer.rest = nil
            answer.body = []
        }
        try room.take(limit)
        room.give(limit)
        // Refused for its size, and for what it cannot hold, which the service has seen before.
        spool = GeoPackageSpool(limit: 1000, room: room, root: root)
        #expect(throws: OGCException.self) { try spool.answer(parts, body: body, name: "mars") }
        #expect(isEmpty())
        spool = GeoPackageSpool(limit: limit, room: room, root: root)
        #expect(throws: FeatureError.self) { try spool.answer(parts + parts, body: body, name: "mars") }
        #expect(isEmpty())
        // Given up in the middle of its making.
        let whole = try part(small.service.layers[0])
        #expect(throws: FeatureError.stopped) {
            try QueryPatience(seconds: 0).with { try spool.answer([whole], body: body, name: "mars") }
        }
        #expect(isEmpty())
        try room.take(limit)
        // Nothing is made where there is no room, nor where there is no folder.
        #expect(throws: OGCException.self) { try spool.answer(parts, body: body, name: "mars") }
        room.give(limit)
        spool = GeoPackageSpool(limit: limit, room: room, root: root + "/none")
        #expect(throws: OGCException.self) { try spool.answer(parts, body: body, name: "mars") }
        try room.take(limit)
        #expect(isEmpty())
    }
}
