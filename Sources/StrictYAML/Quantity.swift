/// A number with its unit as people write it: `5 %`, `2 points`, `800 ms`, `7 d`.
public struct Quantity: Hashable, Sendable {
    /// The units that documents know.
    public enum Unit: String, Sendable, CaseIterable {
        /// None.
        case none = ""
        /// Hundredths.
        case percent = "%"
        /// Hundredths of a share: a difference of percentages.
        case points
        /// Thousandths of a second.
        case milliseconds = "ms"
        /// Seconds.
        case seconds = "s"
        /// Minutes.
        case minutes = "min"
        /// Hours.
        case hours = "h"
        /// Days of 24 hours.
        case days = "d"
        /// Natural units of information.
        case nats

        /// What one of the unit is: a share for percent and points, seconds for times.
        public var factor: Double {
            switch self {
            case .none, .nats, .seconds: 1
            case .percent, .points: 0.01
            case .milliseconds: 0.001
            case .minutes: 60
            case .hours: 3600
            case .days: 86_400
            }
        }
    }

    /// The number as written.
    public let number: Double
    /// The unit.
    public let unit: Unit

    /// A number of `unit`.
    public init(number: Double, unit: Unit) {
        self.number = number
        self.unit = unit
    }

    /// Reads digits, with a point and more digits or not, and then a unit after at most one space; nil for
    /// anything else: signs, exponents, other units, more than 15 digits.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let whole = bytes.prefix(while: isDigit)
        var end = whole.count
        guard !whole.isEmpty else { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            let fraction = bytes[(end + 1)...].prefix(while: isDigit)
            guard !fraction.isEmpty else { return nil }
            end += 1 + fraction.count
        }
        guard end <= 16, let number = Double(String(decoding: bytes[..<end], as: UTF8.self)) else { return nil }
        var rest = bytes[end...]
        if rest.first == 0x20 {
            rest = rest.dropFirst()
            guard !rest.isEmpty else { return nil }
        }
        let word = String(decoding: rest, as: UTF8.self)
        guard let unit = word == "point" ? .points : Unit(rawValue: word) else { return nil }
        self.init(number: number, unit: unit)
    }

    /// The number on the scale of ``Unit/factor``. Percentages are divided by 100, so that `5 %` is exactly 0.05.
    public var value: Double {
        switch unit {
        case .percent, .points: number / 100
        case .milliseconds: number / 1000
        default: number * unit.factor
        }
    }
}
