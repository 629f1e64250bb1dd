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
        return settings.leaving(base)
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

extension DecodingSettings {
    /// The settings without those that say what happens anyway, unless `base` says it too: a release that differs in nothing
    /// is the same release.
    fileprivate func leaving(_ base: DecodingSettings) -> DecodingSettings {
        var settings = self
        if topP == 1, base.topP != 1 { settings.topP = nil }
        if minP == 0, base.minP != 0 { settings.minP = nil }
        if typicalP == 1, base.typicalP != 1 { settings.typicalP = nil }
        if repetitionPenalty == 1, base.repetitionPenalty != 1 { settings.repetitionPenalty = nil }
        if frequencyPenalty == 0, base.frequencyPenalty != 0 { settings.frequencyPenalty = nil }
        if presencePenalty == 0, base.presencePenalty != 0 { settings.presencePenalty = nil }
        return settings
    }
}
