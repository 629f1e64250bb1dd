/// What a model makes of a text that it reads but does not continue.
public struct SequenceReading: Sendable, Equatable {
    /// Natural logarithm of the probability of each token after the first, given those before it.
    public let logProbabilities: [Double]
    /// The last layer's output after the final norm, as the mean over all tokens: as many numbers as the model is wide.
    public let meanHidden: [Float]
}
