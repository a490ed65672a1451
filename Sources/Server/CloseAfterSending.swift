internal import NIOCore

/// Keeps a connection open until the client has taken what was written to it, as long as it takes anything.
///
/// Hummingbird holds an answer for sent once it has been handed over, and closes the connection when it has
/// been idle since, or at once when the server stops: a client on a slow line would get half a file. This
/// handler holds such a close back while bytes are waiting. A client that takes nothing for some time is cut
/// off, so that it cannot hold memory for ever, and a server that stops waits for a limited time in all.
final class CloseAfterSending: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    /// How long a client may take nothing of what is waiting for it.
    private let stallTimeout: TimeAmount
    /// How long what is waiting may take once the server is to stop.
    private let drainTimeout: TimeAmount

    private var watch: RepeatedTask?
    private var waitingBefore = 0
    private var lastProgress = NIODeadline.now()
    private var latest = NIODeadline.distantFuture
    private var isClosing = false
    private var isInputClosed = false
    /// Told when a close that was held back has happened.
    private var closed: EventLoopPromise<Void>?

    private static let closingInterval = TimeAmount.milliseconds(20)

    init(stallTimeout: TimeAmount, drainTimeout: TimeAmount) {
        self.stallTimeout = stallTimeout
        self.drainTimeout = drainTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        startWatch(every: .nanoseconds(max(1, stallTimeout.nanoseconds / 4)), context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            latest = .now() + drainTimeout
            startWatch(every: Self.closingInterval, context)
        }
        if let event = event as? ChannelEvent, event == .inputClosed { isInputClosed = true }
        context.fireUserInboundEventTriggered(event)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // A connection whose client sends no more is closed altogether when our side is, whatever waits.
        let isWhole = mode == .all || mode == .output && isInputClosed
        guard isWhole, Self.waitingBytes(context) > 0 else {
            context.close(mode: mode, promise: promise)
            return
        }
        if let promise {
            if let closed { closed.futureResult.cascade(to: promise) } else { closed = promise }
        }
        guard !isClosing else { return }
        isClosing = true
        startWatch(every: Self.closingInterval, context)
    }

    private func finish() {
        watch?.cancel()
        watch = nil
        closed?.succeed()
        closed = nil
    }

    private func startWatch(every interval: TimeAmount, _ context: ChannelHandlerContext) {
        watch?.cancel()
        // The task runs on the event loop of the handler, which is what the bound value asserts.
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { task in
            let (handler, context) = bound.value
            if context.channel.isActive {
                handler.check(context)
            } else {
                task.cancel()
            }
        }
    }

    private func check(_ context: ChannelHandlerContext) {
        let waiting = Self.waitingBytes(context)
        let now = NIODeadline.now()
        if waiting != waitingBefore || waiting == 0 {
            waitingBefore = waiting
            lastProgress = now
        }
        let isOver = now >= latest || now - lastProgress >= stallTimeout
        if waiting == 0 ? isClosing : isOver {
            context.close(promise: nil)
        }
    }

    /// How many bytes have been written but not yet been taken by the system for sending.
    private static func waitingBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
