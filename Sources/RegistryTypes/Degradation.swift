/// What can be worse under a release than under the one before it.
public enum Degradation: String, Codable, Sendable, CaseIterable {
    /// Answers that are wrong: not valid as asked, or labelled wrong.
    case badAnswers = "bad answers"
    /// Requests without an answer.
    case failedRequests = "failed requests"
    /// Answers that came later than promised.
    case slowAnswers = "slow answers"
}
