public import AnswerMetrics
import Digests
import RegistryTypes
import StrictJSON
import StrictYAML

/// What a metric is told beside its name; the raw value is the key in a check.
public enum MetricParameter: String, Codable, Sendable, CaseIterable {
    /// A member of answers that are JSON.
    case field
    /// A label, as it is written in answers.
    case label
    /// Texts that are looked for.
    case texts
    /// Whether capitals count as small letters.
    case ignoreCase
    /// A pattern that is looked for.
    case pattern
    /// Patterns that are looked for.
    case patterns
    /// How far a number may be off.
    case tolerance
    /// A price for a million tokens of prompts.
    case promptPrice
    /// A price for a million tokens of answers.
    case outputPrice
    /// What JSON must look like.
    case schema
}

/// What a check tells its metric.
public struct MetricParameters: Hashable, Sendable, Codable {
    /// The member that is looked at.
    public var field: FieldPath?
    /// The label that is looked at.
    public var label: String?
    /// The texts that are looked for.
    public var texts: [String]?
    /// Whether capitals count as small letters.
    public var ignoreCase: Bool?
    /// The patterns that are looked for; one for a metric that takes one.
    public var patterns: [AnswerPattern]?
    /// How far a number may be off.
    public var tolerance: NumberTolerance?
    /// The price of a million tokens of prompts, in money of the document's choice.
    public var promptPrice: Double?
    /// The price of a million tokens of answers, in the same money.
    public var outputPrice: Double?
    /// What JSON must look like.
    public var schema: OutputSchema?

    /// Nothing yet.
    public init() {}
}

/// A metric with what it is told: what a check measures. Two checks with equal measures share their values.
public struct Measure: Hashable, Sendable {
    /// The metric.
    public let metric: Metric
    /// What it is told.
    public let parameters: MetricParameters

    /// A metric and what it is told.
    public init(_ metric: Metric, _ parameters: MetricParameters = MetricParameters()) {
        self.metric = metric
        self.parameters = parameters
    }

    /// What tells it from all others, in ASCII: the name of the metric, and in brackets what it is told, such as
    /// `field_match(field="intent")`. Reports call it the metric of a check.
    public var identity: String {
        let told = parameters.words
        return told.isEmpty ? metric.rawValue : metric.rawValue + "(" + told.joined(separator: ", ") + ")"
    }
}

extension Measure {
    /// By what they are called: texts that Swift takes for equal may have other bytes, and then are other measures.
    public static func == (left: Measure, right: Measure) -> Bool { left.identity == right.identity }

    public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

extension Metric {
    /// The metric that an identity of ``Measure`` speaks of; nil for one that this build does not know.
    public init?(identity: String) {
        self.init(rawValue: String(decoding: identity.utf8.prefix { $0 != 0x28 }, as: UTF8.self))
    }

    /// What readers call what an identity of ``Measure`` speaks of: `field right (field="intent")`; the identity itself where
    /// this build does not know the metric. At most 100 bytes of what it is told.
    public static func title(of identity: String) -> String {
        guard let metric = Metric(identity: identity) else { return identity }
        let told = identity.utf8.dropFirst(metric.rawValue.utf8.count)
        guard !told.isEmpty else { return metric.title }
        return metric.title + " " + String(decoding: told.prefix(100), as: UTF8.self) + (told.count > 100 ? "…" : "")
    }
}

extension MetricParameters {
    /// What is told, in the order of the keys, in ASCII.
    fileprivate var words: [String] {
        MetricParameter.allCases.compactMap { parameter in
            let value: String? =
                switch parameter {
                case .field: field.map { Self.quoted($0.source) }
                case .label: label.map(Self.quoted)
                case .texts: texts.map { $0.map(Self.quoted).joined(separator: " ") }
                case .ignoreCase: ignoreCase.map { String($0) }
                // One key stands for both: what a metric takes tells which.
                case .pattern: nil
                case .patterns: patterns.map { $0.map { Self.quoted($0.source) }.joined(separator: " ") }
                case .tolerance: tolerance.map { $0.absolute.map { "\($0)" } ?? "\(($0.relative ?? 0) * 100) %" }
                case .promptPrice: promptPrice.map { "\($0)" }
                case .outputPrice: outputPrice.map { "\($0)" }
                case .schema:
                    schema.map { schema in (try? Digest(of: CanonicalJSON.encode(schema)).short) ?? "unknown" }
                }
            return value.map { "\(parameter.rawValue)=\($0)" }
        }
    }

