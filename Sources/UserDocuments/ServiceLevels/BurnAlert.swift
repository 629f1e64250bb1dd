public import RegistryTypes

/// One pair of windows of an SLO: it fires when the error budget burns too fast over both.
public struct BurnAlert: Hashable, Sendable, Codable {
    /// Who has to look, and how soon.
    public enum Severity: String, Codable, Sendable, CaseIterable {
        /// Somebody now.
        case page
        /// Somebody on the next working day.
        case ticket
    }

    /// How fast is too fast.
    public enum Threshold: Hashable, Sendable {
        /// This share of the whole budget, in 0...1, within the long window.
        case budgetSpent(Double)
        /// This many times the pace that would spend the budget exactly over the SLO's window.
        case burn(Double)
    }

    /// The name within the SLO.
    public let name: Name
    /// Who has to look.
    public let severity: Severity
    /// How fast is too fast.
    public let threshold: Threshold
    /// The long window, in seconds: enough was spent to matter.
    public let longSeconds: Int
    /// The short window, in seconds: it is still going on.
    public let shortSeconds: Int

    /// A pair of windows.
    public init(name: Name, severity: Severity, threshold: Threshold, longSeconds: Int, shortSeconds: Int) {
        self.name = name
        self.severity = severity
        self.threshold = threshold
        self.longSeconds = longSeconds
        self.shortSeconds = shortSeconds
    }

    /// The burn rate that is too fast, as published (Beyer et al., The Site Reliability Workbook, 2018, ch. 5): the
    /// share of the budget times how often the long window fits into the SLO's. 2 % in 1 h of 30 d is 14.4.
    public func factor(windowSeconds: Int) -> Double {
        switch threshold {
        case .burn(let factor): factor
        case .budgetSpent(let share): share * Double(windowSeconds) / Double(longSeconds)
        }
    }

    /// The highest rate an alert can have where the share `budget` may be bad: half of what there is when everything is
    /// bad. Without it, an alert at 14.4 could never fire at a target of 90 %.
    public static func highestRate(budget: Double) -> Double { 0.5 / budget }

    /// The fewest bad events in the long window that fire an alert: one in a quiet hour is a high rate and means nothing.
    public static let minimumBad = 3
    /// The same where the rate was brought to ``highestRate(budget:)``.
    public static let minimumBadClamped = 5
}

extension BurnAlert {
    /// The four pairs of the workbook's table, for a document that names none. Those whose long window does not fit
    /// into the SLO's are left out.
    public static func usual(windowSeconds: Int) -> [BurnAlert] {
        let table: [(String, Severity, Double, Int, Int)] = [
            ("page-fast", .page, 0.02, 3600, 300),
            ("page-slow", .page, 0.05, 21_600, 1800),
            ("ticket-fast", .ticket, 0.1, 86_400, 7200),
            ("ticket-slow", .ticket, 0.1, 259_200, 21_600),
        ]
        return table.compactMap { name, severity, share, long, short in
            guard long <= windowSeconds, let name = try? Name(name) else { return nil }
            return BurnAlert(
                name: name,
                severity: severity,
                threshold: .budgetSpent(share),
                longSeconds: long,
                shortSeconds: short
            )
        }
    }

    private enum CodingKeys: String, CodingKey { case name, severity, budgetSpent, burn, longSeconds, shortSeconds }

    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(Name.self, forKey: .name)
        severity = try values.decode(Severity.self, forKey: .severity)
        if let share = try values.decodeIfPresent(Double.self, forKey: .budgetSpent) {
            threshold = .budgetSpent(share)
        } else {
            threshold = try .burn(values.decode(Double.self, forKey: .burn))
        }
        longSeconds = try values.decode(Int.self, forKey: .longSeconds)
        shortSeconds = try values.decode(Int.self, forKey: .shortSeconds)
    }

    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(severity, forKey: .severity)
        switch threshold {
        case .budgetSpent(let share): try values.encode(share, forKey: .budgetSpent)
        case .burn(let factor): try values.encode(factor, forKey: .burn)
        }
        try values.encode(longSeconds, forKey: .longSeconds)
        try values.encode(shortSeconds, forKey: .shortSeconds)
    }
}
