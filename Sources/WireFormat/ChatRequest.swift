/// One request to a model.
public struct ChatRequest: Hashable, Sendable, Codable {
    /// Which release answers.
    public let release: ReleaseChoice
    /// The values of the prompt's variables.
    public let variables: [String: String]
    /// The value of the prompt's only required variable, instead of `variables`.
    public let text: String?
    /// The seed of sampling; 0 when nil.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(release: ReleaseChoice, variables: [String: String], text: String? = nil, seed: UInt64? = nil) {
        self.release = release
        self.variables = variables
        self.text = text
        self.seed = seed
    }
}
