internal import FoundationEssentials
internal import GRDB

/// The functions that a GeoPackage's triggers call, and those that queries call.
enum GeometryFunctions {
    static func register(in db: Database, _ tests: SpatialTests) {
        db.add(function: edge("ST_MinX") { $0.minX })
        db.add(function: edge("ST_MaxX") { $0.maxX })
        db.add(function: edge("ST_MinY") { $0.minY })
        db.add(function: edge("ST_MaxY") { $0.maxY })
        db.add(
            function: DatabaseFunction("ST_IsEmpty", argumentCount: 1, pure: true) { values in
                box(values[0]) == nil
            })
        db.add(
            function: DatabaseFunction("tessera_meets", argumentCount: 5, pure: true) { values in
                try checkPatience()
                guard let box = box(values[0]) else { return false }
                let sides = values[1...].map { Double.fromDatabaseValue($0) ?? .nan }
                return box.meets(FeatureBox(minX: sides[0], minY: sides[1], maxX: sides[2], maxY: sides[3]))
            })
        db.add(
            function: DatabaseFunction("tessera_holds", argumentCount: 2) { values in
                try checkPatience()
                guard case .blob(let data) = values[0].storage else { return false }
                // Statements run while their conditions are kept.
                guard let test = Int64.fromDatabaseValue(values[1]).flatMap({ tests[$0] }) else { return nil }
                return try test.holds([UInt8](data))
            })
        db.add(
            function: DatabaseFunction("tessera_fold", argumentCount: 1, pure: true) { values in
                try checkPatience()
                return String.fromDatabaseValue(values[0])?.lowercased()
            })
    }

    /// Ends the statement that calls a function when its query is to end.
    private static func checkPatience() throws {
        guard QueryPatience.current?.isOver == true else { return }
        throw DatabaseError(resultCode: .SQLITE_INTERRUPT, message: "the query was stopped")
    }

    private static func edge(_ name: String, _ side: @escaping @Sendable (FeatureBox) -> Double)
        -> DatabaseFunction
    {
        DatabaseFunction(name, argumentCount: 1, pure: true) { values in box(values[0]).map(side) }
    }

    private static func box(_ value: DatabaseValue) -> FeatureBox? {
        guard case .blob(let data) = value.storage else { return nil }
        let bytes = [UInt8](data)
        return GeoPackageGeometry.box(bytes.span)
    }
}
