import HEALPix
import MOC
import Testing

@Suite struct PositionTests {
    private func radians(_ text: String) -> (lon: [Double], lat: [Double]) {
        let pairs = text.split(separator: " ").map {
            $0.split(separator: ",").map { Double($0)! * .pi / 180 }
        }
        return (pairs.map { $0[0] }, pairs.map { $0[1] })
    }

    @Test func positionsAreTheCellsOfMocpy() throws {
        let rows = try Tables.rows("positions.txt")
        #expect(rows.count == 48)
        for row in rows {
            let (lon, lat) = radians(row[1])
            let moc = try MOC(order: Order(Int(row[0])!)!, lonRad: lon.span, latRad: lat.span)
            #expect(moc.ascii == row[2])
            #expect(try moc.contains(lonRad: lon.span, latRad: lat.span).allSatisfy { $0 })
        }
    }

    @Test func manyAnswersAreTheSingleOnes() throws {
        var random = Randomness(7)
        for round in 0..<60 {
            var moc = random.moc(deepest: 12)
            if round % 3 == 0 { moc = moc.complement }
            // So few positions for so many ranges that there is no directory, and the other way round.
            let count = round % 2 == 0 ? 3000 : 1
            let lon = (0..<count).map { _ in Double.random(in: -7...13, using: &random) }
            let lat = (0..<count).map { _ in Double.random(in: -.pi / 2 ... .pi / 2, using: &random) }
            let answers = try moc.contains(lonRad: lon.span, latRad: lat.span)
            for index in lon.indices {
                let direction = Direction(lonRad: lon[index], latRad: lat[index])
                #expect(answers[index] == moc.contains(direction))
            }
        }
    }

    @Test func numbersInAnySequence() throws {
        var random = Randomness(8)
        for order in [0, 5, 11, 29] {
            let count = Order(order)!.cellCount
            for size in [0, 1, 200, 5000] {
                let numbers = (0..<size).map { _ in Int64.random(in: 0..<min(count, 9000), using: &random) }
                let moc = try MOC(order: Order(order)!, numbers: numbers)
                #expect(
                    moc == MOC(order: Order(order)!, cells: numbers.map { Cell(order: order, npix: $0)! }))
            }
        }
        #expect(throws: MOCError.cell(order: 1, npix: 48)) { try MOC(order: Order(1)!, numbers: [3, 48]) }
    }

    @Test(arguments: [(Double.nan, 0.0), (0, .nan), (.infinity, 0), (0, 1.6), (1, -1.5708)])
    func whatIsNoPositionIsNamed(_ lon: Double, _ lat: Double) throws {
        let (lons, lats) = ([0, 1, lon], [0, 1, lat])
        let moc = MOC(order: Order(3)!, cells: Cell.bases)
        for work in [
            { _ = try MOC(order: Order(3)!, lonRad: lons.span, latRad: lats.span) },
            { _ = try moc.contains(lonRad: lons.span, latRad: lats.span) },
        ] {
            let error = #expect(throws: MOCError.self, performing: work)
            #expect(error?.description.hasPrefix("Position 3 is none") == true)
        }
    }
}
