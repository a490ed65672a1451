internal import GDAL

/// One band of a source, for people who have to choose.
public struct SourceBand: Sendable, Equatable {
    /// Its number, counted from 1.
    public let number: Int
    /// What the file or its label says that it shows: a wavelength, a filter; empty when nothing is said.
    public let meaning: String

    /// "4 (1050 nm)"
    var words: String { meaning.isEmpty ? "\(number)" : "\(number) (\(meaning))" }

    /// Some bands in words, the first and the last of many.
    static func words(_ bands: [SourceBand]) -> String {
        let most = 8
        guard bands.count > most else { return bands.map(\.words).joined(separator: ", ") }
        return bands.prefix(most - 1).map(\.words).joined(separator: ", ") + ", ... "
            + (bands.last?.words ?? "")
    }

    /// What is known of the bands of a file.
    static func list(_ bands: [Band], _ facts: LabelFacts) -> [SourceBand] {
        bands.enumerated().map { index, band in
            var parts = [index < facts.bandMeanings.count ? facts.bandMeanings[index] : ""]
            if parts[0].isEmpty { parts.append(band.wavelength) }
            // GDAL names bands by their numbers where a format asks for names.
            if band.description != "Band \(index + 1)" { parts.append(band.description) }
            var seen: [String] = []
            for part in parts where !part.isEmpty && !seen.contains(part) { seen.append(part) }
            return SourceBand(number: index + 1, meaning: seen.joined(separator: ", "))
        }
    }
}
