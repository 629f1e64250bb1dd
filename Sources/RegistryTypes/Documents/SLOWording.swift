/// Times as service levels say them.
package enum SLOWording {
    /// A time in the largest unit that holds it in whole numbers, or in at most three digits: `500 ms`, `1.5 s`,
    /// `5 min`, `6 h`, `30 d`.
    package static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0 s" }
        if seconds < 1 { return "\(digits(seconds * 1000)) ms" }
        for (unit, length) in [("d", 86_400.0), ("h", 3600), ("min", 60)]
        where seconds >= length && (seconds / length).rounded() * length == seconds {
            return "\(digits(seconds / length)) \(unit)"
        }
        return "\(digits(seconds)) s"
    }

    /// At most three decimals, without zeros at the end.
    private static func digits(_ value: Double) -> String {
        let rounded = (min(value, 1e12) * 1000).rounded() / 1000
        return Int(exactly: rounded).map(String.init) ?? String(rounded)
    }
}
