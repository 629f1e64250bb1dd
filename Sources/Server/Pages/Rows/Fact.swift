/// A term and what is known of it.
struct Fact: Hashable, Sendable {
    /// What is meant.
    let term: HTMLText
    /// What is known.
    let value: HTMLText

    /// A fact.
    init(_ term: String, _ value: String) {
        self.term = HTMLText(term)
        self.value = HTMLText(value)
    }
}
