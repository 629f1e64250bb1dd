/// One thing that is wrong in a file a person wrote: where, what, and what was probably meant.
public struct Diagnostic: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file, as the person named it.
    public let file: String
    /// The line, from 1 on.
    public let line: Int
    /// What is wrong and what to do, one lower-case line.
    public let message: String
    /// The known word nearest to the unknown one; nil when none is near.
    public let near: String?

    /// Something wrong at `line` of `file`.
    public init(file: String, line: Int, message: String, near: String? = nil) {
        self.file = file
        self.line = line
        self.message = message
        self.near = near
    }

    /// `production.yaml line 7: unknown key "requre" in gate "card": did you mean "require"?`
    public var description: String {
        "\(file) line \(line): \(message)" + (near.map { ": did you mean \"\($0)\"?" } ?? "")
    }
}
