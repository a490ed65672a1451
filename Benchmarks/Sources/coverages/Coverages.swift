import FITS
import Glibc
import HEALPix
import MOC

/// Measures the operations on coverages that Benchmarks/moc/run.py measures with mocpy and healpix_cxx as well.
///
///     coverages FOLDER [ROW]       a line for each row: name, tab, least CPU seconds of many repeats
///     coverages FOLDER --memory ROW    name, tab, bytes of growth for each range in and out, nan where none are counted
@main
struct Coverages {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: coverages FOLDER [ROW | --memory ROW]")
            exit(2)
        }
        let inputs = try Inputs(folder: arguments[1])
        if arguments.count == 4, arguments[2] == "--memory" {
            for row in Rows.all(inputs) where row.name == arguments[3] {
                let (growth, result) = try Memory.growth(row.work)
                let ranges = row.ranges + result
                print("\(row.name)\t\(row.ranges > 0 ? Double(growth) / Double(ranges) : .nan)")
            }
        } else {
            let only = arguments.count == 3 ? arguments[2] : nil
            for row in Rows.all(inputs) where only ?? row.name == row.name {
                print("\(row.name)\t\(try Processor.least(row.work))")
            }
        }
    }
}

/// What all programs read, made by run.py.
struct Inputs {
    let folder: String
    let lonDeg: [Double]
    let latDeg: [Double]
    let first: MOC
    let second: MOC

    init(folder: String) throws {
        self.folder = folder
        lonDeg = try Files.doubles(folder + "/lon.f64")
        latDeg = try Files.doubles(folder + "/lat.f64")
        first = try MOC(fits: try Files.read(folder + "/a.fits"))
        second = try MOC(fits: try Files.read(folder + "/b.fits"))
    }
}

/// One operation.
struct Row {
    let name: String
    /// Ranges of the inputs, 0 for what is not counted.
    let ranges: Int
    /// Runs it and says how many ranges the result has.
    let work: () throws -> Int
}

enum Rows {
    static func all(_ inputs: Inputs) -> [Row] {
        let (a, b) = (inputs.first, inputs.second)
        let both = a.ranges.count + b.ranges.count
        let order = Order(18)!
        return [
            Row(name: "positions to order 18", ranges: 0) {
                let lonRad = inputs.lonDeg.map { $0 * (.pi / 180) }
                let latRad = inputs.latDeg.map { $0 * (.pi / 180) }
                return try MOC(order: order, lonRad: lonRad.span, latRad: latRad.span).ranges.count
            },
            Row(name: "union", ranges: both) { a.union(b).ranges.count },
            Row(name: "intersection", ranges: both) { a.intersection(b).ranges.count },
            Row(name: "difference", ranges: both) { a.difference(b).ranges.count },
            Row(name: "symmetric difference", ranges: both) { a.symmetricDifference(b).ranges.count },
            Row(name: "complement", ranges: a.ranges.count) { a.complement.ranges.count },
            Row(name: "degrade to order 9", ranges: a.ranges.count) {
                a.degraded(to: Order(9)!).ranges.count
            },
            Row(name: "grow by a ring", ranges: a.ranges.count) { try a.grown().ranges.count },
            Row(name: "look up 1M points", ranges: a.ranges.count) {
                let lonRad = inputs.lonDeg.map { $0 * (.pi / 180) }
                let latRad = inputs.latDeg.map { $0 * (.pi / 180) }
                _ = try a.contains(lonRad: lonRad.span, latRad: latRad.span)
                return 0
            },
            Row(name: "FITS RANGE save", ranges: a.ranges.count) {
                let bytes = try MOCDocument(.space(a)).encoded(as: .fitsRange)
                try Files.write(bytes, inputs.folder + "/ours.fits")
                return 0
            },
            Row(name: "FITS RANGE load", ranges: a.ranges.count) {
                try MOC(fits: try Files.read(inputs.folder + "/a.fits")).ranges.count
            },
            Row(name: "FITS NUNIQ save", ranges: a.ranges.count) {
                try Files.write(try a.fits(), inputs.folder + "/ours-nuniq.fits")
                return 0
            },
            Row(name: "FITS NUNIQ load", ranges: a.ranges.count) {
                try MOC(fits: try Files.read(inputs.folder + "/a-nuniq.fits")).ranges.count
            },
        ]
    }
}
