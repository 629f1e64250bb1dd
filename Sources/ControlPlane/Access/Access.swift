import Catalog
import Digests
import Foundation
import Gateway
public import RegistryRecords
public import RegistryTypes
import Synchronization
public import WireFormat
import Wording

/// Keys: who may do what.
public struct Access: Sendable {
    let ledger: Ledger
    let cache: KeyCache
    let deadlines: GatewayDeadlines

    /// The caller whose token this is; nil for an unknown or revoked token. Both take the same path.
    public func authenticate(token: String) async throws -> Caller? {
        let hash = KeyToken.hash(of: token)
        let (known, generation) = cache.caller(hash)
        if let known { return known }
        let key = try await ledger.read(.first) { try $0.key(tokenHash: hash) }
        guard let key, key.revokedAt == nil else { return nil }
        let caller = Caller(
            name: key.name,
            role: key.role,
            capture: key.capture,
            deadlineMilliseconds: key.deadlineMilliseconds
        )
        cache.keep(caller, hash, generation: generation)
        return caller
    }

    /// Makes the key `admin` when there is no key yet, and gives its token.
    ///
    /// Called once the server has its port: a start that fails must not use up the only token there will be. For the
    /// same reason the token is delivered before it is made to work: a crash in between leaves a token that does not
    /// work, and the next start delivers another one. On a log that nothing is changed on, none is made.
    /// - Parameters:
    ///   - deliver: Hands the token to the person who started the server, and says how.
    ///   - takeBack: Undoes what `deliver` did with a token that works nowhere, because the key could not be written.
    /// - Returns: How the token was handed over; nil when there is a key already.
    /// - Throws: ``ControlPlaneError``, and what `deliver` throws; no key is made then.
    @discardableResult
    public func makeFirstKey<Delivery: Sendable>(
        deliver: @Sendable (String) throws -> Delivery,
        takeBack: @Sendable (Delivery) -> Void = { _ in }
    ) async throws -> Delivery? {
        guard try await ledger.read(.usual, { try $0.count(.keys) }) == 0 else { return nil }
        try ledger.requireChangeable()
        let token = try KeyToken.draw(), hash = KeyToken.hash(of: token)
        let delivery = try deliver(token)
        do {
            let isMade = try await ledger.append(by: .system) { state in
                guard try state.count(.keys) == 0 else { return Change([], answer: false) }
                let event = KeyCreated(name: .known("admin"), role: .admin, tokenHash: hash)
                return Change([.keyCreated(event)], answer: true)
            }.answer
            if isMade { return delivery }
        } catch {
            takeBack(delivery)
            throw error
        }
        takeBack(delivery)
        return nil
    }

    /// Makes a key; its token is in the answer and nowhere else.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict` when the name was ever used.
    public func createKey(_ request: KeyRequest, by caller: Caller) async throws -> KeyAnswer {
        try caller.require(.makeKey)
        try Self.requireKeyName(request.name, next: "choose another name: \(.keyCreate(role: request.role))")
        if let milliseconds = request.deadlineMilliseconds, !(1...86_400_000).contains(milliseconds) {
            throw ControlPlaneError(.badRequest, "deadlineMilliseconds must be from 1 to 86400000, which is a day")
        }
        let token = try KeyToken.draw()
        return try await ledger.append(by: caller) { state in
            guard try state.key(request.name) == nil else {
                throw ControlPlaneError(
                    .conflict,
                    "key \"\(request.name)\" exists already",
                    why: "names of keys are never used again, so that the log stays clear about who acted",
                    next: "choose another name: \(.keyCreate(role: request.role))"
                )
            }
            let event = KeyCreated(
                name: request.name,
                role: request.role,
                tokenHash: KeyToken.hash(of: token),
                capture: request.capture ?? .metadata,
                deadlineMilliseconds: request.deadlineMilliseconds
            )
            let note = deadlines.note(on: request.deadlineMilliseconds.map { Double($0) / 1000 })
            return Change([.keyCreated(event)]) {
                KeyAnswer(key: try $0.requireKey(request.name), token: token, note: note)
            }
        }.answer
    }

    /// Refuses a name under which the log says that nobody with a key acted.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict`.
    static func requireKeyName(_ name: Name, next: Advice) throws(ControlPlaneError) {
        guard [Caller.system.name, Caller.offline.name].contains(name) else { return }
        throw ControlPlaneError(
            .conflict,
            "no key can be called \"\(name)\"",
            why: "the log says \"\(name)\" where nobody with a key acted",
            next: next
        )
    }

    /// A part of the keys by name, revoked ones too.
    public func keys(_ part: NamedPart = NamedPart()) async throws -> ListAnswer<KeyRecord> {
        try await ledger.read { state in
            let total = part.prefix.isEmpty ? try state.count(.keys) : nil
            return ListAnswer(read: try state.keys(NamePart(part)), limit: part.limit, total: total) { $0.name.text }
        }
    }

