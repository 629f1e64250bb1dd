import ArgumentParser

/// One of a few words as an argument, written as the interface writes them.
struct Choice<Value>: ExpressibleByArgument, Hashable, Sendable
where Value: RawRepresentable & CaseIterable & Hashable & Sendable, Value.RawValue == String {
    let value: Value

    init(_ value: Value) { self.value = value }

    init?(argument: String) {
        guard let value = Value(rawValue: argument) else { return nil }
        self.value = value
    }

    static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// An answer to a question that may also not be asked.
enum YesNo: String, CaseIterable, Hashable, Sendable {
    case yes
    case no
}
