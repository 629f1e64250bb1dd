public import RegistryTypes

/// The texts of a request as they may be stored. Only a ``Redactor`` makes them.
public struct RedactedBody: Hashable, Sendable {
    /// The texts.
    public let body: RequestBody
    /// The placeholders in them by name, such as `EMAIL_1`, each with 16 hexadecimal digits of a keyed hash of what it
    /// stands for, so that a correction that comes later has the same numbers.
    public let marks: [String: String]

    init(body: RequestBody, marks: [String: String]) {
        self.body = body
        self.marks = marks
    }
}
