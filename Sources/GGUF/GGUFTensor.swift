/// One entry of the tensor directory. Everything in it has been checked against the file.
public struct GGUFTensor: Sendable, Equatable {
    /// The tensor's name, as in `blk.0.attn_q.weight`.
    public let name: String
    /// How the elements are stored.
    public let type: TensorType
    /// One to four sizes, the fastest-varying first: a matrix of rows × columns is `[columns, rows]`.
    public let dimensions: [Int]
    /// Offset of the first byte from the start of the file.
    public let fileOffset: Int
    /// Bytes of the data.
    public let byteCount: Int

    /// Number of elements: the product of the dimensions.
    public var elementCount: Int { dimensions.reduce(1, *) }
}
