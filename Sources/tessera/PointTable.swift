import MOC

/// A table of places with commas between its columns, a line each.
struct PointTable {
    let bytes: [UInt8]
    let name: String

    /// Lines that are answered at once.
    private static let block = 1 << 16

    /// Writes each line again with whether its place is covered.
    /// - Throws: ``CommandError`` with the line that holds no place.
    func answer(_ coverage: MOC) throws {
        var columns: (lon: Int, lat: Int)?
        var lines: [Range<Int>] = []
        var lonRad: [Double] = []
        var latRad: [Double] = []
        var number = 0
        var start = 0
        func flush() throws {
            let answers: [Bool]
            do {
                answers = try coverage.contains(lonRad: lonRad.span, latRad: latRad.span)
            } catch {
                throw CommandError("\(name), in the lines before \(number + 1): \(error)")
            }
            var text: [UInt8] = []
            for (line, inside) in zip(lines, answers) {
                text += bytes[line]
                text += inside ? ",1\n".utf8 : ",0\n".utf8
            }
            try MocFile.write(text, to: nil)
            lines.removeAll(keepingCapacity: true)
            lonRad.removeAll(keepingCapacity: true)
            latRad.removeAll(keepingCapacity: true)
        }
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var line = start..<end
            if line.last.map({ bytes[$0] }) == 0x0D { line = line.lowerBound..<line.upperBound - 1 }
            start = end + 1
            number += 1
            guard !line.isEmpty else { continue }
            let fields = String(decoding: bytes[line], as: UTF8.self)
                .split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmed }
            guard let chosen = columns else {
                let header = Self.header(fields)
                columns = header ?? (0, 1)
                if header != nil {
                    try MocFile.write(bytes[line] + Array(",inside\n".utf8), to: nil)
                    continue
                }
                try append(fields, (0, 1), number, &lonRad, &latRad)
                lines.append(line)
                continue
            }
            try append(fields, chosen, number, &lonRad, &latRad)
            lines.append(line)
            if lines.count == Self.block { try flush() }
        }
        try flush()
    }

    /// The columns that a first line of names tells of; nil when it holds numbers already.
    private static func header(_ fields: [Substring]) -> (lon: Int, lat: Int)? {
        guard fields.contains(where: { Double($0) == nil && !$0.isEmpty }) else { return nil }
        let names = fields.map { $0.lowercased() }
        let lon = names.firstIndex { ["lon", "longitude", "lon_deg"].contains($0) }
        let lat = names.firstIndex { ["lat", "latitude", "lat_deg"].contains($0) }
        if let lon, let lat { return (lon, lat) }
        return Double(fields[0]) == nil ? (0, 1) : nil
    }

    private func append(
        _ fields: [Substring], _ columns: (lon: Int, lat: Int), _ number: Int, _ lonRad: inout [Double],
        _ latRad: inout [Double]
    ) throws {
        guard fields.count > max(columns.lon, columns.lat), let lon = Double(fields[columns.lon]),
            let lat = Double(fields[columns.lat]), lon.isFinite, abs(lat) <= 90
        else {
            throw CommandError(
                "\(name), line \(number): columns \(columns.lon + 1) and \(columns.lat + 1) are not a longitude and a "
                    + "latitude of -90 to 90 in degrees.")
        }
        lonRad.append(lon * .pi / 180)
        latRad.append(lat * .pi / 180)
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
