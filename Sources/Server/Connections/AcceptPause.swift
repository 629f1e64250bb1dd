import NIOCore

/// Stops accepting for a moment when the process has no descriptor left.
///
/// The connection that cannot be accepted stays in the system's queue, which wakes the event loop without end: NIO's own
/// handler delays reads that are asked for later, but not the one that is under way.
final class AcceptPause: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Channel

    /// How long accepting rests.
    static let pause = TimeAmount.milliseconds(200)

    private let connections: OpenConnections
    private var isPausing = false

    init(_ connections: OpenConnections) { self.connections = connections }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        guard error is IOError, !isPausing else { return }
        isPausing = true
        connections.paused()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.channel.setOption(.autoRead, value: false).whenComplete { _ in
            let (_, context) = bound.value
            context.eventLoop.scheduleTask(in: Self.pause) {
                let (handler, context) = bound.value
                handler.isPausing = false
                context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
            }
        }
    }
}
