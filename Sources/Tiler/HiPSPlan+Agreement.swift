public import HiPS
internal import PlanetaryFrames
public import Rasters

extension HiPSPlan {
    /// Another map of the same body, and how the source agrees with it.
    public struct Comparison: Sendable {
        /// The other map.
        public let map: MapName
        /// What was found.
        public let agreement: MapAgreement
    }

    /// Maps of the body that are looked at for comparisons, at most: each is read from many tiles.
    public static let mostLookedAt = 32

    /// Holds the source against other maps of its body in a data directory, quickly: before a week of tiling, to find what
    /// is shifted, mirrored, or off by the kind of latitude.
    ///
    /// Maps that cannot be read, and those whose longitudes turn at another rate, are passed over. Sources on servers are
    /// not compared, for they are read only once.
    /// - Parameters:
    ///   - data: where the other maps lie.
    ///   - count: how many comparisons that decide are made; no more than ``mostLookedAt`` maps are looked at for them, as
    ///     maps of other regions decide nothing.
    ///   - columns: of the sketches that are compared; a multiple of 180.
    /// - Returns: the comparisons that decided anything, agreement or fault.
    /// - Throws: ``TilerError/source(_:)`` when the source cannot be read.
    public func comparisons(
        with data: DataDirectory, atMost count: Int = 3, columns: Int = 720
    ) throws(TilerError) -> [Comparison] {
        guard !source.path.hasPrefix("/vsi"), let maps = try? data.maps() else { return [] }
        let others = maps.filter { $0.map.body == map.body && $0.map != map }.prefix(Self.mostLookedAt)
        guard !others.isEmpty else { return [] }
        let own: GlobeSketch
        do {
            own = try source.sketch(columns: columns)
        } catch {
            throw .source(error)
        }
        let body = source.frame.body
        let references = MapReferences(request, source)
        var found: [Comparison] = []
        for entry in others where found.count < count {
            let theirs = MapReferences(hips: entry.path, body: body)
            guard (try? references.requireSameMeridian(as: theirs, of: body)) != nil,
                let other = try? GlobeSketch(hips: entry.path, columns: columns)
            else { continue }
            let agreement = MapAgreement(of: own, with: other, body: body)
            if agreement.verdict != .undecided {
                found.append(Comparison(map: entry.map, agreement: agreement))
            }
        }
        return found
    }
}
