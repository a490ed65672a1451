internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Answers what is in memory on the event loop that has read the request.
///
/// All other requests go through an asynchronous sequence to a thread of the cooperative pool, and their answers back, which for a tile
/// out of memory costs more than all the rest. One in the pipeline of each connection, in front of that sequence. Answers
/// keep the order of the requests: nothing is answered here while an earlier request of the connection is.
final class AtHand: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The answer to a request of a connection; nil for one that is to go on.
    typealias Answer = @Sendable (HTTPRequest, any Channel) -> (head: HTTPResponse, body: ByteBuffer?)?

    private let answer: Answer
    /// Requests that went on and have not been answered yet.
    private var inProgress = 0
    /// Whether what comes belongs to a request that has been answered here.
    private var isAnswered = false
    private var isToBeFlushed = false
    /// Whether something came that was no request: what comes behind it is not answered here.
    private var isOver = false

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// More than a tile takes: each answer beyond the mark has the whole pipeline told that the client is to be waited
    /// for, and then that it is not.
    static let mostUnsent = 256 << 10

    func handlerAdded(context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(
            .writeBufferWaterMark, value: .init(low: Self.mostUnsent / 2, high: Self.mostUnsent))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // A client that asks on and takes nothing is left to the sequence, which stops reading then.
            if inProgress == 0, !isOver, context.channel.isWritable,
                let (response, body) = answer(head, context.channel)
            {
                isAnswered = true
                isToBeFlushed = true
                context.write(wrapOutboundOut(.head(response)), promise: nil)
                if let body { context.write(wrapOutboundOut(.body(body)), promise: nil) }
                context.write(wrapOutboundOut(.end(nil)), promise: nil)
                return
            }
            inProgress += 1
        case .body:
            if isAnswered { return }
        case .end:
            if isAnswered {
                isAnswered = false
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isToBeFlushed {
            isToBeFlushed = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isOver = true
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { inProgress -= 1 }
        context.write(data, promise: promise)
    }
}
