import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What a connection needs while a model answers on it: a sign of life in streams that are silent for long, and word of
/// a client that left.
///
/// A client that closes only its own direction counts as gone as well: no client of the API does that and still reads.
final class ServedConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A line that clients of server-sent events skip.
    static let comment = ": ping\n\n"
    /// Proxies commonly give up on a connection after 30 or 60 seconds of silence.
    private static let silence = TimeAmount.seconds(15)

    private let departures: Departures
    /// Requests to models that are not answered yet.
    private var open = 0
    private var watch: RepeatedTask?
    private var wasQuiet = true

    init(_ departures: Departures) { self.departures = departures }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), OpenAIAddress.owns(head.path ?? "") { open += 1 }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if open > 0, let event = event as? ChannelEvent, case .inputClosed = event {
            departures.left(ObjectIdentifier(context.channel))
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        if open > 0 { departures.left(ObjectIdentifier(context.channel)) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.contentType]?.utf8.starts(with: "text/event-stream".utf8) == true { start(context) }
        case .body: wasQuiet = false
        case .end:
            watch?.cancel()
            watch = nil
            open = max(0, open - 1)
        }
        context.write(data, promise: promise)
    }

    private func start(_ context: ChannelHandlerContext) {
        watch?.cancel()
        wasQuiet = false
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.silence, delay: Self.silence) { _ in
            let (handler, context) = bound.value
            if handler.wasQuiet {
                let comment = context.channel.allocator.buffer(string: Self.comment)
                context.writeAndFlush(handler.wrapOutboundOut(.body(comment)), promise: nil)
            }
            handler.wasQuiet = true
        }
    }
}
