import Glibc
import PlanetaryFrames
import Rasters

/// A tiny picture in a folder of its own, whose place is said by the input.
struct RasterTarget {
    static let shared = RasterTarget()

    private let folder: String
    private let catalogue: BodyCatalogue

    private init() {
        var template = Array("/tmp/tessera-fuzz-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let catalogue = try? BodyCatalogue.iau2015() else {
            fatalError("no folder under /tmp, or no PROJ database")
        }
        folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        self.catalogue = catalogue
        Self.write(Self.picture, folder + "/map.png")
    }

    /// The text of a world file beside the picture.
    func world(_ bytes: [UInt8]) {
        Self.write(bytes, folder + "/map.wld")
        check(SourceDeclaration(crs: "IAU_2015:49900"))
    }

    /// A coordinate reference system in any spelling.
    func crs(_ text: String) {
        let extent = SourceDeclaration.Extent(west: -180, south: -90, east: 180, north: 90)
        check(SourceDeclaration(crs: text, extent: extent))
        Self.write(Array("0.01\n0\n0\n-0.01\n10\n20\n".utf8), folder + "/map.wld")
        check(SourceDeclaration(crs: text))
    }

    /// What is accepted lies on the sphere.
    private func check(_ declaration: SourceDeclaration) {
        guard
            let source = try? RasterSource(
                opening: folder + "/map.png", declaration: declaration, catalogue: catalogue)
        else { return }
        let grid = source.lattice
        let numbers = [
            grid.firstLongitude, grid.longitudeStep, grid.firstLatitude, grid.latitudeStep, grid.westEdge,
            grid.northEdge, grid.southEdge, source.frame.radiusMetres, source.resolutionMetres,
        ]
        require(numbers.allSatisfy(\.isFinite), "\(numbers)")
        require(grid.longitudeStep > 0 && grid.latitudeStep > 0, "\(grid)")
        require(source.frame.radiusMetres > 0, "radius \(source.frame.radiusMetres)")
        let slack = 2.5 * grid.latitudeStep
        require(grid.northEdge <= 90 + slack && grid.southEdge >= -90 - slack, "\(grid)")
        require(grid.southEdge < grid.northEdge, "\(grid)")
    }

    private static func write(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "wbe") else { fatalError("\(path) cannot be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    /// A grey PNG of 8 x 4 pixels.
    private static let picture: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
        0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x04, 0x08, 0x00, 0x00, 0x00, 0x00, 0x96, 0xA6, 0x21,
        0x2C, 0x00, 0x00, 0x00, 0x2C, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0x60, 0x10, 0x50, 0x30,
        0x70, 0x08, 0x48, 0x28, 0x60, 0x60, 0x14, 0x54, 0x34, 0x74, 0x0C, 0x4C, 0x2C, 0x64, 0x60, 0x12,
        0x52, 0x32, 0x72, 0x0A, 0x4A, 0x2A, 0x62, 0x60, 0x16, 0x56, 0x36, 0x76, 0x0E, 0x4E, 0x2E, 0x06,
        0x00, 0x75, 0x9C, 0x07, 0x31, 0xF2, 0x8E, 0xAC, 0x60, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E,
        0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
}
