import Gateway
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What a connection needs while a model answers on it: a sign of life in streams that are silent for long, word of a
/// client that left, and an end to bodies that nobody wants.
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

    private let disconnects: Disconnects
    /// Requests to models that are not answered yet.
    private var open = 0
    /// Whether the body of the last one is still arriving.
    private var isArriving = false
    /// Whether it was answered before its end, and the rest of it is thrown away.
    private var isDiscarding = false
    private var watch: RepeatedTask?
    private var wasQuiet = true

    init(_ disconnects: Disconnects) { self.disconnects = disconnects }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDiscarding else { return }
        switch unwrapInboundIn(data) {
        case .head(let head) where OpenAIAddress.owns(head.path ?? ""):
            open += 1
            isArriving = true
            // Some clients wait a second for this word before they send a body.
            if head.headerFields[.expect]?.lowercased() == "100-continue", !Self.isTooLarge(head) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .head, .end: isArriving = false
        case .body: break
        }
        context.fireChannelRead(data)
    }

    private static func isTooLarge(_ head: HTTPRequest) -> Bool {
        guard let length = head.headerFields[.contentLength] else { return false }
        return (Int(length) ?? .max) > Gateway.limitBytes
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if open > 0, let event = event as? ChannelEvent, case .inputClosed = event {
            disconnects.left(ObjectIdentifier(context.channel))
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        if open > 0 { disconnects.left(ObjectIdentifier(context.channel)) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if isArriving {
                head.headerFields[.connection] = "close"
                return context.write(wrapOutboundOut(.head(head)), promise: promise)
            }
            if head.headerFields[.contentType]?.utf8.starts(with: "text/event-stream".utf8) == true { start(context) }
        case .body: wasQuiet = false
        case .end:
            watch?.cancel()
            watch = nil
            open = max(0, open - 1)
            if isArriving {
                context.writeAndFlush(data, promise: promise)
                return leave(context)
            }
        }
        context.write(data, promise: promise)
    }

    /// Closes a connection whose body is still coming, but not before the client had time to read the answer: bytes that
    /// arrive at a closed socket make the system throw away what was sent.
    private func leave(_ context: ChannelHandlerContext) {
        isDiscarding = true
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(1)) { bound.value.close(promise: nil) }
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
