public import Digests
public import RegistryTypes
import StrictJSON
import StrictYAML
import Wording

/// A service level objective: which events count, which of them are good, how many must be over a rolling window,
/// and what happens while they are not. Shaped after OpenSLO v1, with two blocks it lacks: pairs of windows for the
/// alerts, and a budget policy.
public struct SLODocument: DigestedContent, Hashable, Sendable, Codable {
    /// How the budget is counted.
    public enum BudgetingMethod: String, Codable, Sendable, CaseIterable {
        /// Every valid event weighs the same.
        case occurrences = "Occurrences"
    }

    /// The name.
    public let name: Name
    /// What it is for, for people; at most 1,050 bytes.
    public let description: String?
    /// The service it belongs to, for people; nil when none is named.
    public let service: Name?
    /// Whose requests count; `for` in the file. A model of its own has counts and a budget of its own.
    public let scope: DocumentScope
    /// What is counted.
    public let indicator: Indicator
    /// The share of the valid events that must be good, over 0 and under 1.
    public let target: Double
    /// The rolling window, in seconds, a multiple of 60.
    public let windowSeconds: Int
    /// How the budget is counted.
    public let budgetingMethod: BudgetingMethod
    /// The fewest valid events in the window that say anything.
    public let minSamples: Int
    /// The pairs of windows, with distinct names.
    public let alerting: [BurnAlert]
    /// After how many seconds without any valid event somebody is told; nil for a time that follows from the traffic.
    public let absentAfterSeconds: Int?
    /// What happens at which budget left, from the largest share to the smallest.
    public let budgetPolicy: [BudgetRule]
    /// The share that was promised to somebody outside; nil when nothing was.
    public let sla: Double?

    /// An SLO.
    public init(
        name: Name,
        description: String? = nil,
        service: Name? = nil,
        scope: DocumentScope,
        indicator: Indicator,
        target: Double,
        windowSeconds: Int = 30 * 86_400,
        minSamples: Int? = nil,
        alerting: [BurnAlert]? = nil,
        absentAfterSeconds: Int? = nil,
        budgetPolicy: [BudgetRule] = BudgetRule.usual,
        sla: Double? = nil
    ) {
        self.name = name
        self.description = description
        self.service = service
        self.scope = scope
        self.indicator = indicator
        self.target = target
        self.windowSeconds = windowSeconds
        budgetingMethod = .occurrences
        self.minSamples = minSamples ?? (indicator.isSampled ? 30 : 1)
        self.alerting = alerting ?? BurnAlert.usual(windowSeconds: windowSeconds)
        self.absentAfterSeconds = absentAfterSeconds
        self.budgetPolicy = budgetPolicy
        self.sla = sla
    }

    private enum CodingKeys: String, CodingKey {
        case name, description, service
        case scope = "for"
        case indicator, target, windowSeconds, budgetingMethod, minSamples, alerting, absentAfterSeconds, budgetPolicy
        case sla
    }

    /// The fewest events of a full count that show that a target is reached: of five, all five good is no evidence.
    public static let neededEvents = 10

    /// The share of the valid events that may be bad: 0.001 for 99.9 %, without the last bits of the subtraction.
    public var budget: Double { ((1 - target) * 1e12).rounded() / 1e12 }

    /// The highest burn rate there can be: every valid event is bad.
    public var highestBurn: Double { 1 / budget }

    /// The SHA-256 of what decides how an event is counted: the indicator and the channel. Counts that were stored under
    /// it stay of use when only the target, the alerts or the texts change. They state no form, so it stays the first one.
    ///
    /// - Throws: `EncodingError`.
    public func countingDigest() throws -> Digest {
        struct Counting: Encodable {
            let indicator: Indicator
            let channel: Name
        }
        return try Digest(
            of: CanonicalJSON.encode(Counting(indicator: indicator, channel: scope.channel), as: .foundation)
        )
    }
}

extension SLODocument {
    /// The longest rolling window, in seconds.
    static let longestWindow = 90 * 86_400
    /// The highest target: at 99.9999 % one bad event in a million spends the budget.
    static let highestTarget = 0.999_999

