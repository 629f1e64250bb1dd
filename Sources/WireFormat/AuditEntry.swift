public import RegistryRecords

/// An entry of the log as it is listed: what is stored, and what its facts say of before, after and why. What is sent
/// of it is ``Event/shown``: no secret, and no hash of one.
@dynamicMemberLookup
public struct AuditEntry: Hashable, Sendable, Codable {
    /// What is stored.
    public let event: Event
    /// What was before, what is now, and why; nothing of kinds that this build does not know.
    public let change: EventChange

    /// Reads what the facts of `event` say.
    public init(_ event: Event) {
        self.event = event
        change = (try? RegistryEvent(event))?.change ?? EventChange()
    }

    /// A member of what is stored.
    public subscript<Value>(dynamicMember member: KeyPath<Event, Value>) -> Value { event[keyPath: member] }

    private enum CodingKeys: String, CodingKey { case from, to, reason }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        // What the server says of a kind that it knows and this build does not is kept.
        let read = AuditEntry(try Event(from: decoder))
        event = read.event
        change = EventChange(
            from: try own.decodeIfPresent(String.self, forKey: .from) ?? read.change.from,
            to: try own.decodeIfPresent(String.self, forKey: .to) ?? read.change.to,
            reason: try own.decodeIfPresent(String.self, forKey: .reason) ?? read.change.reason
        )
    }

    public func encode(to encoder: any Encoder) throws {
        try event.shown.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encodeIfPresent(change.from, forKey: .from)
        try own.encodeIfPresent(change.to, forKey: .to)
        try own.encodeIfPresent(change.reason, forKey: .reason)
    }
}
