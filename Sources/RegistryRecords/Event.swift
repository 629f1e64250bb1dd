public import Digests
import Foundation
public import RegistryTypes
public import StrictJSON

/// One entry of the log.
public struct Event: Hashable, Sendable, Codable {
    /// Its place, from 1 on without gaps.
    public let seq: Int
    /// When it was written, by the server's clock.
    public let time: Timestamp
    /// Who caused it.
    public let actor: String
    /// What happened, such as `channel.moved`.
    public let kind: String
    /// What it happened to, such as `ticket-bot@production`.
    public let subject: String
    /// The facts, as canonical JSON.
    public let body: String
    /// The hash of the entry before; all zero for the first.
    public let previous: Digest
    /// The SHA-256 over all of the above.
    public let hash: Digest

    /// Makes the value from its fields.
    public init(
        seq: Int,
        time: Timestamp,
        actor: String,
        kind: String,
        subject: String,
        body: String,
        previous: Digest,
        hash: Digest
    ) {
        self.seq = seq
        self.time = time
        self.actor = actor
        self.kind = kind
        self.subject = subject
        self.body = body
        self.previous = previous
        self.hash = hash
    }

    /// The form of the body, by which the digests of what it holds were made as well.
    ///
    /// - Throws: `DecodingError` when the body states a form that this build does not know.
    public func form() throws -> CanonicalJSON.Form {
        try CanonicalJSON.decode(StatedForm.self, from: Data(body.utf8)).form ?? .foundation
    }
}

extension Event {
    /// The entry as whoever reads the log is shown it: its facts without what is a secret, or the hash of one. ``hash``
    /// stays that of what is stored.
    public var shown: Event {
        let secret = RegistryEvent.secretMembers(of: kind)
        guard !secret.isEmpty else { return self }
        return Event(
            seq: seq,
            time: time,
            actor: actor,
            kind: kind,
            subject: subject,
            body: Self.text(body, without: secret),
            previous: previous,
            hash: hash
        )
    }

    /// What cannot be read, and so not be looked through, is shown as nothing.
    private static func text(_ body: String, without secret: Set<String>) -> String {
        guard case .object(let members)? = try? JSONText.parse(body) else { return "{}" }
        let shown = JSONValue.object(members.filter { !secret.contains($0.key) })
        return (try? CanonicalJSON.encode(shown)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// The facts of a kind of event: what its entry's body holds.
public protocol EventBody: Hashable, Sendable, Codable {
    /// The kind as stored, such as `channel.moved`; never changes.
    static var kind: String { get }
    /// What it happened to, such as `ticket-bot@production`.
    var subject: String { get }
    /// What was before, what is now, and why, as far as the event says.
    var change: EventChange { get }
    /// The members that are a secret, or the hash of one: nobody who reads the log is shown them.
    static var secretMembers: Set<String> { get }
}

extension EventBody {
    /// Most events hold no secret.
    public static var secretMembers: Set<String> { [] }
}

/// What a body says of its own form; bodies of the first builds say nothing.
struct StatedForm: Codable {
    let form: CanonicalJSON.Form?
}

extension EventBody {
    /// The body as new entries store it: canonical JSON, with the form as one more member.
    ///
    /// - Throws: `EncodingError`.
    func stored() throws -> Data {
        try CanonicalJSON.encode(Joined(StatedForm(form: .rfc8785), self), as: .rfc8785)
    }
}

/// Two values whose members stand in one object.
private struct Joined<First: Encodable, Second: Encodable>: Encodable {
    let first: First
    let second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    func encode(to encoder: any Encoder) throws {
        try first.encode(to: encoder)
        try second.encode(to: encoder)
    }
}

/// What the tables hold of a thing: the event that made it, and what later events changed. The members of the event
/// read as the record's own, and stand beside them in its JSON, so that a new fact is added to the event alone.
@dynamicMemberLookup
public protocol EventRecord: Hashable, Sendable {
    /// The facts of the event that made it.
    associatedtype Body: EventBody
    /// The event that made it.
    var event: Body { get }
}

extension EventRecord {
    /// A fact of the event.
    public subscript<Value>(dynamicMember member: KeyPath<Body, Value>) -> Value { event[keyPath: member] }
}

/// A record of something that never changes: its event, who caused it and when.
public struct Recorded<Body: EventBody>: EventRecord, Codable {
    /// The event.
    public let event: Body
    /// Who caused it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// What `by` caused at a moment.
    public init(_ event: Body, by: String, at: Timestamp) {
        self.event = event
        self.by = by
        self.at = at
    }

    private enum CodingKeys: String, CodingKey { case by, at }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try Body(from: decoder)
        by = try own.decode(String.self, forKey: .by)
        at = try own.decode(Timestamp.self, forKey: .at)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(by, forKey: .by)
        try own.encode(at, forKey: .at)
    }
}
