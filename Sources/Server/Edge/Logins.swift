import Digests
import Foundation
import RegistryTypes
import Synchronization

/// The one-time links and the sessions of browsers. They live in memory: a restart logs browsers out.
final class Logins: Sendable {
    /// A browser that is logged in.
    struct Session: Hashable, Sendable {
        /// The name of the key.
        let name: Name
        /// What each form of the session carries.
        let formToken: String
        /// When it ends.
        let expires: Timestamp
    }

    /// Seconds that a link works.
    static let linkSeconds = 900.0
    /// Seconds that a session lasts.
    static let sessionSeconds = 12 * 3600.0
    /// The most links and the most sessions that are kept; the ones that end first make room.
    static let maxEntries = 1000

    private struct State {
        var links: [Digest: (name: Name, expires: Timestamp)] = [:]
        var sessions: [Digest: Session] = [:]
    }

    private let state = Mutex(State())

    /// Makes a link for the key `name`: the code that goes into its address.
    func makeLink(for name: Name, now: Timestamp) throws -> String {
        let code = try Logins.secret()
        state.withLock { state in
            state.links = state.links.filter { $0.value.expires > now }
            Logins.makeRoom(in: &state.links) { $0.expires }
            state.links[Logins.hash(code)] = (name, now.adding(seconds: Logins.linkSeconds))
        }
        return code
    }

    /// Uses up a link.
    ///
    /// - Returns: The name of the key; nil when the code is unknown, used or too old.
    func redeem(code: String, now: Timestamp) -> Name? {
        state.withLock { state in
            guard let link = state.links.removeValue(forKey: Logins.hash(code)), link.expires > now else { return nil }
            return link.name
        }
    }

    /// Opens a session for the key `name`.
    ///
    /// - Returns: The value of the session's cookie.
    func open(for name: Name, now: Timestamp) throws -> String {
        let cookie = try Logins.secret()
        let key = try RandomBytes.make(count: 32)
        let token = HMACSHA256.code(of: Array("form \(cookie)".utf8), key: key).map(Logins.hexadecimal).joined()
        state.withLock { state in
            state.sessions = state.sessions.filter { $0.value.expires > now }
            Logins.makeRoom(in: &state.sessions) { $0.expires }
            state.sessions[Logins.hash(cookie)] = Session(
                name: name,
                formToken: token,
                expires: now.adding(seconds: Logins.sessionSeconds)
            )
        }
        return cookie
    }

    /// The session of a cookie; nil when there is none.
    func session(cookie: String, now: Timestamp) -> Session? {
        state.withLock { state in
            state.sessions[Logins.hash(cookie)].flatMap { $0.expires > now ? $0 : nil }
        }
    }

    /// Ends a session.
    func close(cookie: String) {
        _ = state.withLock { $0.sessions.removeValue(forKey: Logins.hash(cookie)) }
    }

    /// 256 random bits. Only the hash is kept, so that the time of a look-up says nothing about the secret.
    private static func secret() throws -> String {
        try RandomBytes.make(count: 32).map(hexadecimal).joined()
    }

    private static func hash(_ secret: String) -> Digest { Digest(of: Array(secret.utf8)) }

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func makeRoom<Value>(in table: inout [Digest: Value], _ expires: (Value) -> Timestamp) {
        guard table.count >= maxEntries, let first = table.min(by: { expires($0.value) < expires($1.value) }) else {
            return
        }
        table.removeValue(forKey: first.key)
    }
}
