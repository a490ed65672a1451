internal import HiPS
internal import NIOCore
internal import NIOPosix

/// Finds maps and their states. The calls that are not asynchronous wait for the disk or the network, and are made on
/// threads of ``pool`` alone.
protocol MapSource: Sendable {
    /// The threads on which to wait.
    var pool: NIOThreadPool { get }

    /// How long a state that is known is answered from before it is looked at again.
    var interval: Duration { get }

    /// The same for when a file of the map is missing, which may mean that it has been rebuilt.
    var intervalAfterMiss: Duration { get }

    /// Says in time what would let every request fail.
    func check() throws(ServerError)

    /// The published maps, sorted.
    func maps() throws -> [MapName]

    /// The present state of a map; `known` itself when nothing has changed since, nil when there is no such map.
    /// - Throws: ``ServerError/unavailable(path:reason:)`` when this cannot be found out at the moment.
    func state(of map: MapName, known: Generation?) throws(ServerError) -> Generation?
}

/// Reads the files of one state of a map, `properties` apart.
protocol MapFiles: Sendable {
    /// Reads a whole file without keeping an event loop waiting; nil when there is none.
    func read(_ path: String) async throws -> ByteBuffer?

    /// The same on a thread that may wait.
    func readWaiting(_ path: String) throws(ServerError) -> [UInt8]?

    /// Whether a file that is missing is not worth asking for again soon.
    var remembersAbsence: Bool { get }
}
