import ControlPlane
import Digests
import Hummingbird
import RegistryRecords
import RegistryTypes
import WireFormat

/// Says who asks: a bearer token on the API, a session on pages; the JSON of a page takes either. Nothing else is taken in
/// the place of the other.
struct Gatekeeper: Sendable {
    /// A browser that is logged in, or a program that reads the JSON of a page.
    struct Visitor: Sendable {
        /// Who.
        let caller: Caller
        /// The session; nil for a program.
        var session: Logins.Session?
        /// Its cookie; nil for a program.
        var cookie: String?
    }

    let plane: ControlPlane
    let logins: Logins
    /// The name of the cookie. `__Host-` binds it to this host, and needs TLS.
    let cookieName: String
    /// What is connected, which is told who asks.
    let connections: OpenConnections
    let now: @Sendable () -> Timestamp

    /// Tokens longer than this are unknown.
    static let maxTokenBytes = 512

    /// Whether a token was sent at all.
    static func sendsToken(_ request: Request) -> Bool { request.headers[.authorization] != nil }

    /// Who sent the bearer token; nil when it is missing, unknown or revoked.
    func caller(_ request: Request) async throws -> Caller? {
        guard let header = request.headers[.authorization] else { return nil }
        let bytes = header.utf8, scheme = "bearer ".utf8
        guard bytes.count > scheme.count, bytes.count <= Gatekeeper.maxTokenBytes,
            zip(bytes, scheme).allSatisfy({ ($0 | 0x20) == $1 })
        else { return nil }
        return try await plane.access.authenticate(
            token: String(decoding: Array(bytes.dropFirst(scheme.count)), as: UTF8.self)
        )
    }

    /// Tells whose request came on a connection.
    ///
    /// - Throws: `Problem` when there is no place for it.
    func admit(_ caller: Caller, on connection: ObjectIdentifier) throws(Problem) {
        let peer = ConnectionTable<ObjectIdentifier>.Peer.key(caller.name.text, isAdmin: caller.role == .admin)
        guard connections.identified(connection, as: peer) else { throw .noPlace(open: connections.count) }
    }

    /// Who is logged in with the request's cookie; nil when nobody is, or the key was revoked since.
    func visitor(_ request: Request) async throws -> Visitor? {
        guard let cookie = cookie(request), let session = logins.session(cookie: cookie, now: now()) else { return nil }
        guard let caller = try await caller(named: session.name) else {
            logins.close(cookie: cookie)
            return nil
        }
        return Visitor(caller: caller, session: session, cookie: cookie)
    }

    /// The key `name` as a caller; nil when it is unknown or revoked.
    func caller(named name: Name) async throws -> Caller? {
        let key = try await plane.access.key(name)
        return key.flatMap { $0.revokedAt == nil ? Caller(name: $0.name, role: $0.role) : nil }
    }

    /// Whether a form's token is the one of the session.
    static func isGenuine(_ token: String?, of session: Logins.Session?) -> Bool {
        guard let session else { return false }
        return ConstantTime.isEqual(Array((token ?? "").utf8), Array(session.formToken.utf8))
    }

    /// The header that hands a session to the browser.
    func setCookie(_ value: String) -> String {
        "\(cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Int(Logins.sessionSeconds))\(secureFlag)"
    }

    /// The header that takes it away.
    var clearCookie: String { "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\(secureFlag)" }

    private var secureFlag: String { cookieName.hasPrefix("__Host-") ? "; Secure" : "" }

    private func cookie(_ request: Request) -> String? {
        guard let header = request.headers[.cookie] else { return nil }
        for pair in header.utf8.split(separator: UInt8(ascii: ";")).prefix(50) {
            let pair = pair.drop { $0 == UInt8(ascii: " ") }
            let name = Array(cookieName.utf8) + [UInt8(ascii: "=")]
            if pair.starts(with: name) { return String(decoding: Array(pair.dropFirst(name.count)), as: UTF8.self) }
        }
        return nil
    }
}
