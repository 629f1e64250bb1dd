public import RegistryTypes

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
        case .inconclusive: self = .inconclusive
        case .marginal: self = .waiting
        }
    }
}