    /// Reads what follows the name; nil when anything is wrong, with the problems in `reader`.
    static func read(name: Name, _ reader: inout MappingReader) -> SLODocument? {
        let description = reader.value("description", expected: "1 to 1050 bytes") { text in
            (1...1050).contains(text.utf8.count) ? text : nil
        }
        let service = reader.value("service", expected: Reading.nameExpected) { try? Name($0) }
        let scope = reader.mapping("for", isRequired: true, read: DocumentScope.read)
        let indicator = reader.mapping("indicator", isRequired: true, read: Indicator.read)
        let target = share("target", isRequired: true, &reader)
        let sla = share("sla", isRequired: false, &reader)
        let window = reader.wholeSeconds("window", in: 60...longestWindow, step: 60, isRequired: true)
        _ = reader.choice("budgetingMethod", as: BudgetingMethod.self)
        let minSamples = reader.integer("minSamples", in: 1...1_000_000)
        let alerting = readAlerting(windowSeconds: window, target: target, &reader)
        let absent = reader.wholeSeconds("absentAfter", in: 10...longestWindow, step: 10)
        let budgetPolicy = readBudgetPolicy(&reader)
        guard reader.isClean, let scope, let indicator, let target, let window else { return nil }
        return SLODocument(
            name: name,
            description: description,
            service: service,
            scope: scope,
            indicator: indicator,
            target: target,
            windowSeconds: window,
            minSamples: minSamples,
            alerting: alerting,
            absentAfterSeconds: absent,
            budgetPolicy: budgetPolicy ?? BudgetRule.usual,
            sla: sla
        )
    }

    /// A share that leaves room on both sides.
    private static func share(_ key: String, isRequired: Bool, _ reader: inout MappingReader) -> Double? {
        let share = reader.quantity(
            key,
            units: [.percent],
            in: 0...Double.greatestFiniteMagnitude,
            expected: "a percentage over 0 and under 100, such as 99.9 %",
            isRequired: isRequired
        )
        guard let share else { return nil }
        if share >= 1 {
            reader.refuse(
                "\"\(key)\" of 100 % or more leaves no error budget: every bad event would break it for good, "
                    + "write at most 99.9999 %",
                at: key
            )
        } else if share > highestTarget {
            reader.refuse(
                "\"\(key)\" over 99.9999 % leaves less than one bad event in a million: write at most 99.9999 %",
                at: key
            )
        } else if share < 0.01 {
            reader.refuse("\"\(key)\" under 1 % asks for nothing: say how many events must be good", at: key)
        } else {
            return share
        }
        return nil
    }

    /// The pairs of windows; nil when the document names none, or when any is wrong.
    private static func readAlerting(
        windowSeconds: Int?,
        target: Double?,
        _ reader: inout MappingReader
    ) -> [BurnAlert]? {
        guard reader.has("alerting") else { return nil }
        let read = reader.mappings("alerting", owner: { "alert \($0)" }, read: BurnAlert.read)
        guard let alerts = read else { return nil }
        let elements = reader.elements(of: "alerting")
        if alerts.count > 8 {
            reader.refuse("\"alerting\" has \(alerts.count) pairs: at most 8 are kept", at: "alerting")
        }
        for (alert, (index, element)) in zip(alerts, elements.enumerated()) {
            if alerts[..<index].contains(where: { $0.name == alert.name }) {
                reader.add(.refused("alert name \"\(alert.name)\" occurs twice: give each its own", element.position))
            }
            if let windowSeconds, alert.longSeconds > windowSeconds {
                let message =
                    "\"long\" of alert \"\(alert.name)\" is longer than the window of the SLO, "
                    + "\(NumberText.setTime(Double(windowSeconds))): shorten it"
                reader.add(.refused(message, element.position))
            }
        }
        return alerts
    }

    /// The lines of the budget policy, from the largest share to the smallest; nil when there are none.
    private static func readBudgetPolicy(_ reader: inout MappingReader) -> [BudgetRule]? {
        guard reader.has("budgetPolicy") else { return nil }
        let rules = reader.mappings("budgetPolicy", owner: { "line \($0) of budgetPolicy" }, read: BudgetRule.read)
        guard let rules else { return nil }
        for (index, element) in reader.elements(of: "budgetPolicy").enumerated().dropFirst()
        where rules[index].atMost >= rules[index - 1].atMost {
            let message = "\"atMost\" of line \(index + 1) of budgetPolicy must be under that of the line before"
            reader.add(.refused(message, element.position))
        }
        return rules
    }
}

extension Indicator {
    fileprivate static func read(_ reader: inout MappingReader) -> Indicator? {
        guard let kind = reader.choice("type", isRequired: true, as: Kind.self) else {
            reader.allowAnything()
            return nil
        }
        /// The limit, whose own limit is nil where the document says that there is none yet.
        func limit(_ reader: inout MappingReader) -> Double?? {
            if reader.node("atMost")?.text == "none" { return .some(nil) }
            return reader.quantity(
                "atMost",
                units: [.milliseconds, .seconds, .minutes, .hours],
                in: 0.000_001...86_400,
                expected: "a time over 0 and at most 24 h, such as 500 ms, or none while nobody has set it",
                isRequired: true
            ).map { .some($0) }
        }
        switch kind {
        case .availability: return .availability
        case .totalLatency: return limit(&reader).map(Indicator.totalLatency)
        case .timeToFirstToken: return limit(&reader).map(Indicator.timeToFirstToken)
        case .timePerOutputToken:
            let limit = limit(&reader)
            let minTokens = reader.integer("minTokens", in: 2...1_000_000)
            guard reader.isClean, let limit else { return nil }
            return .timePerOutputToken(atMost: limit, minTokens: minTokens ?? 8)
        case .validOutput: return .validOutput
        case .correctness: return .correctness
        case .userFeedback: return .userFeedback
        }
    }
}

