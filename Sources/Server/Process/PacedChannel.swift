import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 on connections whose other ends send and read at a decent pace.
struct PacedChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let connections: OpenConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let id = ObjectIdentifier(channel), connections = connections
            guard connections.opened(channel) else { throw ChannelError.eof }
            channel.closeFuture.whenComplete { _ in connections.closed(id) }
            try channel.pipeline.syncOperations.addHandler(PaceHandler(connections))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Closes a connection whose other end is too slow, or shows no key for too long. Looks now and then, not at every byte.
private final class PaceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// Seconds between two looks.
    private static let interval = TimeAmount.seconds(5)

    private let connections: OpenConnections
    private var pace = SenderPace()
    private var reader = ReaderPace()
    private var watch: RepeatedTask?

    init(_ connections: OpenConnections) { self.connections = connections }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pace.received(unwrapInboundIn(data).readableBytes, at: PaceHandler.seconds(.now()))
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        pace.sent()
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        reader.changed(isFull: !context.channel.isWritable, at: PaceHandler.seconds(.now()))
        context.fireChannelWritabilityChanged()
    }

    private func start(_ context: ChannelHandlerContext) {
        guard watch == nil else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
            let (handler, context) = bound.value
            let now = PaceHandler.seconds(.now())
            if handler.pace.isTooSlow(at: now) || handler.reader.isTooSlow(at: now)
                || handler.connections.isOverdue(ObjectIdentifier(context.channel))
            {
                context.close(promise: nil)
            }
        }
    }

    private static func seconds(_ deadline: NIODeadline) -> Double { Double(deadline.uptimeNanoseconds) / 1e9 }
}
