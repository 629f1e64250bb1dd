/// An embedding in one byte to a number: what is kept of a prompt for the explanation of drift.
public struct PackedEmbedding: Hashable, Sendable {
    /// What one step is worth.
    let step: Float
    let bytes: [Int8]

    /// Packs an embedding; nil for an empty one or values that are not finite.
    public init?(_ values: [Float]) {
        guard !values.isEmpty, values.count <= DriftEpoch.widthLimit, values.allSatisfy(\.isFinite) else { return nil }
        let largest = values.reduce(0) { max($0, abs($1)) }
        let step = largest / 127
        self.step = step
        bytes = values.map { step > 0 ? Int8(max(-127, min(127, ($0 / step).rounded()))) : 0 }
    }

    init?(step: Float, bytes: [Int8]) {
        guard step.isFinite, step >= 0, !bytes.isEmpty else { return nil }
        self.step = step
        self.bytes = bytes
    }

    /// The embedding, each number within half a step.
    public var values: [Float] { bytes.map { Float($0) * step } }
}
