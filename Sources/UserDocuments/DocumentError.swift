/// A file that was refused as a whole, with everything that is wrong in it, in the order of the lines.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong; never empty.
    public let diagnostics: [Diagnostic]

    /// A refusal for `diagnostics`.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
