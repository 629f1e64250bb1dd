import Catalog
import Digests
public import RegistryRecords
public import RegistryTypes
public import WireFormat

/// Keys: who may do what.
public struct Access: Sendable {
    let ledger: Ledger
    let cache: KeyCache

    /// The caller whose token this is; nil for an unknown or revoked token. Both take the same path.
    public func authenticate(token: String) async throws -> Caller? {
        let hash = KeyToken.hash(of: token)
        let (known, generation) = cache.caller(hash)
        if let known { return known }
        let key = try await ledger.read { try $0.key(tokenHash: hash) }
        guard let key, key.revokedAt == nil else { return nil }
        let caller = Caller(name: key.name, role: key.role, capture: key.capture)
        cache.keep(caller, hash, generation: generation)
        return caller
    }

    /// Makes the key `admin` when there is no key yet, and gives its token.
    ///
    /// Called once the server has its port: a start that fails must not use up the only token there will be. For the
    /// same reason the token is delivered before it is made to work: a crash in between leaves a token that does not
    /// work, and the next start delivers another one.
    /// - Parameter deliver: Hands the token to the person who started the server.
    @discardableResult
    public func makeFirstKey(deliver: @Sendable (String) throws -> Void = { _ in }) async throws -> String? {
        guard try await keys().isEmpty else { return nil }
        let token = try KeyToken.draw()
        try deliver(token)
        return try await ledger.append(by: .system) { state in
            guard try state.keys().isEmpty else { return Change([], answer: nil) }
            let hash = KeyToken.hash(of: token)
            return Change([.keyCreated(KeyCreated(name: .known("admin"), role: .admin, tokenHash: hash))], answer: token)
        }.answer
    }

    /// Makes a key; its token is in the answer and nowhere else.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict` when the name was ever used.
    public func createKey(_ request: KeyRequest, by caller: Caller) async throws -> KeyAnswer {
        try caller.require(.administer, to: "make keys")
        let token = try KeyToken.draw()
        return try await ledger.append(by: caller) { state in
            guard try state.key(request.name) == nil else {
                throw ControlPlaneError(
                    .conflict,
                    "key \"\(request.name)\" exists already",
                    why: "names of keys are never used again, so that the log stays clear about who acted",
                    next: "choose another name: serin key create NAME --role \(request.role.rawValue)"
                )
            }
            let event = KeyCreated(
                name: request.name,
                role: request.role,
                tokenHash: KeyToken.hash(of: token),
                capture: request.capture ?? .metadata
            )
            return Change([.keyCreated(event)]) { KeyAnswer(key: try $0.requireKey(request.name), token: token) }
        }.answer
    }

    /// All keys, revoked ones too.
    public func keys() async throws -> [KeyRecord] { try await ledger.read { try $0.keys() } }

    /// Revokes a key; it stops working at once.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `conflict` for the last admin key.
    public func revokeKey(_ name: Name, by caller: Caller) async throws -> KeyRecord {
        try caller.require(.administer, to: "revoke keys")
        return try await ledger.append(by: caller) { state in
            let keys = try state.keys()
            let key = try state.requireKey(name)
            guard key.revokedAt == nil else { return Change([], answer: key) }
            let admins = keys.filter { $0.role == .admin && $0.revokedAt == nil }
            guard admins != [key] else {
                throw ControlPlaneError(
                    .conflict,
                    "\"\(name)\" is the last admin key",
                    why: "nobody could make keys or change policies any more",
                    next: "make another one first: serin key create NAME --role admin"
                )
            }
            return Change([.keyRevoked(KeyRevoked(name: name))]) { try $0.requireKey(name) }
        }.answer
    }
}
