import RegistryTypes
import Wording

/// Reads `--set temperature=0.2` into decoding settings.
enum SettingsChange {
    /// `base` with the named settings replaced.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest` for an unknown key or a value out of range.
    static func apply(_ changes: [String: String], to base: DecodingSettings) throws(ControlPlaneError)
        -> DecodingSettings
    {
        var settings = base
        for (key, text) in changes.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "temperature": settings.temperature = try number(text, key, 0...10)
            case "maxTokens": settings.maxTokens = try integer(text, key, 1...131_072)
            case "topK": settings.topK = try integer(text, key, 1...1_000_000)
            case "topP": settings.topP = try share(text, key)
            case "minP": settings.minP = try number(text, key, 0...1)
            case "typicalP": settings.typicalP = try share(text, key)
            case "repetitionPenalty": settings.repetitionPenalty = try number(text, key, 0.01...10)
            case "frequencyPenalty": settings.frequencyPenalty = try number(text, key, -2...2)
            case "presencePenalty": settings.presencePenalty = try number(text, key, -2...2)
            default:
                throw ControlPlaneError(
                    .badRequest,
                    "unknown decoding setting \"\(key)\"",
                    next: """
                        settings: temperature, maxTokens, topK, topP, minP, typicalP, repetitionPenalty, \
                        frequencyPenalty, presencePenalty
                        """
                )
            }
        }
        return settings
    }

    /// A share of the probability that stays: never none.
    private static func share(_ text: String, _ key: String) throws(ControlPlaneError) -> Double {
        let share = try number(text, key, 0...1)
        guard share > 0 else {
            throw ControlPlaneError(
                .badRequest,
                "\(key) \"\(text)\" leaves no token to choose",
                next: "\(key)=1 leaves all"
            )
        }
        return share
    }

    private static func number(_ text: String, _ key: String, _ range: ClosedRange<Double>)
        throws(ControlPlaneError) -> Double
    {
        guard let value = Double(text), range.contains(value) else {
            throw ControlPlaneError(
                .badRequest,
                "\(key) \"\(text)\" is not a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    private static func integer(_ text: String, _ key: String, _ range: ClosedRange<Int>)
        throws(ControlPlaneError) -> Int
    {
        guard let value = Int(text), range.contains(value) else {
            throw ControlPlaneError(
                .badRequest,
                "\(key) \"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }
}
