public import RegistryTypes

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

extension Problem {
    /// The same about a file of whoever asked.
    public func about(_ file: String) -> Problem {
        Problem(
            status: status,
            title: "\(file): \(title)",
            detail: detail,
            next: next,
            exit: exit,
            near: near,
            requestID: requestID
        )
    }
}

/// The exit codes of the command line (`serin help exit-codes`). 10 to 13 are verdicts, never errors.
public enum ExitCode: Int, Codable, Sendable, CaseIterable {
    /// Done; the check passed.
    case ok = 0
    /// Something not named below went wrong.
    case error = 1
    /// No such thing.
    case notFound = 3
    /// Not logged in, or the role does not allow it.
    case notAllowed = 4
    /// Exists already, is in use, or changed meanwhile.
    case conflict = 5
    /// The server cannot be reached.
    case unreachable = 6
    /// The wait ended before the work did.
    case timedOut = 7
    /// A check ran and the answer is no.
    case checkFailed = 10
    /// A check ran, but there is not enough data, or the run was not valid.
    case inconclusive = 11
    /// A person has to decide; also a marginal verdict.
    case waiting = 12
    /// The policy does not allow it.
    case refused = 13
    /// Wrong flags or arguments.
    case usage = 64
    /// A file or an artifact is invalid or damaged.
    case badData = 65
    /// Ctrl-C.
    case interrupted = 130
}

extension ExitCode {
    /// The code a verdict leads to.
    public init(_ verdict: Verdict) {
        switch verdict {
        case .pass: self = .ok
        case .fail: self = .checkFailed
        case .inconclusive, .invalid: self = .inconclusive
        case .marginal: self = .waiting
        }
    }
}
