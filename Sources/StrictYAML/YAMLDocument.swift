/// One document of a file: its content, and the lines it was written in.
public struct YAMLDocument: Hashable, Sendable {
    /// The content; never empty.
    public let root: YAMLNode
    /// The text of the document, from its `---` line (or the start of the file) to the next one.
    public let source: String

    /// A document.
    public init(root: YAMLNode, source: String) {
        self.root = root
        self.source = source
    }
}
