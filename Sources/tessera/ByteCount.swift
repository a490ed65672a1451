import ArgumentParser

/// A number of bytes as a user writes it: `600M`, `2G`, `1.5GiB` or `629145600`.
struct ByteCount: ExpressibleByArgument, Equatable, CustomStringConvertible {
    let bytes: Int

    /// Units of 1000, as disks and the reports of this program have them, or of 1024 with an `i`.
    private static let units: [String: Double] = [
        "": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
        "ki": 1024, "kib": 1024, "mi": 1_048_576, "mib": 1_048_576, "gi": 1_073_741_824, "gib": 1_073_741_824,
    ]

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let number = argument.prefix { "0123456789.".contains($0) }
        let unit = argument.dropFirst(number.count).drop { $0 == " " }.lowercased()
        guard let value = Double(number), let factor = Self.units[unit] else { return nil }
        let bytes = (value * factor).rounded()
        guard bytes >= 1, bytes < 1e18 else { return nil }
        self.bytes = Int(bytes)
    }

    var description: String {
        bytes.isMultiple(of: 1_000_000) ? "\(bytes / 1_000_000)M" : "\(bytes)"
    }
}
