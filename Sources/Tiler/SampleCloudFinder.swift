internal import Glibc

/// Finds the samples around a place on both sides of a tear.
///
/// Places all around the middle are projected, which leads to every part of the file that has samples there. The samples of
/// one part form a lattice, sheared in the file: its shortest steps on the ground may be one column, and one row with many
/// columns. By such steps the others of that part are reached.
final class SampleCloudFinder {
    let places: SamplePlaces
    private var seen: Set<Int> = []
    private var waiting: [(column: Int, row: Int)] = []

    /// Distance of the places that are projected, in samples.
    private static let spacing = 0.8

    init(_ places: SamplePlaces) {
        self.places = places
    }

    /// The steps between the samples of a part of the file, as short as they can be on the ground.
    private struct Lattice {
        var first: (step: SIMD2<Double>, columns: Int, rows: Int)
        var second: (step: SIMD2<Double>, columns: Int, rows: Int)
    }

    /// The samples of the file around a direction.
    ///
    /// - Parameters:
    ///   - centre: a unit vector in the map's own longitudes.
    ///   - others: further directions, each of which has to have its samples in the cloud.
    /// - Returns: nil where the map does not show the centre, or no sample is near.
    func cloud(about centre: SIMD3<Double>, others: [SIMD3<Double>]) -> SampleCloud? {
        let radians = PixelPlane(centre: centre)
        guard let own = lattice(around: radians) else { return nil }
        let plane = radians.scaled(step: own.first.step, other: own.second.step)
        var reach = 0.0
        for other in others {
            guard let place = plane.place(of: other) else { return nil }
            reach = max(reach, (place * place).sum())
        }
        let radius = ScatteredFit.radius + reach.squareRoot()
        seen.removeAll(keepingCapacity: true)
        var cloud = SampleCloud(plane: plane)
        let most = Int(radius / Self.spacing)
        for y in -most...most {
            for x in -most...most {
                let place = SIMD2(Double(x), Double(y)) * Self.spacing
                guard (place * place).sum() < radius * radius,
                    let start = nearest(to: plane.direction(of: place)), isNew(start, radius, plane)
                else { continue }
                collect(from: start, lattice(at: start, radians), radius, into: &cloud)
            }
        }
        return cloud.members.isEmpty ? nil : cloud
    }

    private func isNew(_ sample: (column: Int, row: Int), _ radius: Double, _ plane: PixelPlane) -> Bool {
        guard !seen.contains(key(sample.column, sample.row)),
            let at = places.place(column: sample.column, row: sample.row).flatMap(plane.place)
        else { return false }
        return (at * at).sum() < radius * radius
    }

    private func key(_ column: Int, _ row: Int) -> Int { row << 32 + column }

    /// The sample at a direction's place in the file, or the nearest one of those around it if the map does not show that.
    private func nearest(to p: SIMD3<Double>) -> (column: Int, row: Int)? {
        guard let position = places.position(p) else { return nil }
        let (column, row) = (Int(position.column.rounded()), Int(position.row.rounded()))
        if places.place(column: column, row: row) != nil { return (column, row) }
        var best: (column: Int, row: Int)?
        var least = Double.infinity
        for r in (row - 2)...(row + 2) {
            for c in (column - 2)...(column + 2) {
                guard let place = places.place(column: c, row: r) else { continue }
                let offset = place - p
                let distance = (offset * offset).sum()
                if distance < least { (least, best) = (distance, (c, r)) }
            }
        }
        return best
    }

    /// The lattice that the projection makes of the samples at a place, whether one lies there or not.
    private func lattice(around radians: PixelPlane) -> Lattice? {
        let step = places.sampleRad / 4
        guard let here = places.position(radians.centre) else { return nil }
        /// How column and row change along a tangent, on the side where they do not jump.
        func change(_ tangent: SIMD2<Double>) -> SIMD2<Double>? {
            let ways = [step, -step].compactMap { step in
                places.position(radians.direction(of: tangent * step)).map {
                    SIMD2($0.column - here.column, $0.row - here.row) / step
                }
            }
            return ways.min { ($0 * $0).sum() < ($1 * $1).sum() }
        }
        guard let east = change(SIMD2(1, 0)), let north = change(SIMD2(0, 1)) else { return nil }
        let determinant = east.x * north.y - east.y * north.x
        guard determinant.isNormal else { return nil }
        return reduced(
            SIMD2(north.y, -east.y) / determinant, SIMD2(-north.x, east.x) / determinant)
    }

    /// The lattice about a sample; nil where the sample has no neighbour on the map in one of the two directions.
    private func lattice(at sample: (column: Int, row: Int), _ radians: PixelPlane) -> Lattice? {
        let (column, row) = sample
        func place(_ columns: Int, _ rows: Int) -> SIMD2<Double>? {
            places.place(column: column + columns, row: row + rows).flatMap(radians.place)
        }
        guard let origin = place(0, 0),
            let across = place(1, 0).map({ $0 - origin }) ?? place(-1, 0).map({ origin - $0 }),
            let down = place(0, 1).map({ $0 - origin }) ?? place(0, -1).map({ origin - $0 })
        else { return nil }
        return reduced(across, down)
    }

    /// The shortest steps of the lattice of two steps: Lagrange's reduction.
    private func reduced(_ column: SIMD2<Double>, _ row: SIMD2<Double>) -> Lattice? {
        var lattice = Lattice(first: (column, 1, 0), second: (row, 0, 1))
        for _ in 0..<64 {
            let (a, b) = (lattice.first, lattice.second)
            if (b.step * b.step).sum() < (a.step * a.step).sum() {
                (lattice.first, lattice.second) = (b, a)
            }
            let square = (lattice.first.step * lattice.first.step).sum()
            guard square > 0 else { return nil }
            let times = ((lattice.first.step * lattice.second.step).sum() / square).rounded()
            if times == 0 { break }
            guard abs(times) < 1e6 else { return nil }
            lattice.second.step -= lattice.first.step * times
            lattice.second.columns -= lattice.first.columns * Int(times)
            lattice.second.rows -= lattice.first.rows * Int(times)
        }
        let (u, v) = (lattice.first.step, lattice.second.step)
        return abs(u.x * v.y - u.y * v.x) > 1e-3 * (u * u).sum() ? lattice : nil
    }

    /// Adds the samples within a radius that are reached by the steps of a lattice.
    private func collect(
        from start: (column: Int, row: Int), _ lattice: Lattice?, _ radius: Double,
        into cloud: inout SampleCloud
    ) {
        var steps = [(1, 0), (-1, 0)]
        if let lattice {
            let (u, v) = (lattice.first, lattice.second)
            steps += [(u.columns, u.rows), (-u.columns, -u.rows), (v.columns, v.rows), (-v.columns, -v.rows)]
        }
        waiting.removeAll(keepingCapacity: true)
        waiting.append(start)
        while let (column, row) = waiting.popLast() {
            guard let at = places.place(column: column, row: row).flatMap(cloud.plane.place),
                (at * at).sum() < radius * radius, seen.insert(key(column, row)).inserted
            else { continue }
            if places.isInFile(column: column, row: row) {
                cloud.members.append(.init(column: column, row: row, x: at.x, y: at.y))
            }
            for step in steps { waiting.append((column + step.0, row + step.1)) }
        }
    }
}
