/// Why something stored cannot be read.
public enum ServiceLevelsError: Error, Equatable, Sendable {
    /// Bytes that are not a histogram, and what is wrong with them.
    case badHistogram(String)
}

extension ServiceLevelsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badHistogram(let problem):
            "stored histogram cannot be read, \(problem): drop the minute, its counts are kept apart"
        }
    }
}