    /// A text in quotes, in printable ASCII.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default: quoted += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return quoted + "\""
    }

    /// Reads what `metric` is told; what is wrong is in `reader`.
    static func read(_ metric: Metric, _ reader: inout MappingReader) -> MetricParameters {
        var told = MetricParameters()
        let parameters = metric.parameters
        for parameter in parameters.needed { told.read(parameter, isRequired: true, &reader) }
        for parameter in parameters.allowed { told.read(parameter, isRequired: false, &reader) }
        if told.promptPrice == 0, told.outputPrice == 0 {
            reader.refuse("both prices are 0: every answer costs the same, nothing", at: "outputPrice")
        }
        return told
    }

    private mutating func read(_ parameter: MetricParameter, isRequired: Bool, _ reader: inout MappingReader) {
        let key = parameter.rawValue
        switch parameter {
        case .field:
            field = reader.value(
                key,
                isRequired: isRequired,
                expected: "the name of a member, or /name/name through objects within objects",
                make: FieldPath.init
            )
        case .label:
            label = reader.value(key, isRequired: isRequired, expected: Self.expectedText, make: Self.text)
        case .texts:
            texts = reader.values(key, isRequired: isRequired, expected: Self.expectedText, make: Self.text)
            Self.checkCount(texts?.count, key, &reader)
        case .ignoreCase:
            ignoreCase = reader.flag(key, isRequired: isRequired)
        case .pattern:
            guard let node = reader.node(key, isRequired: isRequired) else { return }
            patterns = Self.pattern(node, key, &reader).map { [$0] }
        case .patterns:
            guard let nodes = reader.list(key, isRequired: isRequired) else { return }
            let read = nodes.map { Self.pattern($0, key, &reader) }
            patterns = read.contains { $0 == nil } ? nil : read.compactMap { $0 }
            Self.checkCount(patterns?.count, key, &reader)
        case .tolerance:
            tolerance = reader.value(
                key,
                isRequired: isRequired,
                expected: "a number such as 0.5, or a share of the expected number such as 1 %"
            ) { text in
                guard let quantity = Quantity(text) else { return nil }
                switch quantity.unit {
                case .none: return NumberTolerance(absolute: quantity.value)
                case .percent: return NumberTolerance(relative: quantity.value)
                case .points, .milliseconds, .seconds, .minutes, .hours, .days, .nats: return nil
                }
            }
        case .promptPrice: promptPrice = reader.number(key, in: 0...1_000_000, isRequired: isRequired)
        case .outputPrice: outputPrice = reader.number(key, in: 0...1_000_000, isRequired: isRequired)
        case .schema: schema = OutputSchema.read(key, isRequired: isRequired, &reader)
        }
    }

    private static let expectedText = "1 to 200 bytes"
    private static let maximumCount = 16

    private static func text(_ text: String) -> String? { (1...200).contains(text.utf8.count) ? text : nil }

    private static func checkCount(_ count: Int?, _ key: String, _ reader: inout MappingReader) {
        guard let count, !(1...maximumCount).contains(count) else { return }
        reader.refuse("\"\(key)\" of \(reader.owner) holds \(count): write 1 to \(maximumCount)", at: key)
    }

    private static func pattern(_ node: YAMLNode, _ key: String, _ reader: inout MappingReader) -> AnswerPattern? {
        guard let text = node.text else {
            reader.add(.refused("\"\(key)\" of \(reader.owner) is \(node.kindInWords): write a pattern", node.position))
            return nil
        }
        do throws(PatternError) {
            let pattern = try AnswerPattern(text)
            guard !pattern.occurs(in: "") else {
                reader.add(
                    .refused(
                        "pattern \"\(text.printable)\" of \(reader.owner) occurs in every text, even in an empty one",
                        node.position
                    )
                )
                return nil
            }
            return pattern
        } catch {
            reader.add(.refused("pattern \"\(text.printable)\" of \(reader.owner): \(error)", node.position))
            return nil
        }
    }
}
