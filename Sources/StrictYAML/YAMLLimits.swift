/// How much YAML is read before it is refused.
public struct YAMLLimits: Hashable, Sendable {
    /// The most bytes of a file.
    public var bytes: Int
    /// The most nodes (texts, lists, mappings and keys) of a file.
    public var nodes: Int
    /// The deepest nesting; a text alone has depth 1.
    public var depth: Int

    /// Limits; 64 KiB, 2,000 nodes and 20 levels unless said otherwise.
    public init(bytes: Int = 65_536, nodes: Int = 2_000, depth: Int = 20) {
        self.bytes = bytes
        self.nodes = nodes
        self.depth = depth
    }
}
