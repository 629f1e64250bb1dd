public import RegistryTypes

/// A label as it may be stored. Only a ``Redactor`` makes it.
public struct RedactedLabel: Hashable, Sendable {
    /// The label.
    public let label: RequestLabel

    init(label: RequestLabel) { self.label = label }
}
