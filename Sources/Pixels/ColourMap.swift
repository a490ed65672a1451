/// A table of 256 colours for the 256 levels of a picture.
public struct ColourMap: Sendable, Equatable {
    /// The map's name, lower case.
    public let name: String
    /// Red, green, blue for each level: 768 bytes.
    public let table: [UInt8]

    /// Whether the colours are the levels themselves.
    public var isGrey: Bool { name == "grey" }

    /// Names of all maps, in alphabetical order.
    public static var names: [String] { (["grey"] + Array(anchors.keys)).sorted() }

    /// A map by its name, in any case; "gray" is "grey"; nil when there is none.
    public init?(named name: String) {
        let word = name.lowercased()
        if word == "grey" || word == "gray" {
            self.name = "grey"
            table = (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
            return
        }
        guard let hex = Self.anchors[word] else { return nil }
        self.name = word
        let colours = hex.split(separator: " ").map { text -> [Double] in
            let value = UInt32(text, radix: 16) ?? 0
            return [16, 8, 0].map { Double((value >> $0) & 255) }
        }
        table = (0..<256).flatMap { level -> [UInt8] in
            let position = Double(level) / 255 * Double(colours.count - 1)
            let lower = min(Int(position), colours.count - 2)
            let fraction = position - Double(lower)
            return (0..<3).map { channel in
                let a = colours[lower][channel]
                let b = colours[lower + 1][channel]
                return UInt8((a + (b - a) * fraction).rounded())
            }
        }
    }

    /// Colours for levels.
    /// - Parameters:
    ///   - alpha: 255 or 0 for each level, interleaved as a fourth channel; nil for three channels.
    ///   - out: 3 or 4 bytes for each level.
    public func apply(
        _ levels: UnsafePointer<UInt8>, count: Int, alpha: UnsafePointer<UInt8>?,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        let channels = alpha == nil ? 3 : 4
        table.withUnsafeBufferPointer { table in
            for i in 0..<count {
                let colour = Int(levels[i]) * 3
                let pixel = out + i * channels
                pixel[0] = table[colour]
                pixel[1] = table[colour + 1]
                pixel[2] = table[colour + 2]
                if let alpha { pixel[3] = alpha[i] }
            }
        }
    }
}
