internal import GDAL
internal import Glibc
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
        var state: SourceState
        var moment: ContinuousClock.Instant
        var stamps: [Stamp?]
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
    /// What its server called it; nil where that says when it was changed.
    private let tag: String?
    /// The file and those beside it that GDAL reads with it.
    private let files: [String]
    private let isRemote: Bool
    private let known: Mutex<Known>

    /// Watches a file that was just found to be what it was.
    init(path: String, identity: SourceIdentity, tag: String?, files: [String], isRemote: Bool) {
        self.path = path
        self.identity = identity
        self.tag = tag
        self.files = files
        self.isRemote = isRemote
        // Taken behind the identity: what changed in between is looked into once more than needed.
        known = Mutex(Known(state: .unchanged, moment: .now, stamps: []))
    }

    /// What is known without asking a server; of a file on disk what is so now.
    var knownState: SourceState { isRemote ? known.withLock(\.state) : state() }

    /// Whether that is old enough to be asked for again.
    var isDue: Bool {
        guard isRemote else { return false }
        return known.withLock { known in
            let age = known.state == .unreachable ? Self.restSeconds : Self.seconds
            return ContinuousClock.now - known.moment > .seconds(age)
        }
    }

    /// The state now; asks a server where that is due, and waits for it.
    func state() -> SourceState {
        guard isRemote else { return stateOnDisk() }
        guard isDue else { return knownState }
        let found = VirtualFile.hurrying(seconds: Self.patienceSeconds) { Self.find(path, identity, tag) }
        known.withLock { $0 = Known(state: found, moment: .now, stamps: []) }
        return found
    }

    /// Notes that the file could not be read: whoever comes next is told at once.
    func noteFailure() {
        guard isRemote else { return }
        known.withLock { $0 = Known(state: .unreachable, moment: .now, stamps: []) }
    }

    private func stateOnDisk() -> SourceState {
        let stamps = files.map { Stamp($0) }
        if let state = known.withLock({ $0.stamps == stamps ? $0.state : nil }) { return state }
        let state: SourceState = (try? SourceIdentity(path: path)) == identity ? .unchanged : .changed
        // A file that is written at this moment may have the same times afterwards.
        known.withLock { $0 = Known(state: state, moment: .now, stamps: Self.isQuiet(stamps) ? stamps : []) }
        return state
    }

    /// Whether all that there is was changed some time ago: clocks of file systems tick a hundred times a second or so.
    private static func isQuiet(_ stamps: [Stamp?]) -> Bool {
        let now = time(nil)
        return stamps.allSatisfy { stamp in stamp.map { abs(now - $0.changed[0]) > 2 } ?? true }
    }

    /// Asks for a file.
    static func find(_ path: String, _ identity: SourceIdentity, _ tag: String?) -> SourceState {
        do {
            guard try SourceIdentity(path: path) == identity, tag == nil || VirtualFile.tag(of: path) == tag
            else {
                return .changed
            }
            return .unchanged
        } catch {
            return isGone(path) ? .changed : .unreachable
        }
    }

    /// Whether a server says in so many words that there is no such file.
    static func isGone(_ path: String) -> Bool {
        do {
            return try VirtualFile.status(of: path) == nil
        } catch {
            return false
        }
    }
}