    /// The key of a name, also a revoked one; nil when there never was one.
    public func key(_ name: Name) async throws -> KeyRecord? { try await ledger.read { try $0.key(name) } }

    /// The oldest admin key that works; nil when none does.
    public func firstAdmin() async throws -> KeyRecord? { try await ledger.read { try $0.workingKey(.admin) } }

    /// Revokes a key; it stops working at once.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `conflict` for the last admin key.
    public func revokeKey(_ name: Name, by caller: Caller) async throws -> RevokedKey {
        try caller.require(.revokeKey)
        return try await ledger.append(by: caller, urgency: .move) { state in
            let key = try state.requireKey(name)
            if let before = key.revokedAt {
                let note = "key \"\(name)\" was revoked before, \(TimeText.second(before)); nothing was stored now"
                return Change([], answer: RevokedKey(key: key, note: note))
            }
            guard try key.role != .admin || state.workingKey(.admin, besides: name) != nil else {
                throw ControlPlaneError(
                    .conflict,
                    "\"\(name)\" is the last admin key",
                    why: "nobody could make keys or change policies any more",
                    next: "make another one first: \(.keyCreate(role: .admin))"
                )
            }
            return Change([.keyRevoked(KeyRevoked(name: name))]) { RevokedKey(key: try $0.requireKey(name)) }
        }.answer
    }
}

/// The secret of a key: `srn_` and 43 letters that hold 256 random bits. Only its SHA-256 is ever stored.
enum KeyToken {
    /// A new token.
    ///
    /// - Throws: `DigestsError.noRandomBytes`.
    static func draw() throws -> String {
        let text = Data(try RandomBytes.make(count: 32)).base64EncodedString()
        let bytes = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 0x2b: 0x2d
            case 0x2f: 0x5f
            case 0x3d: nil
            default: byte
            }
        }
        return "srn_" + String(decoding: bytes, as: UTF8.self)
    }

    /// What is stored of a token. A token has 256 random bits, so one round of SHA-256 is enough.
    static func hash(of token: String) -> Digest { Digest(of: Data(token.utf8)) }
}

/// The callers behind tokens seen lately, so that a request does not ask the database who sends it.
///
/// Emptied whenever a key is made or revoked. An answer that was read before and comes after that is not kept.
final class KeyCache: Sendable {
    private struct State {
        var callers: [Digest: Caller] = [:]
        var generation = 0
    }

    private let state = Mutex(State())
    /// Callers that are kept.
    private static let limit = 1000

    /// The caller whose token has this hash, when it was seen lately; and what to give to ``keep(_:_:generation:)``.
    func caller(_ hash: Digest) -> (caller: Caller?, generation: Int) {
        state.withLock { ($0.callers[hash], $0.generation) }
    }

    /// Keeps a caller, unless keys changed since `generation`.
    func keep(_ caller: Caller, _ hash: Digest, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.callers.count >= Self.limit { state.callers = [:] }
            state.callers[hash] = caller
        }
    }

    /// Forgets everybody.
    func clear() {
        state.withLock { state in
            state.callers = [:]
            state.generation += 1
        }
    }
}

/// Who asks: the key behind a request.
public struct Caller: Hashable, Sendable {
    /// The name of the key, which the log records as the actor.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests.
    public let capture: CapturePolicy
    /// Milliseconds that its requests may take; nil where the key says nothing.
    public let deadlineMilliseconds: Int?

    /// A caller with a role.
    public init(
        name: Name,
        role: Role,
        capture: CapturePolicy = .metadata,
        deadlineMilliseconds: Int? = nil
    ) {
        self.name = name
        self.role = role
        self.capture = capture
        self.deadlineMilliseconds = deadlineMilliseconds
    }

    /// Refuses an operation that the role does not allow.
    ///
    /// - Parameter what: The operation in words, where more can be said than its own.
    /// - Throws: ``ControlPlaneError`` of kind `notAllowed`.
    func require(_ operation: RegistryTypes.Operation, what: String? = nil) throws(ControlPlaneError) {
        let permission = operation.permission
        guard permission.isGranted(to: role) else {
            let needed = permission.minRole.map(\.rawValue) ?? "any"
            throw ControlPlaneError(
                .notAllowed,
                "key \"\(name)\" may not \(what ?? operation.words)",
                why: "its role is \(role.rawValue); this needs \(needed)",
                next: "ask an admin, or use another key: \(.login)"
            )
        }
    }

    /// Who acts when no person does.
    static let system = Caller(name: .known("serin"), role: .admin)

    /// Who acts on the files of a folder while no server does.
    static let offline = Caller(name: .known("offline"), role: .admin)
}

extension GatewayDeadlines {
    /// That requests do not get all of a deadline that somebody sets, where this server allows less; nil where they do.
    func note(on seconds: Double?) -> String? {
        guard let seconds, seconds > maxSeconds else { return nil }
        return "a deadline of \(NumberText.setTime(seconds)) is more than this server allows: requests get "
            + "\(NumberText.setTime(maxSeconds)) at most, which its --max-deadline says"
    }
}
