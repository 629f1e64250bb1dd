public import GGUF

/// That weights were made from weights which had been quantised to four bits or fewer before, where that can be seen: a
/// block of 32 numbers of four bits has at most sixteen different values, and still has when it is stored in a finer type.
///
/// Five bits and more leave no such trace, and in a type of four bits itself there is nothing to see.
public struct EarlierQuantization: Sendable, Equatable, CustomStringConvertible {
    /// The type that the weights have now, of most of the blocks that were looked at.
    public let type: TensorType
    /// Blocks that were looked at, all of which have the trace.
    public let blockCount: Int

    /// Numbers that share a scale in the types of four bits.
    private static let blockSize = 32
    private static let values = 16
    private static let tensorLimit = 24
    private static let blocksOfTensor = 16
    /// With fewer, it could be chance.
    private static let minBlocks = 64

    /// Looks at blocks spread over the matrices of a file that have a finer type; nil where one of them has no trace, or
    /// too few can be looked at.
    public init?(_ file: GGUFFile) {
        let finer: Set<TensorType> = [.f32, .f16, .bf16, .q8_0]
        let matrices = file.tensors.filter { tensor in
            finer.contains(tensor.type) && tensor.dimensions.count > 1
                && tensor.dimensions[0].isMultiple(of: Self.blockSize) && tensor.name.utf8.starts(with: "blk.".utf8)
        }
        let step = max(1, matrices.count / Self.tensorLimit)
        var seen: [TensorType: Int] = [:]
        for index in stride(from: 0, to: matrices.count, by: step) {
            guard let found = Self.traces(in: matrices[index], of: file) else { return nil }
            seen[matrices[index].type, default: 0] += found
        }
        let total = seen.values.reduce(0, +)
        guard total >= Self.minBlocks,
            let dominant = seen.max(by: { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) })
        else { return nil }
        type = dominant.key
        blockCount = total
    }

    /// How many blocks of a tensor have the trace; nil when one of those looked at has it not. Blocks of nearly nothing but
    /// one value say nothing.
    private static func traces(in tensor: GGUFTensor, of file: GGUFFile) -> Int? {
        let blocks = tensor.elementCount / blockSize
        let bytesOfBlock = blockSize / tensor.type.block.elements * tensor.type.block.bytes
        var found = 0
        return file.withBytes(of: tensor) { bytes -> Int? in
            for block in stride(from: 0, to: blocks, by: max(1, blocks / blocksOfTensor)) {
                let part = UnsafeRawBufferPointer(
                    rebasing: bytes[block * bytesOfBlock..<(block + 1) * bytesOfBlock]
                )
                guard let numbers = tensor.type.dequantized(part) else { return nil }
                let different = Set(numbers.map(\.bitPattern)).count
                if different > values { return nil }
                if different > 4 { found += 1 }
            }
            return found
        }
    }

    /// What a person reads.
    public var description: String {
        "its \(type) weights look as if they were made from a file that had been quantised before: each of \(blockCount) "
            + "blocks of \(Self.blockSize) numbers has at most \(Self.values) different ones. Quantising twice loses more "
            + "than once: start from the original where there is one"
    }
}
