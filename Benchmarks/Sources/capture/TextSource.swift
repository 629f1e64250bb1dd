import RegistryTypes

/// Texts of tickets, made up from words, with an order number here and an address there.
struct TextSource {
    private var state: UInt64

    private static let words = """
        where is my order please send the invoice for number it arrived broken and I want a refund today because lamp has \
        a crack thank you very much best regards Sam ich möchte die Bestellung stornieren bitte schicken Sie mir eine \
        Rechnung für den Tisch danke im Voraus
        """.split(separator: " ")

    init(seed: UInt64) { state = seed | 1 }

    private mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    /// A text of so many bytes or a few more.
    mutating func text(bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes {
            text += Self.words[next(Self.words.count)]
            text += next(12) == 0 ? ". " : " "
            if next(40) == 0 { text += "\(10_000 + next(90_000)) " }
            if next(200) == 0 { text += "user\(next(999))@example.com " }
        }
        return text
    }

    /// A request with so many bytes of text.
    mutating func body(bytes: Int) -> RequestBody {
        let answer = min(200, bytes / 4)
        return RequestBody(variables: ["ticket": text(bytes: bytes - answer)], answers: [text(bytes: answer)])
    }
}
