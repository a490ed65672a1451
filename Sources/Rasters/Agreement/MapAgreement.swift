public import PlanetaryFrames

/// Whether a map lies as another map of the same body does.
///
/// The two are compared by correlation, so that they may show different things, heights and brightness, as long as
/// both show the same ground. Where what they show differs too much, as heights and shaded relief do, the roughness of the
/// ground is compared, which tells the gross faults alone: to cells of two degrees. Where nothing in common is found, nothing is claimed.
public struct MapAgreement: Sendable, Equatable {
    /// The classic faults.
    public enum Verdict: String, Sendable {
        /// Both lie alike, as far as can be seen.
        case agrees
        /// Longitudes differ by 180 degrees: one is centred on 0 and was taken for one centred on 180, or its zero meridian
        /// is another.
        case halfTurn = "half a turn"
        /// Longitudes differ by another angle.
        case turned
        /// One runs west where the other runs east.
        case mirrored
        /// North and south are exchanged.
        case upsideDown = "upside down"
        /// Both: a picture turned by 180 degrees.
        case turnedOver = "turned over"
        /// The latitudes of the first are planetographic where those of the other are planetocentric.
        case planetographic
        /// The other way round.
        case planetocentric
        /// Shifted by a little.
        case shifted
        /// Nothing in common was found, or too little.
        case undecided
    }

    /// What was found.
    public let verdict: Verdict
    /// The coefficient of correlation where the maps fit best, -1...1; negative where what is bright in one is dark in the
    /// other.
    public let correlation: Double
    /// Degrees by which the first map's features lie east of the other's.
    public let eastDegrees: Double
    /// Degrees by which they lie north of the other's, on average.
    public let northDegrees: Double
    /// How much of the difference between planetographic and planetocentric latitude the first map has too much: 1 where
    /// its latitudes are planetographic and the other's are not; 0 where the body has no flattening to tell by.
    public let planetographicShare: Double
    /// Fraction of the sphere that both show.
    public let overlap: Double
    /// Degrees to which the shifts are good.
    public let precisionDegrees: Double
    /// Why nothing could be decided; nil where something was.
    public let reason: String?

    /// Whether something seems to be wrong.
    public var isFault: Bool { verdict != .agrees && verdict != .undecided }

    /// Compares two sketches of one size.
    /// - Parameters:
    ///   - map: the map in question.
    ///   - other: the one that it is held against.
    ///   - body: whose maps they are.
    public init(of map: GlobeSketch, with other: GlobeSketch, body: Body) {
        precondition(map.columns == other.columns)
        let factor = max(1, map.columns / 180)
        var coarse = CoarseSearch(map.coarser(by: factor), other.coarser(by: factor))
        var fine: FineSearch.Result?
        if coarse.isDecided, let best = coarse.best, !best.isMirrored, !best.isFlipped {
            fine = FineSearch(map, other, shift: best.shift * factor, reach: factor + 1, body: body).result
        }
        if !coarse.isDecided || fine?.isTrusted == false {
            // Maps of different things have their rough ground in common.
            let rugged = CoarseSearch(map.ruggedness(by: factor), other.ruggedness(by: factor))
            let isNew = rugged.isDecided && rugged.best?.shift != coarse.best?.shift || fine == nil
            if rugged.isDecided || fine?.fittingShare == 0 { coarse = rugged }
            fine = nil
            // Latitudes of another kind blur what is common at the size of the cells, and not what is finer.
            if isNew, rugged.isDecided, let best = rugged.best, !best.isMirrored, !best.isFlipped {
                let found = FineSearch(
                    map, other, shift: best.shift * factor, reach: factor + 1, body: body
                ).result
                if found.isTrusted { fine = found }
            }
        }
        overlap = coarse.overlap
        let pixel = max(map.sourceDegrees, other.sourceDegrees, map.cellDegrees / 4)
        precisionDegrees =
            fine == nil && coarse.isDecided ? 360 / Double(coarse.columns) : 0.4 * pixel
        guard let best = coarse.best, coarse.isDecided else {
            verdict = .undecided
            reason =
                coarse.best == nil
                ? "they have too little ground in common" : "they show too little in common"
            correlation = coarse.best?.correlation ?? 0
            (eastDegrees, northDegrees, planetographicShare) = (0, 0, 0)
            return
        }
        reason = nil
        guard let fine else {
            // Good to the size of the cells, which tells the gross faults.
            let degrees = 360 / Double(coarse.columns) * Double(best.shift)
            let east = degrees > 180 ? degrees - 360 : degrees
            if best.isMirrored || best.isFlipped {
                verdict = best.isMirrored ? (best.isFlipped ? .turnedOver : .mirrored) : .upsideDown
            } else {
                verdict = abs(abs(east) - 180) < 6 ? .halfTurn : abs(east) > 6 ? .turned : .agrees
            }
            (correlation, eastDegrees, northDegrees, planetographicShare) = (best.correlation, east, 0, 0)
            return
        }
        correlation = fine.correlation
        eastDegrees = fine.east - (fine.east > 180 ? 360 : 0)
        northDegrees = fine.north
        planetographicShare = fine.share
        if abs(abs(eastDegrees) - 180) < 2 {
            verdict = .halfTurn
        } else if abs(eastDegrees) > 4 {
            verdict = .turned
        } else if abs(fine.share) > 0.5, fine.isStretch {
            verdict = fine.share > 0 ? .planetographic : .planetocentric
        } else if abs(eastDegrees) > 0.4 * pixel || abs(northDegrees) > 0.4 * pixel {
            verdict = .shifted
        } else {
            verdict = .agrees
        }
    }

    /// What was found, in a sentence.
    public var sentence: String {
        func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        let fit = "correlation \(short(correlation)) over \(short(overlap * 100)) % of the sphere"
        switch verdict {
        case .agrees: return "the maps agree to \(short(precisionDegrees)) degrees (\(fit))"
        case .halfTurn:
            return
                "longitudes differ by half a turn: one of the maps is centred on 0 and was taken for one centred on 180, "
                + "or counts from another meridian (\(fit))"
        case .turned: return "longitudes differ by \(short(eastDegrees)) degrees (\(fit))"
        case .mirrored:
            return
                "the map is mirrored: its columns run west, or its longitudes are west-positive (\(fit), shift "
                + "\(short(eastDegrees)) degrees)"
        case .upsideDown: return "the map is upside down: its rows run north (\(fit))"
        case .turnedOver:
            return
                "the map is turned by 180 degrees in its plane: both rows and columns run the wrong way (\(fit))"
        case .planetographic:
            return "the map's latitudes are planetographic, but were taken for planetocentric (\(fit))"
        case .planetocentric:
            return "the map's latitudes are planetocentric, but were taken for planetographic (\(fit))"
        case .shifted:
            return
                "the map lies \(short(eastDegrees)) degrees east and \(short(northDegrees)) degrees north of the other (\(fit))"
        case .undecided: return "nothing can be said: \(reason ?? "") (\(fit))"
        }
    }
}
