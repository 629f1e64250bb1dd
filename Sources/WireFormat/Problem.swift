/// An error, as RFC 9457 has it, with what a person should do.
public struct Problem: Error, Hashable, Sendable, Codable {
    /// The HTTP status.
    public let status: Int
    /// What is wrong, in one line.
    public let title: String
    /// Why.
    public let detail: String?
    /// What to do: a command, where there is one.
    public let next: String?
    /// The exit code the command line uses.
    public let exit: Int
    /// Names near to the one that was not found.
    public let near: [String]
    /// The request, to find it in the server's log.
    public let requestID: String?

    /// Makes the value from its fields.
    public init(
        status: Int,
        title: String,
        detail: String? = nil,
        next: String? = nil,
        exit: Int,
        near: [String] = [],
        requestID: String? = nil
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.next = next
        self.exit = exit
        self.near = near
        self.requestID = requestID
    }
}
