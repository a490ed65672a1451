internal import GDAL
internal import Synchronization

/// One condition on geometries, prepared for many of them.
final class SpatialTest: Sendable {
    private enum Kind: Sendable {
        case relation(SpatialRelation, PreparedGeometry, twin: PreparedGeometry?)
        case distance(SphereShape, angle: Double, isBeyond: Bool)
    }

    private let kind: Kind
    /// The boxes outside of which nothing can meet the condition; nil where that tells nothing.
    let boxes: [FeatureBox]?

    init(_ relation: SpatialRelation, _ geometry: Geometry) throws {
        // The other side of longitude 180 is the same place, and another one in the plane.
        let twin = relation == .intersects || relation == .disjoint ? geometry.seamTwin : nil
        kind = .relation(
            relation, try PreparedGeometry(WellKnownBinary.bytes(of: geometry)),
            twin: try twin.map { try PreparedGeometry(WellKnownBinary.bytes(of: $0)) })
        boxes = relation == .disjoint ? nil : geometry.partBoxes + (twin?.partBoxes ?? [])
    }

    /// - Parameter mostArcs: how many arcs the geometry may be put together of.
    init(
        _ distance: GroundDistance, _ geometry: Geometry, isBeyond: Bool,
        mostArcs: Int = SphereShape.mostArcs
    ) throws {
        kind = .distance(
            try SphereShape(asked: geometry, most: mostArcs), angle: distance.angle, isBeyond: isBeyond)
        boxes = isBeyond ? nil : geometry.partBoxes.flatMap { $0.grown(by: distance.angle) }
    }

    /// How many arcs its geometry is put together of; none but for distances.
    var arcCount: Int { if case .distance(let shape, _, _) = kind { shape.arcCount } else { 0 } }

    /// Whether the geometry of a GeoPackage's blob meets the condition.
    func holds(_ blob: [UInt8]) throws -> Bool {
        guard let box = GeoPackageGeometry.box(blob.span), let start = GeoPackageGeometry.bodyStart(blob.span)
        else { return false }
        switch kind {
        case .relation(let relation, let prepared, let twin):
            if let boxes, !boxes.contains(where: { $0.meets(box) }) { return false }
            return try Self.holds(relation, prepared, twin, blob[start...])
        case .distance(let shape, let angle, let isBeyond):
            guard let geometry = GeoPackageGeometry.geometry(blob.span) else { return false }
            return try shape.isWithin(angle, of: geometry, wkb: blob[start...]) != isBeyond
        }
    }

    private static func holds(
        _ relation: SpatialRelation, _ prepared: PreparedGeometry, _ twin: PreparedGeometry?,
        _ wkb: ArraySlice<UInt8>
    ) throws -> Bool {
        // GEOS compares no collections of mixed geometries, or only the parts of the most dimensions.
        if isCollection(wkb), case .collection(let parts) = try WellKnownBinary.read(wkb.span).geometry {
            func test(_ part: Geometry) throws -> Bool {
                try holds(relation, prepared, twin, WellKnownBinary.bytes(of: part)[...])
            }
            switch relation {
            case .within, .disjoint: return try parts.allSatisfy(test)
            default: return try parts.contains(where: test)
            }
        }
        switch relation {
        case .intersects:
            return try prepared.holds(.intersects, for: wkb) || twin?.holds(.intersects, for: wkb) ?? false
        case .disjoint:
            return try !prepared.holds(.intersects, for: wkb)
                && !(twin?.holds(.intersects, for: wkb) ?? false)
        default: return try prepared.holds(relation.prepared, for: wkb)
        }
    }

    /// Whether well-known binary of either order of bytes holds a collection.
    private static func isCollection(_ wkb: ArraySlice<UInt8>) -> Bool {
        guard wkb.count > 5, let order = wkb.first else { return false }
        return wkb[wkb.startIndex + (order == 1 ? 1 : 4)] == 7
    }
}

extension SpatialRelation {
    fileprivate var prepared: PreparedGeometry.Relation {
        switch self {
        case .intersects, .disjoint: .intersects
        case .within: .within
        case .contains: .contains
        case .touches: .touches
        case .overlaps: .overlaps
        case .crosses: .crosses
        case .equals: .equals
        }
    }
}

/// The spatial conditions of the queries that run now, each under the number that its statement binds.
final class SpatialTests: Sendable {
    private let running = Mutex<(next: Int64, tests: [Int64: SpatialTest])>((1, [:]))

    /// Keeps a condition until it is forgotten.
    func add(_ test: SpatialTest) -> Int64 {
        running.withLock {
            let number = $0.next
            $0.next += 1
            $0.tests[number] = test
            return number
        }
    }

    func forget(_ numbers: [Int64]) {
        guard !numbers.isEmpty else { return }
        running.withLock { for number in numbers { $0.tests[number] = nil } }
    }

    subscript(number: Int64) -> SpatialTest? { running.withLock { $0.tests[number] } }
}
