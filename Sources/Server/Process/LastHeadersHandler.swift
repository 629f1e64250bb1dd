import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Adds the headers of every answer to the few that the HTTP library makes itself, such as the 400 for a request that
/// cannot be parsed.
final class LastHeadersHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !AnswerHeaders.areIn(head.headerFields) else {
            return context.write(data, promise: promise)
        }
        AnswerHeaders.add(to: &head.headerFields, requestID: nil)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
