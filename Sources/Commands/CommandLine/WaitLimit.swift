import ArgumentParser

/// A length of time as a person writes it: `90s`, `10m`, `10 min`, `1.5h`, `7d`.
struct WaitLimit: Hashable, Sendable, ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        let text = argument.trimmed
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value > 0, value.isFinite else { return nil }
        switch String(text.dropFirst(number.count)).trimmed {
        case "", "s": seconds = value
        case "ms": seconds = value / 1000
        case "m", "min": seconds = value * 60
        case "h": seconds = value * 3600
        case "d": seconds = value * 86400
        default: return nil
        }
        guard seconds <= 366 * 86400 else { return nil }
    }
}

extension String {
    /// Without spaces at either end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
