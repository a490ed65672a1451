/// Why something cannot be a region, or cannot be covered.
public enum RegionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A place of a ring is none on the sphere.
    case vertex(ring: Int, vertex: Int, String)
    /// A ring encloses nothing.
    case ring(ring: Int, String)
    /// A cone, ring, zone or box is none.
    case shape(String)
    /// The border runs through more cells than can be kept.
    case tooManyCells(order: Int, estimate: Double)
    /// A text is not a shape.
    case text(form: String, reason: String, position: Int)
    /// A shape in a file of many is wrong.
    indirect case member(String, RegionError)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .vertex(let ring, let vertex, let reason):
            "vertex \(vertex + 1) of ring \(ring + 1): \(reason)"
        case .ring(let ring, let reason): "ring \(ring + 1): \(reason)"
        case .shape(let reason): reason
        case .tooManyCells(let order, let estimate):
            "the border runs through about \(Int64(min(estimate, 1e18))) cells of order \(order); choose a coarser order"
        case .text(let form, let reason, let position):
            "this is not \(form): \(reason) (at byte \(position + 1))"
        case .member(let name, let error): "\(name): \(error)"
        }
    }
}
