import CKernels
public import GGUF

/// Memory that a model takes when it is loaded, told from the header of its file.
public struct MemoryNeeds: Sendable, Equatable {
    /// Bytes of the packed weights.
    public let weightBytes: Int
    /// Bytes of the key-value cache for each token of a sequence.
    public let bytesPerToken: Int
    /// Bytes that each sequence takes besides, whatever its length; 0 for a model without recurrent layers.
    public let bytesPerSequence: Int

    /// - Parameters:
    ///   - description: what was read from `file`.
    ///   - file: a file that the engine runs.
    public init(_ description: ModelDescription, _ file: GGUFFile) {
        let unread = description.unreadTensors(in: file)
        var bytes = 0, isQuantized = false
        for tensor in file.tensors where !unread.contains(tensor.name) {
            guard tensor.dimensions.count > 1, tensor.name.utf8.suffix(7).elementsEqual(".weight".utf8),
                let type = WeightType(tensor.type)
            else {
                bytes += tensor.elementCount * MemoryLayout<Float>.size
                continue
            }
            let packed = PackedMatrix.bytes(type, rows: tensor.dimensions[1], columns: tensor.dimensions[0])
            bytes += (packed.values + packed.scales) * tensor.dimensions.dropFirst(2).reduce(1, *)
            if type.isQuantized, tensor.name.utf8.starts(with: "blk.".utf8) { isQuantized = true }
        }
        weightBytes = bytes
        let format = isQuantized ? CK_CACHE_F16 : CK_CACHE_F32
        bytesPerToken = KVPages.pageBytes(description, format) / KVPages.pageTokens
        bytesPerSequence = RecurrentState.bytes(description)
    }
}
