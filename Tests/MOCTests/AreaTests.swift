import HEALPix
import MOC
import Testing

@Suite struct AreaTests {
    @Test func areasAgreeWithSumsAndClosedForms() throws {
        let rows = try Tables.rows("areas.txt")
        #expect(rows.count == 246)
        for row in rows {
            let axes = row[0].split(separator: " ").map { Double($0)! }
            let surface = try #require(SurfaceArea(aMetres: axes[0], bMetres: axes[1], cMetres: axes[2]))
            let expected = Double(row[2])!
            if row[1] == "all" {
                let whole = MOC(order: .zero, cells: Cell.bases).squareKilometres(on: surface)
                #expect(abs(whole / expected - 1) < 2e-11, "\(row) gives \(whole)")
            } else {
                let parts = row[1].split(separator: "/")
                let cell = try #require(Cell(order: Int(parts[0])!, npix: Int64(parts[1])!))
                let area = surface.squareKilometres(cell)
                #expect(abs(area / expected - 1) < 2e-9, "\(row) gives \(area)")
            }
        }
    }

    @Test func cellsAddUpToTheirParents() throws {
        var random = Randomness(6)
        for axes in [(3_396_190.0, 3_396_190.0, 3_376_200.0), (13000, 11400, 9100)] {
            let surface = try #require(SurfaceArea(aMetres: axes.0, bMetres: axes.1, cMetres: axes.2))
            for _ in 0..<300 {
                let order = Int.random(in: 4...20, using: &random)
                let npix = Int64.random(in: 0..<Order(order)!.cellCount, using: &random)
                let cell = try #require(Cell(order: order, npix: npix))
                let sum = cell.children.reduce(0) { $0 + surface.squareKilometres($1) }
                #expect(abs(sum / surface.squareKilometres(cell) - 1) < 1e-9, "\(cell)")
            }
        }
    }

    @Test func marsHasItsPublishedSurface() throws {
        let whole = MOC(order: Order(3)!, cells: Cell.bases)
        let ellipsoid = try #require(SurfaceArea(aMetres: 3_396_190, bMetres: 3_396_190, cMetres: 3_376_200))
        #expect(abs(whole.squareKilometres(on: ellipsoid) - 144.373e6) < 0.001e6)
        let sphere = try #require(SurfaceArea(radiusMetres: 3_396_190))
        #expect(abs(whole.squareKilometres(on: sphere) - 144.942e6) < 0.001e6)
        #expect(MOC(order: Order(3)!).squareKilometres(on: ellipsoid) == 0)
    }

    @Test(arguments: [(0.0, 1.0, 1.0), (1, -1, 1), (1, 1, .nan), (.infinity, 1, 1)])
    func noSurfaceWithoutAxes(_ a: Double, _ b: Double, _ c: Double) {
        #expect(SurfaceArea(aMetres: a, bMetres: b, cMetres: c) == nil)
    }
}
