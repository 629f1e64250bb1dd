/// What happens to a live request. Choices are numbered from 0; each one's tokens come in order and before its end.
public enum ServingEvent: Sendable {
    /// Its turn came, `queueSeconds` after it arrived.
    case started(promptTokens: Int, queueSeconds: Double)
    /// A choice has a further token. The texts of a choice's tokens, joined, are the text of its answer.
    case token(choice: Int, ServedToken)
    /// A choice is over. All times of the answer count from the arrival of the request.
    case finished(choice: Int, Answer)
}
