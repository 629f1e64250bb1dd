extension RandomNumberGenerator {
    /// True with the probability `share`.
    mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    /// One of `choices`, each as likely as the others; `fallback` when there is none.
    mutating func pick<Choice>(_ choices: [Choice], or fallback: Choice) -> Choice {
        choices.isEmpty ? fallback : choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// One of the phrases; empty when there is none.
    mutating func pick(_ phrases: [String]) -> String { pick(phrases, or: "") }
}
