import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// The headers of every answer, errors and all: nothing may run, be framed, be sniffed or be kept.
enum AnswerHeaders {
    /// Pages have no script at all; styles and forms are our own.
    static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    /// What users uploaded is shown by nobody.
    static let blobPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"

    /// `same-origin` and not `no-referrer`: with the latter browsers send `Origin: null` from our own forms.
    private static let fixed: [(HTTPField.Name, String)] = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }

    /// Browsers that were here over TLS once come no other way for a year. Other names of the domain are not ours to bind.
    private static let secureOnly = "max-age=31536000"

    private static let secureName = HTTPField.Name("Strict-Transport-Security")
    private static let policyName = HTTPField.Name("Content-Security-Policy")
    private static let requestName = HTTPField.Name("X-Request-ID")

    /// Whether the headers were added already.
    static func areIn(_ headers: HTTPFields) -> Bool { policyName.map { headers[$0] != nil } ?? true }

    /// Adds the headers; what a handler has set for itself stays.
    ///
    /// - Parameter isSecure: Whether the connection has TLS.
    static func add(to headers: inout HTTPFields, requestID: String?, isSecure: Bool) {
        if let policyName, headers[policyName] == nil { headers[policyName] = policy }
        for (name, value) in fixed { headers[name] = value }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        if isSecure, let secureName { headers[secureName] = secureOnly }
        if let requestName, let requestID { headers[requestName] = requestID }
    }
}

/// Adds the headers of every answer to the few that the HTTP library makes itself, such as the 400 for a request that
/// cannot be parsed.
final class LastHeadersHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let isSecure: Bool

    init(isSecure: Bool) { self.isSecure = isSecure }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !AnswerHeaders.areIn(head.headerFields) else {
            return context.write(data, promise: promise)
        }
        AnswerHeaders.add(to: &head.headerFields, requestID: nil, isSecure: isSecure)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
