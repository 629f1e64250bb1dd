import CKernels

/// The memory between the matrices of a forward pass: one row per token of the batch. Outputs of matrix products have
/// rows padded to 16 elements, because the kernels write whole tiles.
final class ForwardBuffers {
    typealias Floats = UnsafeMutablePointer<Float>

    let residual, normed, query, key, value, attended, projected, gate, up, hidden, logits, scores: Floats
    /// For experts alone: the router's logits, the inputs of one expert's rows, the sum of what the experts give.
    let routing, gathered, mixed: Floats
    /// For a dense layer beside experts alone: what it gives.
    let beside: Floats
    /// What each block gets of each token besides the residual stream, and the part of it that one token's embedding is.
    let perLayer, perLayerEmbedding: Floats
    /// For gated attention alone: queries with their gates, and the gates by themselves.
    let gatedQuery, queryGate: Floats
    /// For recurrent layers alone: queries, keys and values in one row, the gates of the values, what makes decays and
    /// weights of steps, and the weights that give queries and keys their lengths.
    let mixedChannels, valueGate, alpha, beta, queryLengths, keyLengths: Floats
    let logitsStride: Int
    let activations: ck_activations
    let pagePointers: UnsafeMutablePointer<UnsafeRawPointer?>
    private let floats: ZeroedMemory

    /// `count` rounded up to whole tiles.
    static func padded(_ count: Int) -> Int {
        let tile = Int(CK_LANES)
        return (count + tile - 1) / tile * tile
    }

    /// - Throws: `InferenceError.outOfMemory`.
    init(_ shape: ModelDescription, maxRows: Int, contextLength: Int) throws(InferenceError) {
        logitsStride = Self.padded(shape.vocabularySize)
        let hiddenWidth = shape.widestHidden
        let rule = shape.deltaRule
        let queryWidth = shape.layers.reduce(0) { max($0, shape.queryWidth($1)) }
        let kvWidth = shape.layers.reduce(0) { max($0, $1.kvWidth) }
        let projectedQueryWidth = shape.layers.reduce(0) { max($0, shape.projectedQueryWidth($1)) }
        let attendedWidth = max(queryWidth, rule?.valueWidth ?? 0)
        let perLayerWidth = Self.padded(shape.perLayerWidth * shape.layerCount)
        let expertWidths = shape.experts.map { [Self.padded($0.count), shape.width, Self.padded(shape.width)] }
        let widths =
            [
                shape.width, shape.width, queryWidth, kvWidth, kvWidth, attendedWidth,
                Self.padded(shape.width), Self.padded(hiddenWidth), Self.padded(hiddenWidth), hiddenWidth,
                logitsStride,
            ] + (expertWidths ?? [0, 0, 0])
            + (shape.hasAttentionGate ? [projectedQueryWidth, queryWidth] : [0, 0])
            + (rule.map { [$0.channels, $0.valueWidth, $0.valueHeads, $0.valueHeads].map(Self.padded) } ?? [0, 0, 0, 0])
        let scoreCount = 4 * Self.padded(contextLength)
        let headDimension = rule?.headDimension ?? 0
        let besideWidth = shape.experts?.isBesideDense == true ? shape.width : 0
        let sizes =
            widths.map { Self.padded($0 * maxRows) } + [headDimension, headDimension, scoreCount]
            + [Self.padded(besideWidth * maxRows), perLayerWidth * maxRows, perLayerWidth]
        let count = sizes.reduce(0, +)
        floats = try ZeroedMemory(bytes: count * MemoryLayout<Float>.stride, for: "the activations")
        let all = floats.start.bindMemory(to: Float.self, capacity: count)
        var start = 0
        func next(_ index: Int) -> Floats {
            defer { start += sizes[index] }
            return all + start
        }
        residual = next(0)
        normed = next(1)
        query = next(2)
        key = next(3)
        value = next(4)
        attended = next(5)
        projected = next(6)
        gate = next(7)
        up = next(8)
        hidden = next(9)
        logits = next(10)
        routing = next(11)
        gathered = next(12)
        mixed = next(13)
        gatedQuery = next(14)
        queryGate = next(15)
        mixedChannels = next(16)
        valueGate = next(17)
        alpha = next(18)
        beta = next(19)
        queryLengths = next(20)
        keyLengths = next(21)
        scores = next(22)
        beside = next(23)
        perLayer = next(24)
        perLayerEmbedding = next(25)
        queryLengths.update(repeating: 1 / Float(max(1, headDimension)), count: headDimension)
        keyLengths.update(repeating: 1 / Float(max(1, headDimension)).squareRoot(), count: headDimension)
        let columns = maxRows * max(shape.width, attendedWidth, hiddenWidth)
        let blocks = columns / Int(CK_BLOCK) + 1
        activations = ck_activations(
            values: .allocate(capacity: blocks * Int(CK_BLOCK)),
            scales: .allocate(capacity: blocks),
            sums: .allocate(capacity: blocks)
        )
        let pageCount = Self.padded(contextLength) / KVPages.pageTokens
        pagePointers = .allocate(capacity: pageCount)
        pagePointers.initialize(repeating: nil, count: pageCount)
    }

    deinit {
        activations.values.deallocate()
        activations.scales.deallocate()
        activations.sums.deallocate()
        pagePointers.deallocate()
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory of the system's that reads as zero and costs nothing until it is written; given back at the end.
final class ZeroedMemory {
    /// The first byte, at a multiple of a cache line so that no vector lies across two.
    let start: UnsafeMutableRawPointer
    private let allocation: UnsafeMutableRawPointer

    /// - Parameter what: what the memory is for, for the error.
    /// - Throws: `InferenceError.outOfMemory`.
    init(bytes: Int, for what: String) throws(InferenceError) {
        let line = 64
        guard let allocation = calloc(bytes + line, 1) else { throw .outOfMemory(what: what, bytes: bytes) }
        self.allocation = allocation
        start = allocation.alignedUp(toMultipleOf: line)
    }

    deinit { free(allocation) }
}
