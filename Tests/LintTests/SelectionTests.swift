import HEALPix
import HiPS
import MOC
import Testing
import Tiles

@testable import Lint

/// Which tiles are in a sample.
@Suite struct SelectionTests {
    private func subject(order: Int, _ moc: MOC?) throws -> Subject {
        Subject(
            properties: try HiPSProperties(parsing: "hips_order = \(order)"), orderMin: .zero,
            order: Order(order)!,
            width: 512, formats: [.png], moc: moc, comparedOrder: nil)
    }

    @Test func holdsTheFirstOrdersAndAllAncestors() throws {
        let subject = try subject(order: 9, nil)
        guard case .sample(let cells) = Selection.sample(of: subject, leaves: 30) else { return }
        #expect(cells.count { $0.order.value == 0 } == 12)
        #expect(cells.count { $0.order.value == 1 } == 48)
        #expect(cells.count { $0.order.value == 9 } == 30)
        #expect(cells.contains(Cell(order: 9, npix: 0)!))
        #expect(cells.contains(Cell(order: 9, npix: 12 * 262_144 - 1)!))
        #expect(cells.allSatisfy { cell in cell.parent.map { cells.contains($0) } ?? true })
    }

    @Test func staysInsideTheCoverageAndLooksAtItsEdge() throws {
        // A whole tile of order 4 and a corner of the next one.
        let covered = [Cell(order: 4, npix: 700)!, Cell(order: 8, npix: 701 * 256)!]
        let subject = try subject(order: 4, MOC(order: Order(8)!, cells: covered))
        guard case .sample(let cells) = Selection.sample(of: subject, leaves: 10) else { return }
        #expect(
            cells.filter { $0.order.value == 4 }.sorted() == [
                Cell(order: 4, npix: 700)!, Cell(order: 4, npix: 701)!,
            ])
        #expect(cells.count { $0.order.value == 0 } == 1)
        #expect(cells.allSatisfy { subject.promise($0) == .promised })
        #expect(subject.promise(Cell(order: 4, npix: 702)!) == .excluded)
        #expect(subject.ranges(at: Order(4)!) == [700..<702])
        #expect(subject.ranges(at: Order(5)!) == [2800..<2805])
        #expect(subject.promise(Cell(order: 9, npix: 700 << 10)!) == .open)
    }
}
