public import RegistryTypes

/// A message of a prompt with the values of its variables in place.
public struct RenderedMessage: Hashable, Sendable, Codable {
    /// Who speaks.
    public let role: PromptMessage.Role
    /// The text in pieces, by who wrote them.
    public let segments: [PromptSegment]

    /// A message made of `segments`.
    public init(role: PromptMessage.Role, segments: [PromptSegment]) {
        self.role = role
        self.segments = segments
    }
}
