internal import Glibc

extension Curve {
    /// A part of this curve that lies in one chart.
    struct Part {
        let start: Vec3
        let end: Vec3
        /// The length of an arc of a circle in radians of the sphere.
        let length: Double
    }

    /// This curve cut where charts meet: at the latitudes asin(2/3) north and south and every quarter of longitude.
    ///
    /// Ends that lie on such a border have exactly its height, or exactly 0 in x or y.
    var parts: [Part] { isGeographic ? geographicParts : circleParts }

    private var circleParts: [Part] {
        if isClearOfBorders { return [Part(start: start, end: end, length: length)] }
        let toStart = start - centre
        let aside = axis.cross(toStart)
        let angle = radius > 0 ? length / radius : 0
        var cuts: [(angle: Double, point: Vec3)] = []
        func cut(_ normal: Vec3, _ height: Double, _ fix: (inout Vec3) -> Void) {
            let (a, b) = (toStart.dot(normal), aside.dot(normal))
            let reach = (a * a + b * b).squareRoot()
            let rise = height - centre.dot(normal)
            // A circle that comes within rounding of the plane is cut where it is nearest.
            guard reach > 1e-15, abs(rise) <= reach + 1e-15 else { return }
            let turn = acos(max(-1, min(1, rise / reach)))
            let base = atan2(b, a)
            for candidate in [base - turn, base + turn] {
                var phi = candidate
                while phi < 0 { phi += 2 * .pi }
                while phi >= 2 * .pi { phi -= 2 * .pi }
                guard phi * radius > Chart.snap, (angle - phi) * radius > Chart.snap else { continue }
                var point = centre + toStart * cos(phi) + aside * sin(phi)
                fix(&point)
                cuts.append((phi, point))
            }
        }
        cut(Vec3(0, 0, 1), Chart.capHeight) { $0.z = Chart.capHeight }
        cut(Vec3(0, 0, 1), -Chart.capHeight) { $0.z = -Chart.capHeight }
        cut(Vec3(1, 0, 0), 0) { $0.x = 0 }
        cut(Vec3(0, 1, 0), 0) { $0.y = 0 }
        // Half an arc is still seen from its middle when it is a long one.
        if angle > 1.6 {
            let half = 0.5 * angle
            cuts.append((half, centre + toStart * cos(half) + aside * sin(half)))
        }
        cuts.sort { $0.angle < $1.angle }
        return joined(cuts.map { ($0.angle * radius, $0.point) }, total: length)
    }

    /// Whether an arc surely crosses no border of charts: heights stray from those of the chord by no more than the
    /// arc bends.
    private var isClearOfBorders: Bool {
        guard length < 0.7 * radius else { return false }
        let stray = length * length / (8 * radius) + 1e-15
        func sameSide(_ a: Double, _ b: Double, of border: Double) -> Bool {
            (a > border + stray && b > border + stray) || (a < border - stray && b < border - stray)
        }
        return sameSide(start.z, end.z, of: Chart.capHeight) && sameSide(start.z, end.z, of: -Chart.capHeight)
            && sameSide(start.x, end.x, of: 0) && sameSide(start.y, end.y, of: 0)
    }

    private var geographicParts: [Part] {
        let (first, last) = (start, end)
        let step = last - first
        var cuts: [(Double, Vec3)] = []
        func cut(_ fraction: Double, _ fix: (inout Vec3) -> Void) {
            guard fraction > 0, fraction < 1 else { return }
            var point = first + step * fraction
            fix(&point)
            if point.x != first.x || point.y != first.y, point.x != last.x || point.y != last.y {
                cuts.append((fraction, point))
            }
        }
        for border in [Chart.capLatitudeRad, -Chart.capLatitudeRad] where step.y != 0 {
            cut((border - first.y) / step.y) { $0.y = border }
        }
        if step.x != 0 {
            let quarter = Double.pi / 2
            let low = (min(first.x, last.x) / quarter).rounded(.down)
            let high = (max(first.x, last.x) / quarter).rounded(.up)
            var number = low
            while number <= high {
                let lon = number * quarter
                cut((lon - first.x) / step.x) { $0.x = lon }
                number += 1
            }
        }
        cuts.sort { $0.0 < $1.0 }
        return joined(cuts, total: 1)
    }

    private func joined(_ cuts: [(at: Double, point: Vec3)], total: Double) -> [Part] {
        var parts: [Part] = []
        var (from, last) = (start, 0.0)
        for cut in cuts {
            parts.append(Part(start: from, end: cut.point, length: cut.at - last))
            (from, last) = (cut.point, cut.at)
        }
        parts.append(Part(start: from, end: end, length: total - last))
        return parts
    }
}
