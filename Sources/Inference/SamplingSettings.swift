/// How the next token is chosen from the model's distribution. The parts apply in the order in which they are listed.
public struct SamplingSettings: Sendable, Equatable {
    /// Logits are divided by it; 0 takes the most likely token, and the other parts then do nothing.
    public let temperature: Double
    /// Only this many of the most likely tokens remain; 0 keeps all.
    public let topK: Int
    /// Of those, only the fewest most likely ones whose probabilities (among those that remain) add up to this.
    public let topP: Double
    /// Of those, only the ones at least this fraction as likely as the most likely.
    public let minP: Double

    /// The most likely token, always.
    public static let greedy = SamplingSettings(uncheckedTemperature: 0, topK: 0, topP: 1, minP: 0)

    /// - Parameters:
    ///   - temperature: from 0 to 100.
    ///   - topK: 0 or more.
    ///   - topP: greater than 0, at most 1.
    ///   - minP: from 0 to 1.
    /// - Throws: `InferenceError.invalidSetting`.
    public init(temperature: Double, topK: Int = 0, topP: Double = 1, minP: Double = 0) throws(InferenceError) {
        guard temperature >= 0, temperature <= 100 else {
            throw .invalidSetting(name: "temperature", value: "\(temperature)", allowed: "from 0 to 100")
        }
        guard topK >= 0 else { throw .invalidSetting(name: "topK", value: "\(topK)", allowed: "0 or more") }
        guard topP > 0, topP <= 1 else {
            throw .invalidSetting(name: "topP", value: "\(topP)", allowed: "greater than 0 and at most 1")
        }
        guard minP >= 0, minP <= 1 else {
            throw .invalidSetting(name: "minP", value: "\(minP)", allowed: "from 0 to 1")
        }
        self.init(uncheckedTemperature: temperature, topK: topK, topP: topP, minP: minP)
    }

    private init(uncheckedTemperature: Double, topK: Int, topP: Double, minP: Double) {
        temperature = uncheckedTemperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
    }
}
