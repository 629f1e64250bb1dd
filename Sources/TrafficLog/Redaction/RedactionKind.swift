/// What redaction replaces; the raw value is the word in the placeholder, such as `<EMAIL_1>`.
public enum RedactionKind: String, Codable, Sendable, CaseIterable, Comparable {
    /// An API key, a token, a password that is named as one, a JSON web token, a PEM block.
    case key = "KEY"
    /// An e-mail address.
    case email = "EMAIL"
    /// An international bank account number.
    case iban = "IBAN"
    /// An IPv4 or IPv6 address.
    case ip = "IP"
    /// The number of a payment card.
    case card = "CARD"
    /// A telephone number.
    case phone = "PHONE"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
