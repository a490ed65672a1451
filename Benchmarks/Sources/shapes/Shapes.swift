import Glibc
import HEALPix
import MOC
import Regions

/// Measures coverages of shapes that Benchmarks/moc/regions.py measures with mocpy and healpix_cxx as well.
///
///     shapes FOLDER    a line for each row: name, tab, least CPU seconds of several repeats
@main
struct Shapes {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: shapes FOLDER")
            exit(2)
        }
        let folder = CommandLine.arguments[1]
        let vertices = try doubles(folder + "/polygons.f64")
        let centres = try doubles(folder + "/cones.f64")
        let polygons = try stride(from: 0, to: vertices.count, by: 16).map { start in
            Region.polygon(
                try SphericalPolygon(
                    (0..<8).map {
                        Direction(lonDeg: vertices[start + 2 * $0], latDeg: vertices[start + 2 * $0 + 1])
                    }))
        }
        let cones = stride(from: 0, to: centres.count, by: 2).compactMap { start in
            Cone(
                centre: Direction(lonDeg: centres[start], latDeg: centres[start + 1]), radiusRad: .pi / 360
            ).map { Region.cone($0) }
        }
        for (name, regions, order) in [
            ("polygons to order 10", polygons, 10), ("polygons to order 14", polygons, 14),
            ("cones to order 14", cones, 14),
        ] {
            guard let order = Order(order) else { continue }
            var least = Double.infinity
            var ranges = 0
            let begun = seconds()
            var repeats = 0
            while repeats < 5 || seconds() - begun < 2 {
                let start = seconds()
                ranges += try MOC(order: order, regions: regions).ranges.count
                least = min(least, seconds() - start)
                repeats += 1
            }
            // What is counted is not thrown away by the compiler.
            if ranges > 0 { print("\(name)\t\(least)") }
        }
    }

    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    static func doubles(_ path: String) throws -> [Double] {
        guard let file = fopen(path, "rb") else { throw Failure.file(path) }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let count = ftell(file) / 8
        rewind(file)
        var values = [Double](repeating: 0, count: count)
        guard fread(&values, 8, count, file) == count else { throw Failure.file(path) }
        return values
    }

    enum Failure: Error { case file(String) }
}
