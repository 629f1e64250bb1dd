/// A support ticket of the demo, with the one right answer to it.
struct Ticket: Hashable, Sendable {
    /// The language it is written in.
    enum Locale: String, CaseIterable, Sendable {
        case english = "en"
        case german = "de"
    }

    /// What the customer asks for.
    enum Intent: String, CaseIterable, Sendable {
        case refund, track, cancel, `return`, exchange
        case addressChange = "address_change"
        case invoice, damaged
        case missingItem = "missing_item"
        case complaint
    }

    /// How soon an answer is needed.
    enum Priority: String, CaseIterable, Sendable { case low, normal, high }

    let text: String
    let locale: Locale
    let intent: Intent
    /// The order number, five digits; nil when the ticket names none.
    let order: String?
    let priority: Priority

    /// Compact JSON with the keys in this order, byte for byte what the model was trained to write.
    var answer: String {
        let number = order.map { "\"\($0)\"" } ?? "null"
        return #"{"intent":"\#(intent.rawValue)","order":\#(number),"priority":"\#(priority.rawValue)"}"#
    }
}
