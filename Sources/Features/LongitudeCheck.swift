internal import Glibc

/// Compares the numbers in columns of longitudes with the points that the features are at.
struct LongitudeCheck {
    private struct Count {
        var east = 0
        var west = 0
        var other = 0
        var beyond = 0
    }

    private let columns: [(index: Int, name: String)]
    private var counts: [Count]

    init(_ columns: [FeatureColumn], leavingOut place: Int?) {
        self.columns = columns.enumerated().filter {
            $0.offset != place && ($0.element.kind == .real || $0.element.kind == .integer)
                && ImportColumns.saysLongitude($0.element.name)
        }
        .map { ($0.offset, $0.element.name) }
        counts = Array(repeating: Count(), count: self.columns.count)
    }

    mutating func add(_ geometry: Geometry?, _ values: [FeatureValue]) {
        guard !columns.isEmpty, case .point(let place) = geometry else { return }
        for (number, column) in columns.enumerated() {
            let value: Double
            switch values[column.index] {
            case .real(let real): value = real
            case .integer(let integer): value = Double(integer)
            default: continue
            }
            // Near the meridians 0 and 180 both senses say the same.
            if abs(remainder(2 * place.x, 360)) < 0.1 { continue }
            if abs(remainder(value - place.x, 360)) < 0.05 {
                counts[number].east += 1
                if abs(value - place.x) > 180 { counts[number].beyond += 1 }
            } else if abs(remainder(value + place.x, 360)) < 0.05 {
                counts[number].west += 1
            } else {
                counts[number].other += 1
            }
        }
    }

    /// One sentence for each column that does not say what the geometry says.
    var remarks: [String] {
        zip(columns, counts).compactMap { column, count in
            let all = count.east + count.west + count.other
            if count.west > 0, count.west >= count.east {
                return
                    "the column \(column.name) counts longitudes to the west in \(count.west) of \(all) features; "
                    + "it is kept as it is, and the geometry is east-positive"
            }
            if count.beyond > 0 {
                return
                    "the column \(column.name) counts longitudes beyond 180 in \(count.beyond) features; it is kept "
                    + "as it is"
            }
            return nil
        }
    }
}
