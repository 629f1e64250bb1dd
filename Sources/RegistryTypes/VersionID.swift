/// One version of a model or of a prompt: `ticket-bot@7`, `triage@3`.
public struct VersionID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The model or the prompt.
    public let name: Name
    /// The version, from 1 on; never reused.
    public let number: Int

    /// The version `number` of `name`.
    public init(_ name: Name, _ number: Int) {
        self.name = name
        self.number = number
    }

    public var description: String { "\(name)@\(number)" }
}
