internal import GDAL
internal import Glibc
internal import HiPS
internal import Rasters
internal import Synchronization

/// What is known of a file since the build found it.
public enum SourceState: Sendable, Hashable {
    /// It is what it was.
    case unchanged
    /// It is another one, or gone.
    case changed
    /// Nobody knows: the server where it lies does not answer.
    case unreachable
}

/// Says whether a file is still what a build found, without reading it each time.
///
/// On disk what the system knows of the file and of those beside it is looked at each time, and its head only where that
/// has changed. On a server it is asked for at most every few seconds.
final class SourceWatch: Sendable {
    /// A state, and how often there was another one before, or another file beside or in the place of this one: whoever finds
    /// the number that he began with has had to do with the same files all along.
    struct Look: Equatable {
        let state: SourceState
        let epoch: Int
    }

    /// What the system knows of a file; any change of it changes one of these.
    private struct Stamp: Equatable {
        let device, inode: UInt64
        let size: Int64
        let modified, changed: [Int]

        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            device = UInt64(facts.st_dev)
            inode = UInt64(facts.st_ino)
            size = Int64(facts.st_size)
            modified = [facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec]
            changed = [facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec]
        }
    }

    private struct Known {
        var look = Look(state: .unchanged, epoch: 1)
        /// When the asking for it began, and when it ended.
        var asked = ContinuousClock.now
        var moment = ContinuousClock.now
        /// What the system knows of the files; nil where nobody has looked yet.
        var stamps: [Stamp?]?
        /// Whether the files may be taken for the same as long as the stamps are.
        var isSettled = false

        /// Puts another state in the place of this one.
        mutating func become(_ state: SourceState, isOther: Bool) {
            look = Look(
                state: state, epoch: look.epoch + (isOther || state != look.state ? 1 : 0))
        }
    }

    /// For how long the word of a server is good.
    static let seconds = 5
    /// For how long a server that does not answer is left alone.
    static let restSeconds = 30
    /// How long a request to a server may take by which it is asked about its file.
    static let patienceSeconds = 10
    /// The same for one by which samples come, as long as some come at all.
    static let readingSeconds = 60

    private let path: String
    private let identity: SourceIdentity
    /// The file and those beside it that GDAL reads with it, or would if they were there.
    private let files: [String]
    private let isRemote: Bool
    private let known: Mutex<Known>

    /// Watches a file that was just found to be what it was.
    init(path: String, identity: SourceIdentity, files: [String], isRemote: Bool) {
        self.path = path
        self.identity = identity
        let beside = [".ovr", ".msk", ".aux.xml"].map { path + $0 }
        self.files = Set(files + [path] + beside).sorted()
        self.isRemote = isRemote
        // Without stamps: what changed behind the identity is looked into once more than needed.
        known = Mutex(Known())
    }

    /// What is known without asking a server; of a file on disk what is so now.
    var knownLook: Look { isRemote ? known.withLock(\.look) : look() }

    /// Whether that is old enough to be asked for again.
    var isDue: Bool {
        guard isRemote else { return false }
        return known.withLock { known in
            let age = known.look.state == .unreachable ? Self.restSeconds : Self.seconds
            return ContinuousClock.now - known.moment > .seconds(age)
        }
    }

    /// What is so now; asks a server where that is due, and waits for it.
    /// - Parameter moment: a server that answered is asked again where it was last asked before then.
    func look(since moment: ContinuousClock.Instant? = nil) -> Look {
        guard isRemote else { return lookOnDisk() }
        let isOld = known.withLock { known in
            known.look.state != .unreachable && moment.map { known.asked < $0 } ?? false
        }
        guard isOld || isDue else { return knownLook }
        let asked = ContinuousClock.now
        let found = VirtualFile.hurrying(seconds: Self.patienceSeconds) { Self.find(path, identity) }
        return known.withLock { known in
            known.become(found, isOther: false)
            (known.asked, known.moment) = (asked, .now)
            return known.look
        }
    }

    private func lookOnDisk() -> Look {
        let stamps = files.map { Stamp($0) }
        let same = known.withLock { $0.isSettled && $0.stamps == stamps ? $0.look : nil }
        if let same { return same }
        let state: SourceState = (try? SourceIdentity(path: path)) == identity ? .unchanged : .changed
        // A file that is written at this moment may have the same times afterwards.
        let isSettled = Self.isQuiet(stamps)
        return known.withLock { known in
            known.become(state, isOther: known.stamps.map { $0 != stamps } ?? false)
            (known.stamps, known.isSettled) = (stamps, isSettled)
            return known.look
        }
    }

    /// Whether all that there is was changed some time ago: clocks of file systems tick a hundred times a second or so.
    private static func isQuiet(_ stamps: [Stamp?]) -> Bool {
        let now = time(nil)
        return stamps.allSatisfy { stamp in stamp.map { abs(now - $0.changed[0]) > 2 } ?? true }
    }
}

// Files on servers.
extension SourceWatch {
    /// Asks for a file.
    static func find(_ path: String, _ identity: SourceIdentity) -> SourceState {
        do throws(RasterError) {
            return try SourceIdentity(path: path) == identity ? .unchanged : .changed
        } catch {
            guard case .gdal(let error) = error else { return .changed }
            // The file itself, or a part of it.
            if VirtualFile.isOnNetwork(error.path) {
                return answers(for: error.path) == false ? .changed : .unreachable
            }
            return parts(of: path).contains { answers(for: $0) == nil } ? .unreachable : .changed
        }
    }

    /// Whether a server has a file; nil where it does not answer.
    private static func answers(for path: String) -> Bool? {
        do {
            return try VirtualFile.status(of: path) != nil
        } catch {
            return nil
        }
    }

    /// Has nothing remembered of a file and its parts, among that whether they were there.
    static func forget(_ path: String) {
        for place in [path] + parts(of: path) { VirtualFile.forget(place) }
    }

    /// What lies on servers of the parts of a virtual raster on this disk.
    private static func parts(of path: String) -> [String] {
        guard SourceNote.isLocal(path), let text = NativeSource.virtualRaster(path) else { return [] }
        let words = text.split { "<>\"".contains($0) }.map { String($0.replacing("&amp;", with: "&")) }
        return Set(words.filter { VirtualFile.isOnNetwork($0) }).sorted()
    }
}
