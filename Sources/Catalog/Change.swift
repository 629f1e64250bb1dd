public import RegistryRecords

/// What a command decides: the events that make it so, and what it answers.
public struct Change<Answer: Sendable> {
    /// The events, in order; none when nothing has to change.
    public let events: [RegistryEvent]
    let answer: (CatalogState, [LoggedEvent]) throws -> Answer

    /// A change whose answer is known before it is made.
    public init(_ events: [RegistryEvent], answer: Answer) {
        self.events = events
        self.answer = { _, _ in answer }
    }

    /// A change whose answer is read once it is made.
    ///
    /// - Parameter answer: Runs in the same transaction, on the state in which the events are applied, with the events
    ///   as entries of the log.
    public init(_ events: [RegistryEvent], answer: @escaping (CatalogState, [LoggedEvent]) throws -> Answer) {
        self.events = events
        self.answer = answer
    }

    /// A change whose answer is read from the state in which it is made.
    public init(_ events: [RegistryEvent], reading answer: @escaping (CatalogState) throws -> Answer) {
        self.events = events
        self.answer = { state, _ in try answer(state) }
    }
}

extension Change where Answer == Void {
    /// A change that answers nothing but that it was made.
    public init(_ events: [RegistryEvent]) {
        self.init(events, answer: ())
    }
}

/// An event with its place in the log.
@dynamicMemberLookup
public struct LoggedEvent: Equatable, Sendable {
    /// What happened.
    public let event: RegistryEvent
    /// The entry as it is stored.
    public let entry: Event

    /// A member of the entry, such as its number.
    public subscript<Value>(dynamicMember member: KeyPath<Event, Value>) -> Value { entry[keyPath: member] }
}

/// What a change came to.
public struct Appended<Answer: Sendable>: Sendable {
    /// The events that were written.
    public let events: [LoggedEvent]
    /// What the command answered.
    public let answer: Answer
}

/// What a change with an idempotency key came to.
public enum AppendedOnce<Answer: Sendable>: Sendable {
    /// It was made now.
    case now(Appended<Answer>)
    /// The same request was answered before, with these events.
    case before([LoggedEvent])
}
