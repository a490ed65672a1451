internal import NIOCore
internal import Synchronization

/// Tells work for a client that the client has gone.
///
/// One in the pipeline of each connection. A client that closes its sending side has gone as well: browsers and programs
/// that give a request up look just like this, and only then.
final class ClientPresence: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Any

    private struct State: Sendable {
        var isGone = false
        var lastWatch = 0
        var watches: [Int: @Sendable () -> Void] = [:]
    }

    private let state: Mutex<State>

    /// The presence of a client that is there, or that was gone before anybody looked.
    init(isGone: Bool = false) {
        state = Mutex(State(isGone: isGone))
    }

    /// The presence of the client at the other end of a connection.
    static func of(_ channel: any Channel) async -> ClientPresence {
        // A pipeline has no handlers any more once its connection is closed.
        (try? await channel.pipeline.handler(type: ClientPresence.self).get()) ?? ClientPresence(isGone: true)
    }

    /// Whether the connection has been closed from the other side, or altogether.
    var isGone: Bool { state.withLock(\.isGone) }

    /// Has a call made once when the client goes, at once when it has gone already.
    /// - Returns: a number for ``forget(_:)``.
    func whenGone(_ call: @escaping @Sendable () -> Void) -> Int {
        let number: Int? = state.withLock { state in
            guard !state.isGone else { return nil }
            state.lastWatch += 1
            state.watches[state.lastWatch] = call
            return state.lastWatch
        }
        if number == nil { call() }
        return number ?? 0
    }

    /// Takes a call back that has not been made.
    func forget(_ watch: Int) {
        state.withLock { _ = $0.watches.removeValue(forKey: watch) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// Notes that the client has gone and makes the calls.
    func leave() {
        let calls = state.withLock { state in
            state.isGone = true
            defer { state.watches = [:] }
            return Array(state.watches.values)
        }
        for call in calls { call() }
    }
}
