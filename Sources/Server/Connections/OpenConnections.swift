import Foundation
import NIOCore
import NIOHTTPTypes
import Synchronization

/// The connections of a running server: closes those that the table says.
final class OpenConnections: Sendable {
    private struct State {
        var table: ConnectionTable<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
        var counts = Counts()
    }

    /// What happened to connections since the start.
    struct Counts: Hashable, Sendable {
        /// Closed because they showed no key for too long.
        var overdue = 0
        /// Closed to make room for others.
        var replaced = 0
        /// Closed as they came, or told that there is no place.
        var refused = 0
        /// How often accepting paused because the process had no descriptors left.
        var pauses = 0
    }

    private let state: Mutex<State>

    init(_ limits: ConnectionLimits) { state = Mutex(State(table: ConnectionTable(limits))) }

    /// Connections that are open.
    var count: Int { state.withLock { $0.table.count } }

    /// What happened to connections since the start.
    var counts: Counts { state.withLock { $0.counts } }

    /// Sets the limits, before the first connection is accepted.
    func setLimits(_ limits: ConnectionLimits) {
        state.withLock { if $0.table.count == 0 { $0.table = ConnectionTable(limits) } }
    }

    /// Takes a connection in, and closes what must go for it.
    ///
    /// - Returns: False when it is to be closed itself.
    func opened(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let (isTaken, closing) = state.withLock { state -> (Bool, [any Channel]) in
            switch state.table.opened(id, from: Self.address(of: channel), at: Self.seconds(.now())) {
            case .refused:
                state.counts.refused += 1
                return (false, [])
            case .taken(let ids):
                state.channels[id] = channel
                state.counts.replaced += ids.count
                return (true, ids.compactMap { state.channels.removeValue(forKey: $0) })
            }
        }
        for channel in closing { channel.close(promise: nil) }
        return isTaken
    }

    /// A connection is closed.
    func closed(_ id: ObjectIdentifier) {
        state.withLock { state in
            state.table.closed(id)
            state.channels[id] = nil
        }
    }

    /// The header of a request is complete.
    func began(_ id: ObjectIdentifier) { state.withLock { $0.table.began(id) } }

    /// The last byte of an answer was written.
    func answered(_ id: ObjectIdentifier) { state.withLock { $0.table.answered(id, at: Self.seconds(.now())) } }

    /// Whether the request of `peer` on a connection may be answered.
    func identified(_ id: ObjectIdentifier, as peer: ConnectionTable<ObjectIdentifier>.Peer) -> Bool {
        state.withLock { state in
            let mayBeAnswered = state.table.identified(id, as: peer)
            if !mayBeAnswered { state.counts.refused += 1 }
            return mayBeAnswered
        }
    }

    /// Whether a connection has shown no key, and been silent, for too long.
    func isOverdue(_ id: ObjectIdentifier) -> Bool {
        state.withLock { state in
            let isOverdue = state.table.isOverdue(id, at: Self.seconds(.now()))
            if isOverdue { state.counts.overdue += 1 }
            return isOverdue
        }
    }

    /// Accepting pauses: no descriptor was left.
    func paused() { state.withLock { $0.counts.pauses += 1 } }

    /// The other end as it is counted: an address of version 4, or the network of one of version 6, which anybody has who has
    /// one address of it.
    private static func address(of channel: any Channel) -> String {
        channel.remoteAddress?.ipAddress.map { network(of: $0) } ?? ""
    }

    static func network(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        return isMapped
            ? bytes.suffix(4).map(String.init).joined(separator: ".")
            : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func seconds(_ deadline: NIODeadline) -> Double { Double(deadline.uptimeNanoseconds) / 1e9 }
}

/// Tells ``OpenConnections`` when a connection is asked and answered.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: OpenConnections

    init(_ connections: OpenConnections) { self.connections = connections }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { connections.began(ObjectIdentifier(context.channel)) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { connections.answered(ObjectIdentifier(context.channel)) }
        context.write(data, promise: promise)
    }
}
