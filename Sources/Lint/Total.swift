/// What workers have found together.
struct Total: Sendable {
    var findings = Findings()
    var tilesRead = 0
    var bytesRead = 0
    /// The least and the greatest physical value of the FITS leaves that were read.
    var low = Double.infinity
    var high = -Double.infinity
    /// The BITPIX of FITS tiles with the first path of each.
    var bitpix: [Int: String] = [:]

    init() {}

    init(_ visitor: TileVisitor) {
        findings = visitor.findings
        tilesRead = visitor.tilesRead
        bytesRead = visitor.bytesRead
        low = visitor.low
        high = visitor.high
        bitpix = visitor.bitpix
    }

    mutating func merge(_ other: Total) {
        findings.merge(other.findings)
        tilesRead += other.tilesRead
        bytesRead += other.bytesRead
        low = min(low, other.low)
        high = max(high, other.high)
        bitpix.merge(other.bitpix) { min($0, $1) }
    }
}
