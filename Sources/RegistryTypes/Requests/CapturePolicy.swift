/// What is kept of a request.
public enum CapturePolicy: String, Codable, Sendable, CaseIterable, Comparable {
    /// Nothing: it only counts.
    case off
    /// Times, counts and outcome; no text.
    case metadata
    /// The texts too, after redaction.
    case redacted

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// The lesser of what a key allows and what a request asks for: a request can only lower it.
    public func lowered(to asked: CapturePolicy?) -> CapturePolicy { min(self, asked ?? self) }

    private var rank: Int {
        switch self {
        case .off: 0
        case .metadata: 1
        case .redacted: 2
        }
    }
}
