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
