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
    /// What help says of a default.
    var defaultValueDescription: String { value.rawValue }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// An answer to a question that may also not be asked.
enum YesNo: String, CaseIterable, Hashable, Sendable {
    case yes
    case no
}

/// `key=value` pairs of a flag.
enum KeyValues {
    /// The pairs; a key must not be empty or given twice.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func read(_ texts: [String], flag: String, example: String) throws(CommandsError) -> [String: String] {
        var result: [String: String] = [:]
        for text in texts {
            guard let equal = text.firstIndex(of: "="), equal != text.startIndex else {
                throw .badArgument(name: flag, value: text, problem: "it must be KEY=VALUE", example: example)
            }
            let key = String(text[..<equal])
            guard result.updateValue(String(text[text.index(after: equal)...]), forKey: key) == nil else {
                throw .badArgument(name: flag, value: text, problem: "\(key) is given twice", example: example)
            }
        }
        return result
    }
}
