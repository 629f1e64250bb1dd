import RegistryTypes

/// How text for a person is drawn: decided once from flags, environment and terminal, then passed to every report.
struct TextStyle: Hashable, Sendable {
    /// Whether signs and bars are drawn with ASCII only.
    var ascii = false
    /// Whether tones become colours.
    var colour = false
    /// Whether tables show their wide columns.
    var wide = false
    /// Character cells in a line; nil when the output is no terminal and nothing is cut.
    var columns: Int?
    /// The moment ages are counted to.
    var now: Timestamp
}
