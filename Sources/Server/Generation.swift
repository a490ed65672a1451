internal import Glibc
internal import HiPS
internal import NIOCore
internal import Synchronization

/// One state of a published map: the open directory of a build and its properties.
///
/// All files of an answer are opened below the held directory. When a rebuild takes the map's place, this
/// directory stays what it was, so that nothing of two builds is ever mixed under one generation.
final class Generation: Sendable {
    /// Different for each generation of the process.
    let number: UInt64
    let directory: Descriptor
    let properties: HiPSProperties
    private let stamp: Stamp

    /// What tells two states apart without reading them. The held directory keeps its inode from being
    /// given to another one.
    private struct Stamp: Equatable {
        let device: dev_t
        let directory: ino_t
        let properties: ino_t
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init(directory: stat, properties: stat) {
            device = directory.st_dev
            self.directory = directory.st_ino
            self.properties = properties.st_ino
            size = Int(properties.st_size)
            seconds = properties.st_mtim.tv_sec
            nanoseconds = properties.st_mtim.tv_nsec
        }
    }

    private static let count = Atomic<UInt64>(0)

    private init(directory: Descriptor, properties: HiPSProperties, stamp: Stamp) {
        number = Self.count.add(1, ordering: .relaxed).newValue
        self.directory = directory
        self.properties = properties
        self.stamp = stamp
    }

    /// The present state of a map; `known` itself when nothing has changed since. May wait for the disk.
    static func current(_ map: MapName, in data: DataDirectory, known: Generation?) -> Generation? {
        guard
            let root = Descriptor(directory: data.path),
            let directory = root.directory(below: "hips/" + map.body + "/" + map.name),
            let directoryStatus = directory.status,
            let propertiesStatus = directory.status(of: HiPSFile.properties.path)
        else { return nil }
        let stamp = Stamp(directory: directoryStatus, properties: propertiesStatus)
        if let known, known.stamp == stamp { return known }
        guard
            case .content(let bytes) = directory.read(HiPSFile.properties.path, waiting: true),
            let properties = try? HiPSProperties(parsing: String(buffer: bytes))
        else { return nil }
        return Generation(directory: directory, properties: properties, stamp: stamp)
    }
}

extension Descriptor {
    /// What the system knows about a file in this directory.
    fileprivate func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(number, name, &status, 0) == 0 ? status : nil
    }
}
