/// What the recurrent layers of a model remember of one sequence. It stands for all its tokens at once, so it cannot be
/// shared by page as keys and values can: a sequence that begins as another one did has a copy, made at that token.
final class RecurrentState {
    /// Tokens that it has seen.
    var tokenCount = 0
    private let rule: ModelDescription.DeltaRule
    private let memory: ZeroedMemory
    private let floatCount: Int

    /// Bytes of the state of one sequence; 0 for a model without recurrent layers.
    static func bytes(_ model: ModelDescription) -> Int {
        guard let rule = model.deltaRule else { return 0 }
        return model.layers.count(where: \.isRecurrent) * floatsOfLayer(rule) * MemoryLayout<Float>.size
    }

    private static func floatsOfLayer(_ rule: ModelDescription.DeltaRule) -> Int {
        (rule.taps - 1) * rule.channels + rule.valueHeads * rule.headDimension * rule.headDimension
    }

    /// The state before the first token: all zero.
    ///
    /// - Throws: `InferenceError.outOfMemory`.
    init(_ model: ModelDescription, _ rule: ModelDescription.DeltaRule) throws(InferenceError) {
        self.rule = rule
        let bytes = Self.bytes(model)
        floatCount = bytes / MemoryLayout<Float>.size
        memory = try ZeroedMemory(bytes: bytes, for: "the state of a sequence")
    }

    /// The same state again.
    ///
    /// - Throws: `InferenceError.outOfMemory`.
    init(copying other: RecurrentState) throws(InferenceError) {
        rule = other.rule
        floatCount = other.floatCount
        tokenCount = other.tokenCount
        let bytes = floatCount * MemoryLayout<Float>.size
        memory = try ZeroedMemory(bytes: bytes, for: "the state of a sequence")
        memory.start.copyMemory(from: other.memory.start, byteCount: bytes)
    }

    /// The inputs of the convolution that a layer remembers, `(taps - 1) × channels`, and after them the states of its
    /// heads. The layer is counted among the recurrent ones.
    func parts(ofLayer ordinal: Int) -> (history: UnsafeMutablePointer<Float>, heads: UnsafeMutablePointer<Float>) {
        let all = memory.start.bindMemory(to: Float.self, capacity: floatCount)
        let history = all + ordinal * Self.floatsOfLayer(rule)
        return (history, history + (rule.taps - 1) * rule.channels)
    }
}
