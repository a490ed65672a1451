internal import FoundationEssentials
internal import Storage

/// What is known of a HiPS that others made and that was adopted: where it came from, and where its pixels lie on the
/// body.
///
/// The note lies as `adoption.json` beside the `properties` of the map. A folder with a note that has a ``root`` holds
/// no tiles: they are read from the root, and the `properties` from the folder.
public struct AdoptionNote: Codable, Equatable, Sendable {
    /// The name of the file in the folder of a map.
    public static let fileName = "adoption.json"

    /// The name of the file with the properties as they were found, where tiles were copied.
    public static let originalPropertiesName = "properties.original"

    /// The version of the notes that this program reads and writes.
    public static let currentVersion = 1

    /// Which angle the latitudes of the HiPS are.
    public enum Latitude: String, Codable, CaseIterable, Sendable {
        /// The angle between the equator and the line from the body's centre.
        case planetocentric
        /// The angle between the equator and the normal of the body's ellipsoid.
        case planetographic
    }

    /// The version of the note, ``currentVersion``.
    public var version = currentVersion
    /// The address or the absolute path that the HiPS was adopted from.
    public var source: String
    /// The absolute path of the folder with the tiles; nil where they lie beside the note.
    public var root: String?
    /// The body in lower case.
    public var body: String
    /// What is added to the HEALPix longitude of a pixel of the HiPS to have its longitude on the body, both positive
    /// to the east, in degrees.
    public var lonOffsetDegrees: Double
    /// What the HEALPix latitude of a pixel of the HiPS is on the body.
    public var latitudeKind: Latitude
    /// When the HiPS was adopted, as ``HiPSProperties/timestamp(_:)`` writes it.
    public var date: String
    /// The original texts of the keys of `properties` that read otherwise now, or were taken out.
    public var overridden: [String: String]
    /// What is unusual about the HiPS, a phrase for each.
    public var peculiarities: [String]

    /// A note of these values.
    public init(
        source: String, root: String?, body: String, lonOffsetDegrees: Double = 0,
        latitudeKind: Latitude = .planetocentric, date: String, overridden: [String: String] = [:],
        peculiarities: [String] = []
    ) {
        self.source = source
        self.root = root
        self.body = body
        self.lonOffsetDegrees = lonOffsetDegrees
        self.latitudeKind = latitudeKind
        self.date = date
        self.overridden = overridden
        self.peculiarities = peculiarities
    }

    /// The folder with the tiles of a map.
    /// - Parameter folder: the folder of the map, which holds the note.
    public func tileRoot(inFolder folder: String) -> String { root ?? folder }

    /// Reads the note of a map.
    /// - Parameter path: the folder of the map.
    /// - Returns: nil when there is no note: the map was built here.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)`` when the file cannot be read, or is no note that this
    ///   program understands.
    public static func read(inFolder path: String) throws(HiPSError) -> AdoptionNote? {
        let file = path + "/" + fileName
        guard let text = try FileSystem.text(file, atMost: 1 << 20) else { return nil }
        return try AdoptionNote(json: Array(text.utf8), source: file)
    }

    /// Takes a note from the bytes of its file.
    /// - Parameter source: what to call the file in an error.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public init(json bytes: [UInt8], source: String) throws(HiPSError) {
        struct Version: Decodable { let version: Int }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: Data(bytes)).version else {
            throw Self.unread(source, "it is not JSON with a version")
        }
        guard version == Self.currentVersion else {
            throw Self.unread(
                source, "its version is \(version), and \(Self.currentVersion) was expected")
        }
        do {
            self = try decoder.decode(AdoptionNote.self, from: Data(bytes))
        } catch {
            throw Self.unread(source, "a value is missing or of another kind than expected")
        }
        if let root, !root.hasPrefix("/") {
            throw Self.unread(source, "its root \"\(root)\" is not an absolute path")
        }
        guard lonOffsetDegrees.isFinite, abs(lonOffsetDegrees) <= 360 else {
            throw Self.unread(
                source, "its lonOffsetDegrees is \(lonOffsetDegrees), not within -360 and 360")
        }
    }

    private static func unread(_ path: String, _ reason: String) -> HiPSError {
        .fileSystem(operation: "understand", path: path, reason: reason + "; adopt the HiPS again")
    }

    /// Writes the note of a map in the place of any earlier one.
    /// - Parameter path: the folder of the map; it is made where it is missing.
    /// - Throws: ``HiPSError/fileSystem(operation:path:reason:)``.
    public func write(inFolder path: String) throws(HiPSError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = path + "/" + Self.fileName
        guard let data = try? encoder.encode(self) else {
            throw .fileSystem(
                operation: "write", path: file, reason: "the offset of its longitudes is not a finite number")
        }
        try HiPSError.storing { () throws(StoreError) in
            try FolderStore(root: path).write(Array(data) + [0x0A], to: Self.fileName)
        }
    }
}
