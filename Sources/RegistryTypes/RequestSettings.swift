public import StrictJSON

/// What a request changes of a release's settings, as its record and a traffic set keep it: by the names of
/// ``DecodingSettings/Asked``, `logitBias`, `maxTokens` and `stop`.
extension DecodingSettings {
    /// The settings with what a request changed: it may ask for less text than they allow, never for more.
    public func applying(_ changes: [String: JSONValue]) -> DecodingSettings {
        var settings = self
        for setting in DecodingSettings.Asked.allCases {
            if case .number(let value)? = changes[setting.rawValue] { settings.ask(setting, value) }
        }
        if case .object(let biases)? = changes["logitBias"] {
            settings.logitBias = [:]
            for (token, bias) in biases {
                if let token = Int(token), case .number(let bias) = bias { settings.logitBias?[token] = bias }
            }
        }
        if case .number(let value)? = changes["maxTokens"], value >= 1, value <= Double(settings.maxTokens) {
            settings.maxTokens = Int(value)
        }
        if case .array(let values)? = changes["stop"] {
            settings.stop += values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        return settings
    }

    /// What is wrong with settings that a traffic set asks with, such as `temperature must be from 0 to 2`; nil when they
    /// can be applied to any release. Ids of tokens mean something in one vocabulary only, so that no set asks with them.
    public static func problem(of changes: [String: JSONValue]) -> String? {
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "maxTokens":
                guard case .number(let count) = value, (1...1_000_000).contains(count), count.rounded() == count else {
                    return "maxTokens must be a whole number from 1 to 1000000"
                }
            case "stop":
                guard case .array(let texts) = value, texts.count <= 16, texts.allSatisfy(\.isStopText) else {
                    return "stop must be up to 16 texts of 1 to 256 bytes"
                }
            case _ where Asked(rawValue: name) != nil:
                guard case .number(let number) = value, let range = Asked(rawValue: name)?.range else {
                    return "\(name) must be a number"
                }
                guard range.contains(number) else {
                    return "\(name) must be from \(shown(range.lowerBound)) to \(shown(range.upperBound))"
                }
            default:
                let known = Asked.allCases.map(\.rawValue) + ["maxTokens", "stop"]
                return "no setting is called \"\(name.printable)\": \(known.joined(separator: ", "))"
            }
        }
        return nil
    }

    private static func shown(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}

extension DecodingSettings.Asked {
    /// What a request may ask for.
    public var range: ClosedRange<Double> {
        switch self {
        case .temperature: 0...2
        case .topK: 0...1_000_000
        case .topP, .minP, .typicalP: 0...1
        case .repetitionPenalty: 0.01...10
        case .frequencyPenalty, .presencePenalty: -2...2
        }
    }
}

extension JSONValue {
    fileprivate var isStopText: Bool {
        if case .string(let text) = self { (1...256).contains(text.utf8.count) } else { false }
    }
}