extension BurnAlert {
    fileprivate static func read(_ reader: inout MappingReader) -> BurnAlert? {
        let name = reader.value("name", isRequired: true, expected: Reading.nameExpected) { try? Name($0) }
        if let name { reader.owner = "alert \"\(name)\"" }
        let severity = reader.choice("severity", isRequired: true, as: Severity.self)
        let spent = reader.percent("budgetSpent", in: 0.000_1...1)
        let burn = reader.number("burn", in: 0.1...1_000_000)
        if reader.contains("budgetSpent") == reader.contains("burn") {
            reader.refuse("\(reader.owner) must have exactly one of budgetSpent, burn")
        }
        let long = readWindow("long", &reader)
        let short = readWindow("short", &reader)
        if let long, let short, short >= long {
            reader.refuse(
                "\"short\" must be shorter than \"long\": the short window shows that it still burns",
                at: "short"
            )
        }
        guard reader.isClean, let name, let severity, let long, let short else { return nil }
        guard let threshold = spent.map(Threshold.budgetSpent) ?? burn.map(Threshold.burn) else { return nil }
        return BurnAlert(name: name, severity: severity, threshold: threshold, longSeconds: long, shortSeconds: short)
    }

    /// A window that whole buckets fill: of 10 s up to two hours, of a minute beyond.
    private static func readWindow(_ key: String, _ reader: inout MappingReader) -> Int? {
        let longest = SLODocument.longestWindow
        guard let seconds = reader.wholeSeconds(key, in: 10...longest, step: 10, isRequired: true) else { return nil }
        if seconds > SLIBucket.fineSpanSeconds, !seconds.isMultiple(of: 60) {
            reader.refuse("\"\(key)\" over 2 h is counted in minutes: write whole minutes", at: key)
            return nil
        }
        return seconds
    }
}

extension BudgetRule {
    fileprivate static func read(_ reader: inout MappingReader) -> BudgetRule? {
        let atMost = reader.percent("atMost", in: 0...1, isRequired: true)
        let action = reader.choice("action", isRequired: true, as: Action.self)
        guard let atMost, let action else { return nil }
        return BudgetRule(atMost: atMost, action: action)
    }
}

extension MappingReader {
    /// A time that is a multiple of `step` seconds.
    fileprivate mutating func wholeSeconds(
        _ key: String,
        in range: ClosedRange<Int>,
        step: Int,
        isRequired: Bool = false
    ) -> Int? {
        let seconds = quantity(
            key,
            units: [.seconds, .minutes, .hours, .days],
            in: Double(range.lowerBound)...Double(range.upperBound),
            expected: "a time in \(NumberText.setTime(Double(range.lowerBound)))..."
                + "\(NumberText.setTime(Double(range.upperBound))), such as 20 s, 5 min, 1 h or 30 d",
            isRequired: isRequired
        )
        guard let seconds else { return nil }
        guard let whole = Int(exactly: seconds), whole.isMultiple(of: step) else {
            let buckets = NumberText.setTime(Double(step))
            refuse("\"\(key)\" is counted in buckets of \(buckets): write a multiple of \(buckets)", at: key)
            return nil
        }
        return whole
    }
}

/// One line of an SLO's budget policy: what is advised once less than a share of the error budget is left.
public struct BudgetRule: Hashable, Sendable, Codable {
    /// What holds.
    public enum Action: String, Codable, Sendable, CaseIterable {
        /// Promotions to the channel need a second look.
        case caution
        /// Only changes that make the service more reliable should go in, and rollbacks.
        case reliabilityOnly
        /// Nothing should be promoted; rollbacks always work.
        case freeze

        /// What to do, in words. It is advice: what enforces it is a gate of type `errorBudget`.
        public var words: String {
            switch self {
            case .caution: "look twice before a promotion"
            case .reliabilityOnly: "promote only what makes it more reliable"
            case .freeze: "promote nothing until there is budget again"
            }
        }
    }

    /// The share of the budget at or below which it holds, in 0...1.
    public let atMost: Double
    /// What holds.
    public let action: Action

    /// A line of a budget policy.
    public init(atMost: Double, action: Action) {
        self.atMost = atMost
        self.action = action
    }

    /// What holds when a document says nothing: caution up to half the budget, only reliability up to a quarter, and
    /// a freeze when it is gone (after the example policy of The Site Reliability Workbook, 2018, appendix B).
    public static let usual = [
        BudgetRule(atMost: 0.5, action: .caution),
        BudgetRule(atMost: 0.25, action: .reliabilityOnly),
        BudgetRule(atMost: 0, action: .freeze),
    ]
}
