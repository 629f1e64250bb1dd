/// What became of a request.
public enum RequestOutcome: String, Codable, Sendable, CaseIterable {
    /// It was answered in full: the model ended, or the allowed length did.
    case answered
    /// It was wrong, and was refused before anything was generated.
    case rejected
    /// The client went away before the end.
    case clientGone
    /// The queue was full, or the memory budget taken.
    case overloaded
    /// Its deadline passed.
    case timedOut
    /// The engine failed, or the release could not be loaded.
    case engineFailed

    /// Whether the request says anything about the service: what a client got wrong or gave up does not.
    public var isValidEvent: Bool {
        switch self {
        case .rejected, .clientGone: false
        case .answered, .overloaded, .timedOut, .engineFailed: true
        }
    }
}
