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

    private struct State {
        var links = LoginTable<Name>()
        var sessions = LoginTable<Session>()
    }

    private let state = Mutex(State())

    /// Makes a link for the key `name`: the code that goes into its address.
    func makeLink(for name: Name, now: Timestamp) throws -> String {
        let code = try Logins.secret()
        state.withLock { state in
            state.links.add(code, of: name, expires: now.adding(seconds: Logins.linkSeconds), now: now, name)
        }
        return code
    }

    /// Uses up a link.
    ///
    /// - Returns: The name of the key; nil when the code is unknown, used or too old.
    func redeem(code: String, now: Timestamp) -> Name? {
        state.withLock { state in
            defer { state.links.remove(secret: code) }
            return state.links.value(of: code, now: now)
        }
    }

    /// Opens a session for the key `name`.
    ///
    /// - Returns: The value of the session's cookie.
    func open(for name: Name, now: Timestamp) throws -> String {
        let cookie = try Logins.secret()
        let key = try RandomBytes.make(count: 32)
        let token = HMACSHA256.code(of: Array("form \(cookie)".utf8), key: key).map(Logins.hexadecimal).joined()
        let expires = now.adding(seconds: Logins.sessionSeconds)
        state.withLock { state in
            let session = Session(name: name, formToken: token, expires: expires)
            state.sessions.add(cookie, of: name, expires: expires, now: now, session)
        }
        return cookie
    }

    /// The session of a cookie; nil when there is none.
    func session(cookie: String, now: Timestamp) -> Session? {
        state.withLock { $0.sessions.value(of: cookie, now: now) }
    }

    /// Ends a session.
    func close(cookie: String) { state.withLock { $0.sessions.remove(secret: cookie) } }

    /// 256 random bits.
    private static func secret() throws -> String {
        try RandomBytes.make(count: 32).map(hexadecimal).joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
