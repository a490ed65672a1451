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

    private static let headerLength = 65536

    /// Looks at a file on disk or in one of GDAL's virtual file systems.
    /// - Throws: ``RasterError/gdal(_:)`` when there is no such file, or its header cannot be read.
    public init(path: String) throws(RasterError) {
        let facts = try Self.facts(path, head: Self.headerLength)
        var sum = Checksum()
        sum.add(facts.head)
        var total = facts.size
        var latest = facts.modifiedNanoseconds
        if Self.hasMembers(facts.head) {
            for member in try Self.members(of: path) where member != path {
                let facts = try Self.facts(member, head: 0)
                sum.add(Array("\(member) \(facts.size) \(facts.modifiedNanoseconds)\n".utf8))
                total += facts.size
                latest = max(latest, facts.modifiedNanoseconds)
            }
        }
        size = total
        modifiedNanoseconds = latest
        headerChecksum = sum.value
    }

    /// What the server of a file calls this state of it; nil where it says nothing, and on disk. Asks the server.
    public static func tag(of path: String) -> String? { VirtualFile.tag(of: path) }

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
