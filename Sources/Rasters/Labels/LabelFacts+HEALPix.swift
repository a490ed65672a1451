internal import FITS
internal import PlanetaryFrames

/// A raster in the plane of the HEALPix projection with H = 4 and K = 3 (Calabretta & Roukema 2007, MNRAS 381, 865).
///
/// The plane is that of PROJ's `healpix`, but in degrees: x is -180 to 180, y is 45 where the facets towards a pole begin
/// and 90 at the pole. Its rows and columns usually run along the sides of the facets, 45 degrees against x and y.
struct HEALPixPlane: Sendable, Equatable {
    /// East longitude of the middle of the plane in degrees.
    let centreDegrees: Double
    /// From columns and rows as GDAL gives them to degrees in the plane, in GDAL's order of six.
    let transformDegrees: [Double]
    /// The radius that the header states in metres.
    let radiusMetres: Double?

    /// The system as a PROJ string.
    func definition(radiusMetres: Double) -> String {
        "+proj=healpix +lon_0=\(centreDegrees) +R=\(radiusMetres) +units=m +no_defs +type=crs"
    }

    /// From columns and rows to metres.
    func transform(radiusMetres: Double) -> [Double] {
        transformDegrees.map { $0 * .pi / 180 * radiusMetres }
    }
}

/// The matrix from pixels to degrees in the plane of the projection (FITS 4.0, section 8.1).
struct FITSPixelMatrix {
    private let values: [Double]

    /// CD where the header has one, else CDELT times PC, or turned by CROTA2 where there is no PC.
    ///
    /// - Parameter units: degrees in the units of both axes (`CUNIT1` and `CUNIT2`).
    init(_ cards: [FITSCard], units: (first: Double, second: Double)) {
        func number(_ keyword: String, _ missing: Double) -> Double { cards.real(keyword) ?? missing }
        let indices = [(1, 1), (1, 2), (2, 1), (2, 2)]
        if indices.contains(where: { cards["CD\($0)_\($1)"] != nil }) {
            values = indices.map { number("CD\($0)_\($1)", 0) * ($0 == 1 ? units.first : units.second) }
            return
        }
        let steps = (number("CDELT1", 1) * units.first, number("CDELT2", 1) * units.second)
        var turn = [1.0, 0, 0, 1]
        if indices.contains(where: { cards["PC\($0)_\($1)"] != nil }) {
            turn = indices.map { number("PC\($0)_\($1)", $0 == $1 ? 1 : 0) }
        } else if let angle = cards.real("CROTA2"), angle != 0 {
            let (c, s) = (cosineOfDegrees(angle), cosineOfDegrees(angle - 90))
            // The old keyword turns before it scales: Calabretta & Greisen 2002, section 6.1.
            turn = [c, -s * steps.1 / steps.0, s * steps.0 / steps.1, c]
        }
        values = [steps.0 * turn[0], steps.0 * turn[1], steps.1 * turn[2], steps.1 * turn[3]]
    }

    /// Degrees along axis `i` per pixel along axis `j`, both counted from 1.
    subscript(_ i: Int, _ j: Int) -> Double { values[2 * (i - 1) + j - 1] }
}

extension LabelFacts {
    /// The world coordinates of a map in HPX.
    mutating func readHEALPix(_ cards: [FITSCard], units: (first: Double, second: Double), rows: Int) {
        func number(_ keyword: String, _ missing: Double) -> Double { cards.real(keyword) ?? missing }
        let (facets, layers) = (number("PV2_1", 4), number("PV2_2", 3))
        guard facets == 4, layers == 3 else {
            refusal = (
                "it is a map in HPX with H = \(facets) and K = \(layers) (PV2_1 and PV2_2)",
                "expected 4 and 3, the HEALPix grid; resample it first, for instance with reproject"
            )
            return
        }
        guard number("CRVAL2", 0) == 0, number("LATPOLE", 90) > 0, number("PV1_1", 0) == 0,
            number("PV1_2", 0) == 0
        else {
            refusal = (
                "its HEALPix grid is turned against the body's equator (CRVAL2, LATPOLE or PV1_1 and PV1_2)",
                "expected CRVAL2 = 0; resample it first, for instance with reproject"
            )
            return
        }
        let matrix = FITSPixelMatrix(cards, units: units)
        let determinant = matrix[1, 1] * matrix[2, 2] - matrix[1, 2] * matrix[2, 1]
        let (firstColumn, firstRow) = (0.5 - number("CRPIX1", 0), Double(rows) + 0.5 - number("CRPIX2", 0))
        // Rows as GDAL gives them are those of the file from the last to the first.
        let transform = [1, 2].flatMap {
            [matrix[$0, 1] * firstColumn + matrix[$0, 2] * firstRow, matrix[$0, 1], -matrix[$0, 2]]
        }
        guard determinant != 0, determinant.isFinite, transform.allSatisfy(\.isFinite) else {
            refusal = (
                "its header gives pixels without an area", "mend CDELT1, CDELT2 and the PC or CD matrix"
            )
            return
        }
        let radius = readBody(cards)
        healpix = HEALPixPlane(
            centreDegrees: number("CRVAL1", 0) * units.first, transformDegrees: transform,
            radiusMetres: radius)
        believe(
            .grid, "HEALPix in the plane, pixels of \(abs(determinant).squareRoot()) degrees",
            from: "CRPIX, CRVAL, CDELT and PC or CD of the header")
    }
}
