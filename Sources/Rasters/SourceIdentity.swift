internal import GDAL

/// What tells whether a file is still the one that was looked at before.
///
/// Not the whole file is read: its size, its time and its first 64 kB, where the formats have their headers, tell all
/// changes but those made on purpose to go unseen.
public struct SourceIdentity: Sendable, Equatable {
    /// Bytes of the file; of a virtual raster or a label, of all the files that it is made of.
    public let size: Int
    /// Time of the last change in nanoseconds since 1970, 0 where a server does not say; of a virtual raster, of the
    /// file that was changed last.
    public let modifiedNanoseconds: Int64
    /// FNV-1a of the first 64 kB, and of what the files of a virtual raster are.
    public let headerChecksum: UInt64
    /// What its server calls this state of the file where that does not say when it was changed; nil else, and where it
    /// says neither.
    public let tag: String?
    /// Whether a change shows: of each file that it is made of a time or a name of its state is known.
    public let showsChanges: Bool

    private static let headerLength = 65536

    /// What was written down of a file.
    public init(size: Int, modifiedNanoseconds: Int64, headerChecksum: UInt64, tag: String?) {
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.headerChecksum = headerChecksum
        self.tag = tag
        showsChanges = true
    }

    /// Looks at a file on disk or in one of GDAL's virtual file systems.
    /// - Throws: ``RasterError/gdal(_:)`` when there is no such file, or its header cannot be read.
    public init(path: String) throws(RasterError) {
        let facts = try Self.facts(path, head: Self.headerLength)
        var sum = Checksum()
        sum.add(facts.head)
        var total = facts.size
        var latest = facts.modifiedNanoseconds
        tag = try Self.tag(path, facts)
        var isTold = Self.isTold(path, facts, tag)
        if Self.hasMembers(facts.head) {
            for member in try Self.members(of: path) where member != path {
                let facts = try Self.facts(member, head: 0)
                let tag = try Self.tag(member, facts)
                if !Self.isTold(member, facts, tag) { isTold = false }
                let words = tag.map { " " + $0 } ?? ""
                sum.add(Array("\(member) \(facts.size) \(facts.modifiedNanoseconds)\(words)\n".utf8))
                total += facts.size
                latest = max(latest, facts.modifiedNanoseconds)
            }
        }
        size = total
        modifiedNanoseconds = latest
        headerChecksum = sum.value
        showsChanges = isTold
    }

    private static func isTold(_ path: String, _ facts: FileFacts, _ tag: String?) -> Bool {
        facts.modifiedNanoseconds != 0 || tag != nil || !path.hasPrefix("/vsi")
    }

    /// What a server calls the state of a file of which it tells no time.
    private static func tag(_ path: String, _ facts: FileFacts) throws(RasterError) -> String? {
        guard facts.modifiedNanoseconds == 0 else { return nil }
        do {
            return try VirtualFile.tag(of: path)
        } catch {
            throw .gdal(error)
        }
    }

    /// Whether the file is a virtual raster, or a label that may have its samples in another file.
    private static func hasMembers(_ head: [UInt8]) -> Bool {
        let text = String(decoding: head.prefix(8192), as: UTF8.self)
        return ["<VRTDataset", "PDS_VERSION_ID", "IsisCube", "<Product_Observational", "^QUBE", "^IMAGE"]
            .contains { text.contains($0) }
    }

    private static func members(of path: String) throws(RasterError) -> [String] {
        do {
            return try Dataset(opening: path).files
        } catch {
            throw .gdal(error)
        }
    }

    private static func facts(_ path: String, head: Int) throws(RasterError) -> FileFacts {
        do {
            return try FileFacts(of: path, head: head)
        } catch {
            throw .gdal(error)
        }
    }

    /// FNV-1a, 64 bits: it must tell changes apart, not resist anybody.
    private struct Checksum {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ bytes: [UInt8]) {
            for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
    }
}
