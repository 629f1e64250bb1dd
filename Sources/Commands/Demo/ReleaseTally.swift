/// What one release answered during a run. Times are seconds after the start, as this side saw them.
struct ReleaseTally: Hashable, Sendable {
    private(set) var answered = 0
    private(set) var heldBack = 0
    private(set) var wrong = 0
    private(set) var notJSON = 0
    private(set) var firstAnswer = 0.0
    private(set) var lastAnswer = 0.0
    private(set) var firstWrong: Double?
    private(set) var lastWrong: Double?

    /// Counts an answer; they may come in any order.
    mutating func add(_ answer: SentRequest.Answer, at ended: Double) {
        firstAnswer = answered == 0 ? ended : min(firstAnswer, ended)
        lastAnswer = max(lastAnswer, ended)
        answered += 1
        if answer.arm == "holdback" { heldBack += 1 }
        if !answer.isJSON { notJSON += 1 }
        guard !answer.isRight else { return }
        wrong += 1
        firstWrong = min(firstWrong ?? ended, ended)
        lastWrong = max(lastWrong ?? ended, ended)
    }
}
