public import RegistryTypes

/// What a label changed: the service levels count a request once, whatever was said of it before.
public struct LabelChange: Hashable, Sendable {
    /// The request.
    public let record: RequestRecord
    /// What was said before.
    public let before: LabelState
    /// What is said now.
    public let after: LabelState
}
