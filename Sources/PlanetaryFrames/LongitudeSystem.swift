/// The meridian from which a map counts its longitudes, where a body has several.
///
/// Vesta's Claudia system and the IAU's differ by 150 degrees, and Systems I, II and III of the giants turn at
/// different rates: such a map means nothing without the name of its system.
public struct LongitudeSystem: Sendable, Hashable {
    /// The name, such as `Claudia` or `System III`.
    public let name: String
    /// East longitude in the IAU's system minus east longitude in this one, in degrees; nil where the two turn at
    /// different rates or differ by more than a turn about the axis.
    public let offsetToIAUDegrees: Double?
    /// Where the system is defined.
    public let source: String

    /// Makes a system; nil for an empty name or an offset that is no number from -360 to 360.
    public init?(name: String, offsetToIAUDegrees: Double?, source: String) {
        guard !name.trimmedASCII.isEmpty, offsetToIAUDegrees.map({ abs($0) <= 360 }) ?? true else {
            return nil
        }
        self.name = name.trimmedASCII
        self.offsetToIAUDegrees = offsetToIAUDegrees
        self.source = source
    }

    /// The east longitude in the IAU's system of one in this system; nil where no offset says it.
    public func iauLongitude(of longitude: EastLongitude) -> EastLongitude? {
        offsetToIAUDegrees.flatMap { EastLongitude(degrees: longitude.degrees + $0) }
    }

    /// One line for the properties of a map.
    public var propertyText: String {
        let offset = offsetToIAUDegrees.map { "IAU longitude = longitude + \($0) degrees east" }
        return [name, offset, source.isEmpty ? nil : source].compactMap { $0 }.joined(separator: "; ")
    }

    /// The system of a line as ``propertyText`` writes it; nil for a line without a name.
    public init?(propertyText text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
            String($0).trimmedASCII
        }
        let (head, tail) = ("IAU longitude = longitude + ", " degrees east")
        let offset = parts.dropFirst().first.flatMap { part in
            part.hasPrefix(head) && part.hasSuffix(tail)
                ? Double(part.dropFirst(head.count).dropLast(tail.count)) : nil
        }
        self.init(
            name: parts[0], offsetToIAUDegrees: offset,
            source: parts.dropFirst(offset == nil ? 1 : 2).joined(separator: "; "))
    }

    /// Refuses two maps that count from different meridians.
    ///
    /// - Throws: `FrameError.mixedReferences` unless the names, or the offsets to the IAU's system, are the same.
    public func requireSame(as other: LongitudeSystem) throws(FrameError) {
        if name.lowercased() == other.name.lowercased() { return }
        if let mine = offsetToIAUDegrees, let theirs = other.offsetToIAUDegrees, mine == theirs { return }
        throw .mixedReferences(what: "longitudes", first: propertyText, second: other.propertyText)
    }
}
