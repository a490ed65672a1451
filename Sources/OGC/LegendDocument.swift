internal import Maps
internal import Pixels
internal import Tiles

/// The legend of a style as clients show it: the scale of colours with numbers along it, or the title alone for pictures
/// in their own colours.
struct LegendDocument {
    let title: String
    /// Nil for pictures in their own colours.
    let legend: Legend?

    private static let margin = 6
    private static let barWidth = 200
    private static let barHeight = 16
    private static let tick = 4

    /// Columns of the picture.
    var width: Int {
        let words = ([heading] + (legend == nil ? [] : [unit])).map(PixelText.width).max() ?? 0
        return 2 * Self.margin + max(words, legend == nil ? 0 : Self.barWidth + labelOverhang)
    }

    /// Rows of the picture.
    var height: Int {
        legend == nil
            ? PixelText.lineHeight + 4 : 2 * PixelText.lineHeight + Self.barHeight + Self.tick + 8
    }

    /// At most so many letters that the picture stays small beside a map.
    private var heading: String { String(title.prefix(48)) }

    private var unit: String { legend?.unit.map { "[\($0)]" } ?? "" }

    /// How far the numbers at the ends reach beyond the bar, both sides together.
    private var labelOverhang: Int {
        guard let legend else { return 0 }
        return 2
            * max(PixelText.width(of: Self.text(legend.low)), PixelText.width(of: Self.text(legend.high))) / 2
    }

    /// The picture, black on white.
    var picture: Picture {
        let (width, height) = (width, height)
        var samples = [UInt8](repeating: 255, count: width * height * 3)
        func write(_ text: String, x: Int, y: Int) {
            PixelText.draw(text, x: x, y: y, width: width, height: height) { pixel in
                for channel in 0..<3 { samples[3 * pixel + channel] = 0 }
            }
        }
        let words = legend == nil ? heading : heading + (unit.isEmpty ? "" : " " + unit)
        write(words, x: Self.margin, y: 2)
        guard let legend else {
            return Picture(width: width, height: height, channels: 3, samples: samples)
        }
        let left = Self.margin + labelOverhang / 2
        let top = PixelText.lineHeight + 4
        let bar = legend.picture(width: Self.barWidth, height: Self.barHeight)
        for row in 0..<Self.barHeight {
            let target = 3 * ((top + row) * width + left)
            let source = 3 * row * Self.barWidth
            samples.replaceSubrange(
                target..<target + 3 * Self.barWidth, with: bar.samples[source..<source + 3 * Self.barWidth])
        }
        let below = top + Self.barHeight
        for (position, value) in [(0.0, legend.low), (0.5, (legend.low + legend.high) / 2), (1, legend.high)]
        {
            // With another stretch the middle of the bar is no mean of its ends.
            if position == 0.5, legend.curve != "linear" { continue }
            let column = left + Int((Double(Self.barWidth - 1) * position).rounded())
            for row in 0..<Self.tick {
                for channel in 0..<3 { samples[3 * ((below + row) * width + column) + channel] = 0 }
            }
            let text = Self.text(value)
            write(text, x: column - PixelText.width(of: text) / 2, y: below + Self.tick)
        }
        return Picture(width: width, height: height, channels: 3, samples: samples)
    }

    /// The numbers.
    func json(layer: String) -> String {
        guard let legend else {
            return "{\"layer\":\(JSONText.quoted(layer)),\"title\":\(JSONText.quoted(title)),\"stops\":[]}\n"
        }
        let stops = legend.stops.map {
            "{\"value\":\(JSONText.number($0.value)),\"position\":\(JSONText.number($0.position)),"
                + "\"colour\":\(JSONText.quoted($0.colour))}"
        }
        return """
            {"layer":\(JSONText.quoted(layer)),"title":\(JSONText.quoted(title)),"style":\(JSONText.quoted(legend.style)),\
            "unit":\(legend.unit.map(JSONText.quoted) ?? "null"),"low":\(JSONText.number(legend.low)),\
            "high":\(JSONText.number(legend.high)),"stretch":\(JSONText.quoted(legend.curve)),\
            "stops":[\(stops.joined(separator: ","))]}

            """
    }

    /// A number with as many digits as a legend has room for.
    private static func text(_ value: Double) -> String {
        let size = abs(value)
        guard size > 0, size < 1e7, size >= 1e-3 else { return value == 0 ? "0" : "\(value)" }
        let factor = size >= 1000 ? 1.0 : size >= 10 ? 10 : 1000
        let text = "\((value * factor).rounded() / factor)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
