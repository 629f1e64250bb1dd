/// A support ticket of the demo, with the one right answer to it.
public struct Ticket: Hashable, Sendable {
    /// The language it is written in.
    public enum Locale: String, CaseIterable, Sendable {
        case english = "en"
        case german = "de"
    }

    /// What the customer asks for.
    public enum Intent: String, CaseIterable, Sendable {
        case refund, track, cancel, `return`, exchange
        case addressChange = "address_change"
        case invoice, damaged
        case missingItem = "missing_item"
        case complaint
    }

    /// How soon an answer is needed.
    public enum Priority: String, CaseIterable, Sendable { case low, normal, high }

    /// What the customer wrote.
    public let text: String
    /// Its language.
    public let locale: Locale
    /// What is asked for.
    public let intent: Intent
    /// The order number, five digits; nil when the ticket names none.
    public let order: String?
    /// How soon an answer is needed.
    public let priority: Priority

    /// Compact JSON with the keys in this order, byte for byte what the model was trained to write.
    public var answer: String {
        let number = order.map { "\"\($0)\"" } ?? "null"
        return #"{"intent":"\#(intent.rawValue)","order":\#(number),"priority":"\#(priority.rawValue)"}"#
    }
}

/// How tickets differ from those that the model was trained on.
public enum TicketShift: String, CaseIterable, Hashable, Sendable {
    /// They do not.
    case none
    /// 85 % are German instead of 40 %.
    case locale
    /// Every ticket is long: greeting, three remarks, closing.
    case length

    /// The share of German tickets.
    var germanShare: Double { self == .locale ? 0.85 : 0.4 }
}
