/// Makes the server agree with files.
public struct ApplyRequest: Hashable, Sendable, Codable {
    /// The files.
    public let files: [SourceFile]
    /// Say what would change, change nothing.
    public let dryRun: Bool?

    /// Makes the value from its fields.
    public init(files: [SourceFile], dryRun: Bool? = nil) {
        self.files = files
        self.dryRun = dryRun
    }
}
