/// The words of the ticket grammar in one language, the same as in `Registry/demo/training/phrases.py`.
///
/// `{ref}` stands for a way to name the order, `{n}` for its number, `{item}` for a product, `{name}` for a first name;
/// `{p}`, `{d}` and `{y}` for other numbers, none of which has five digits.
struct TicketPhrases: Sendable {
    /// Products.
    let items: [String]
    /// How an order is named inside a sentence with its number.
    let referencesWithNumber: [String]
    /// The same without its number.
    let referencesWithoutNumber: [String]
    /// The number in a sentence of its own, after the request.
    let numbersApart: [String]
    /// That the number is not known.
    let noNumber: [String]
    /// What is asked for: it alone decides the intent.
    let requests: [Ticket.Intent: [String]]
    /// A reason before the request; it may sound like another intent.
    let reasons: [Ticket.Intent: [String]]
    /// Remarks with other numbers in them.
    let asides: [String]
    /// Words about time; none mean a normal priority.
    let cues: [Ticket.Priority: [String]]
    let greetings: [String]
    let closings: [String]
    /// First names.
    let names: [String]
}
