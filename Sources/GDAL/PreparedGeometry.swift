internal import CGDAL
internal import Synchronization

/// A geometry in the plane that many others are compared with, by the GEOS library in GDAL.
public final class PreparedGeometry: Sendable {
    /// How another geometry lies to this one (OGC 06-103r4, 6.1.15.3).
    public enum Relation: Sendable, Hashable {
        case intersects
        /// The other one lies in this one.
        case within
        /// This one lies in the other one.
        case contains
        case touches
        case overlaps
        case crosses
        /// Both are the same points, whatever their vertices.
        case equals
    }

    /// Safe: used under the lock alone, and by the last owner.
    private struct Handles: @unchecked Sendable {
        let geometry: OGRGeometryH
        let prepared: OGRPreparedGeometryH
    }

    private let own: Handles
    /// One thread at a time compares: the index of a prepared geometry grows while it is used.
    private let lock = Mutex(())

    /// Prepares a geometry.
    /// - Throws: ``GDALError`` for bytes that are no well-known binary.
    public init(_ wkb: [UInt8]) throws(GDALError) {
        let geometry = try VectorGeometry.read(wkb[...])
        let (prepared, message) = capturingMessages { OGRCreatePreparedGeometry(geometry) }
        guard let prepared else {
            OGR_G_DestroyGeometry(geometry)
            throw VectorGeometry.failure("prepare", message)
        }
        own = Handles(geometry: geometry, prepared: prepared)
    }

    deinit {
        OGRDestroyPreparedGeometry(own.prepared)
        OGR_G_DestroyGeometry(own.geometry)
    }

    /// Whether another geometry lies to this one in some way.
    /// - Throws: ``GDALError`` for bytes that are no geometry, and for pairs that GEOS cannot compare.
    public func holds(_ relation: Relation, for wkb: ArraySlice<UInt8>) throws(GDALError) -> Bool {
        let other = try VectorGeometry.read(wkb)
        defer { OGR_G_DestroyGeometry(other) }
        let (result, message) = capturingMessages {
            lock.withLock { _ -> Bool in
                switch relation {
                case .intersects: OGRPreparedGeometryIntersects(own.prepared, other) != 0
                case .within: OGRPreparedGeometryContains(own.prepared, other) != 0
                case .contains: OGR_G_Contains(other, own.geometry) != 0
                case .touches: OGR_G_Touches(other, own.geometry) != 0
                case .overlaps: OGR_G_Overlaps(other, own.geometry) != 0
                case .crosses: OGR_G_Crosses(other, own.geometry) != 0
                case .equals:
                    OGR_G_Within(other, own.geometry) != 0 && OGR_G_Within(own.geometry, other) != 0
                }
            }
        }
        guard message.isEmpty else { throw VectorGeometry.failure("compare", message) }
        return result
    }
}
