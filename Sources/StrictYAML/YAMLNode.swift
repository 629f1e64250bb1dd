/// A piece of a YAML document with its place. Texts are never read as numbers, dates or booleans here.
public struct YAMLNode: Hashable, Sendable {
    /// What a node holds.
    public enum Value: Hashable, Sendable {
        /// A text as written, and whether it was quoted or a block.
        case scalar(String, isQuoted: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with their values, in order; the keys are distinct.
        case mapping([Entry])
    }

    /// A key with its value.
    public struct Entry: Hashable, Sendable {
        /// The key.
        public let key: String
        /// The place of the key.
        public let position: YAMLPosition
        /// The value.
        public let value: YAMLNode

        /// A key with its value.
        public init(key: String, position: YAMLPosition, value: YAMLNode) {
            self.key = key
            self.position = position
            self.value = value
        }
    }

    /// Where it starts.
    public let position: YAMLPosition
    /// What it holds.
    public let value: Value

    /// A node at `position`.
    public init(position: YAMLPosition, value: Value) {
        self.position = position
        self.value = value
    }

    /// The text, when this is one.
    public var text: String? { if case .scalar(let text, _) = value { text } else { nil } }

    /// Whether nothing is written here: `key:` with no value.
    public var isEmpty: Bool { value == .scalar("", isQuoted: false) }

    /// What it is, in words, with its article.
    public var kindInWords: String {
        switch value {
        case .scalar: isEmpty ? "empty" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A place in a text: line and column from 1 on, the column counted in Unicode code points.
public struct YAMLPosition: Hashable, Sendable, Comparable {
    /// The line.
    public let line: Int
    /// The column.
    public let column: Int

    /// A place in a text.
    public init(line: Int, column: Int = 1) {
        self.line = line
        self.column = column
    }

    public static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
