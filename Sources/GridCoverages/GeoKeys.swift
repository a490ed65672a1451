internal import GDAL
internal import Maps
internal import PlanetaryFrames
internal import Synchronization

/// The GeoKeys of a system (OGC 19-008r4, 7.1): user-defined, with the radii and the projection of the body.
struct GeoKeys: Sendable {
    /// GeoKeyDirectoryTag, GeoDoubleParamsTag and GeoAsciiParamsTag as they lie in a file, with their types and counts.
    let tags: [TIFFTag]
    /// The system as GDAL reads it.
    let wkt: String

    static let directory: UInt16 = 34735
    static let doubles: UInt16 = 34736
    static let texts: UInt16 = 34737

    /// Has GDAL write the keys, which takes it ten times as long as an answer may take.
    init(_ crs: MapCRS) throws(CoverageError) {
        try Self.check(crs)
        wkt = crs.frame.wkt2
        let path = "/vsimem/tessera-geokeys-\(crs.body.naifCode)-\(crs.identifier.code)-\(Self.number()).tif"
        defer { _ = try? VirtualFile.remove(path) }
        do throws(GDALError) {
            let writer = try RasterWriter(
                creating: path, driver: "GTiff", width: 1, height: 1, bands: 1, type: .uint8,
                geoTransform: [0, 1, 0, 0, 0, -1], crs: wkt)
            try writer.close()
            guard let bytes = try VirtualFile.read(path, atMost: 1 << 20) else {
                throw GDALError(operation: "read", path: path, message: "it was not written")
            }
            tags = TIFFTag.read(bytes).filter {
                [Self.directory, Self.doubles, Self.texts].contains($0.number)
            }
        } catch {
            throw .writing(reason: "GDAL cannot write GeoKeys of \(crs.identifier): \(error.message)")
        }
        guard tags.contains(where: { $0.number == Self.directory }) else {
            throw .unsupportedFormat(
                found: "a GeoTIFF in \(crs.identifier)",
                reason: "there are no GeoKeys for it; \(Self.remedy(crs))")
        }
    }

    private static let counter = Atomic(0)

    private static func number() -> Int { counter.add(1, ordering: .relaxed).newValue }

    /// Refuses what a GeoTIFF cannot say, and would therefore say wrongly.
    private static func check(_ crs: MapCRS) throws(CoverageError) {
        func refuse(_ reason: String) -> CoverageError {
            .unsupportedFormat(
                found: "a GeoTIFF in \(crs.identifier)", reason: "\(reason); \(remedy(crs))")
        }
        let frame = crs.frame
        if frame.longitudeSense == .west {
            throw refuse("GeoKeys cannot say that longitudes grow to the west")
        }
        if frame.latitudeKind == .planetocentric, frame.radiusMetres != frame.polarRadiusMetres {
            throw refuse("GeoKeys cannot say that latitudes on an ellipsoid are planetocentric")
        }
        if crs.metresPerUnit != frame.metresPerUnit {
            throw refuse("its metres are those of the Earth")
        }
    }

    private static func remedy(_ crs: MapCRS) -> String {
        "ask for \(crs.body.iauCode(10)) or \(crs.body.iauCode(0))"
    }
}

/// The keys of the systems that were asked for.
final class GeoKeyCache: Sendable {
    private struct Key: Hashable {
        let crs: MapCRS
        let definition: String
    }

    private let known = Mutex<[Key: GeoKeys]>([:])
    private static let most = 500

    func keys(of crs: MapCRS) throws(CoverageError) -> GeoKeys {
        let key = Key(crs: crs, definition: crs.frame.wkt2)
        if let found = known.withLock({ $0[key] }) { return found }
        let made = try GeoKeys(crs)
        known.withLock {
            if $0.count >= Self.most { $0.removeAll() }
            $0[key] = made
        }
        return made
    }
}
