/// What a canary, or one of its checks, concluded. There is no score: the words are the answer.
public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// Even the worst plausible change is inside the margin.
    case pass
    /// Really worse, but the size may be inside the margin: a person decides.
    case marginal
    /// Could be fine, could be past the margin: more requests are needed.
    case inconclusive
    /// Worse beyond noise, and past what the margin allows.
    case fail
    /// The comparison itself is broken, so nothing follows from it, neither good nor bad. Of a run, never of one check.
    case invalid
}

/// What can be worse under a release than under the one before it.
public enum Degradation: String, Codable, Sendable, CaseIterable {
    /// Answers that are wrong: not valid as asked, or labelled wrong.
    case badAnswers = "bad answers"
    /// Requests without an answer.
    case failedRequests = "failed requests"
    /// Answers that came later than promised.
    case slowAnswers = "slow answers"
}
