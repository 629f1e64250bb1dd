public import GGUF

/// What a model computes, as data: the one forward pass (`ForwardPass`) follows it and knows no architecture by name.
///
/// Read from a file's metadata and checked against its tensors: when a value of this type comes from a file, every
/// tensor that the forward pass touches is there with the size and type it must have, and the file has no other.
/// How a family of models writes itself down is read in `Architectures/`, one noun a file.
public struct ModelDescription: Sendable, Equatable {
    /// The name that the file gives its architecture.
    public internal(set) var architecture: String
    /// Tokens that the model was made for.
    public internal(set) var contextLength: Int
    /// Size of the residual stream.
    public internal(set) var width: Int
    /// Query heads of a block.
    public internal(set) var headCount: Int
    /// Rows of the token embedding.
    public internal(set) var vocabularySize: Int
    /// Added to the mean square in every norm.
    public internal(set) var normEpsilon: Float
    /// True when the output matrix is a tensor of its own, false when it is the embedding.
    public internal(set) var hasOwnOutput = false
    /// Transformer blocks.
    public var layerCount: Int { layers.count }

    /// What differs from block to block.
    struct Layer: Sendable, Equatable {
        /// Which of the model's `rotaries` turns queries and keys; none where positions are not told.
        var rotary: Int? = 0
        /// Most tokens that a token attends to, itself included; nil for all before it.
        var window: Int?
        /// True where a gated delta rule takes the place of attention.
        var isRecurrent = false
        /// Elements of a head, a multiple of 16.
        var headDimension: Int
        /// Key and value heads; each serves `headCount / kvHeadCount` query heads.
        var kvHeadCount: Int
        /// Size of the hidden layer of the feed-forward part; where there are experts, of the one besides them.
        var feedForwardWidth: Int
        /// The earlier block whose keys and values this one reads; nil where it has its own.
        var sharesWith: Int?
        /// True where the values are the projected keys, before norm and rotation.
        var valuesAreKeys = false

        /// Elements of all key (or value) heads of a token.
        var kvWidth: Int { kvHeadCount * headDimension }
    }

    /// The tensors of the norms of a block, without `.weight`; nil where there is no norm. All are root-mean-square
    /// norms (Zhang and Sennrich, 2019).
    struct Norms: Sendable, Equatable {
        var beforeAttention: String? = "attn_norm"
        var afterAttention: String?
        var beforeFeedForward: String? = "ffn_norm"
        var afterFeedForward: String?
    }

    /// Norms of queries and keys before their rotation.
    enum QueryKeyNorm: Sendable {
        case none
        /// Each head by itself.
        case perHead
        /// All heads of a token at once.
        case wholeRow
    }

    /// What the feed-forward part does with its gate (g) and the other half of its hidden layer (u).
    enum Activation: Sendable {
        /// g / (1 + exp(-g)) · u
        case silu
        /// gelu(g) · u, approximated by tanh.
        case gelu
        /// With g at most 7 and u from -7 to 7: g / (1 + exp(-1.702 g)) · (u + 1).
        case clampedSwiglu
    }

    /// Queries grow with the logarithm of their position: by `1 + slope · log(1 + floor(position / length))`.
    struct Temperature: Sendable, Equatable {
        var slope: Double
        var length: Int
    }

    /// A gated delta rule (Yang et al., 2024): every value head has a state of `headDimension` × `headDimension` in which
    /// each token replaces what its key finds. Queries, keys and values pass a short convolution before.
    struct DeltaRule: Sendable, Equatable {
        /// Heads of queries and keys; value head i takes the one of number i modulo this.
        var keyHeads: Int
        var valueHeads: Int
        /// Elements of a head, a multiple of 16.
        var headDimension: Int
        /// Taps of the convolution.
        var taps: Int

        var keyWidth: Int { keyHeads * headDimension }
        var valueWidth: Int { valueHeads * headDimension }
        /// Queries, keys and values of a token.
        var channels: Int { 2 * keyWidth + valueWidth }
    }

    /// A feed-forward part of which each token passes through a few of many copies, weighted by the softmax of their
    /// logits.
    struct Experts: Sendable, Equatable {
        var count: Int
        /// Experts of each token, those with the largest logits.
        var used: Int
        /// Size of the hidden layer of each.
        var width: Int
        /// True when the router and all matrices of the experts add a bias.
        var hasBiases = false
        /// Size of the hidden layer of an expert that every token passes through besides; 0 for none.
        var sharedWidth = 0
        /// True when a dense layer as wide as the block says stands beside the experts, each part with norms of its own;
        /// the router has one too, and each expert a factor.
        var isBesideDense = false
    }

    var layers: [Layer]
    var norms = Norms()
    var queryKeyNorm = QueryKeyNorm.none
    var activation = Activation.silu
    var rotaries: [RotaryDescription]
    /// Factor of every score.
    var attentionScale: Float
    var temperature: Temperature?
    /// Bound of scores, by tanh; nil for none.
    var attentionCap: Float?
    /// Bound of logits, by tanh; nil for none.
    var logitCap: Float?
    /// True when each head has a score that takes part in the softmax and has no value.
    var hasSinks = false
    /// Factor of the embedding.
    var embeddingScale: Float = 1
    /// Factor of what a block adds to the residual stream, twice.
    var residualScale: Float = 1
    /// Factor of the logits.
    var logitScale: Float = 1
    /// True when the gate is the first half of the rows of `ffn_up`.
    var hasFusedGate = false
    var experts: Experts?
    /// True when a gate as wide as the queries, projected beside each of them, weighs what a head found.
    var hasAttentionGate = false
    /// True when each value head has a norm without weights.
    var hasValueNorm = false
    /// Elements that each block gets of each token besides the residual stream: from an embedding of their own and from
    /// the token's; 0 for none.
    var perLayerWidth = 0
    /// True when the residual stream is multiplied by a number after each block.
    var hasOutputScales = false
    /// What the recurrent blocks compute; nil where there are none.
    var deltaRule: DeltaRule?
    /// Blocks after the last one that only guess several tokens ahead; they are left out.
    var draftLayerCount = 0

    /// Reads and checks a file.
    ///
    /// - Throws: what speaks against the file: a `GGUFError` or `InferenceError` where it is one thing (metadata that is
    ///   missing, mistyped or unknown to the engine, tensors that do not fit it), `InferenceError.refused` with all
    ///   reasons where there are more.
    public init(_ file: GGUFFile) throws {
        guard let name = try file.string("general.architecture") else {
            throw GGUFError.missingKey("general.architecture")
        }
        var metadata = MetadataReader(file, architecture: name)
        for error in file.unsupportedTypes { metadata.refuse(error) }
        let architecture: SupportedModels.Architecture
        do {
            architecture = try SupportedModels.Architecture(name: name)
        } catch {
            throw InferenceError.refusal([error] + metadata.reasons)
        }
        self = architecture.describe(&metadata)
        metadata.refuseUnread()
        if !metadata.reasons.isEmpty { throw InferenceError.refusal(metadata.reasons) }
        let faults = tensorFaults(in: file)
        if !faults.isEmpty { throw InferenceError.refusal(faults) }
    }

    /// A model as Llama has it, of the keys that every family has; a family changes what is different.
    ///
    /// - Parameters:
    ///   - pairs: which elements of a head are turned together.
    ///   - partialRotation: whether a part of each head may be turned alone.
    ///   - variesByBlock: whether key-value heads and feed-forward widths may be lists with one number for each block,
    ///     and blocks that see a window have heads of another size, which the family reads itself.
    ///   - feedForwardWidth: where it stands under a key of the family's own.
    init(
        _ metadata: inout MetadataReader,
        pairs: RotaryDescription.Pairs,
        partialRotation: Bool = false,
        variesByBlock: Bool = false,
        feedForwardWidth ownWidth: Int? = nil
    ) {
        architecture = metadata.architecture
        contextLength = metadata.integer("context_length", in: 1...(1 << 24))
        let layerCount = metadata.integer("block_count", in: 1...512)
        width = metadata.integer("embedding_length", in: 1...(1 << 16))
        func integers(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> [Int] {
            variesByBlock
                ? metadata.integers(name, in: range, count: layerCount, default: fallback)
                : Array(repeating: metadata.integer(name, in: range, default: fallback), count: layerCount)
        }
        let feedForwardWidths =
            ownWidth.map { Array(repeating: $0, count: layerCount) }
            ?? integers("feed_forward_length", in: 1...(1 << 20))
        let headCount = metadata.integer("attention.head_count", in: 1...1024)
        self.headCount = headCount
        let kvHeadCounts = integers("attention.head_count_kv", in: 1...1024, default: headCount)
        let hasFoundHeads = metadata.reasons.isEmpty
        if hasFoundHeads, let count = kvHeadCounts.first(where: { !headCount.isMultiple(of: $0) }) {
            let key = metadata.key("attention.head_count")
            metadata.refuse(
                InferenceError.inconsistent("\(key) is \(headCount), not a multiple of the \(count) key-value heads")
            )
        }
        let headDimension = metadata.headDimension(width: width, headCount: headCount, windowedAlike: !variesByBlock)
        normEpsilon = Float(metadata.number("attention.layer_norm_rms_epsilon", in: 1e-30...1))
        let rotated = metadata.rotatedDimensions(
            ofHead: headDimension,
            mayBePart: partialRotation,
            windowedAlike: !variesByBlock
        )
        rotaries = [metadata.rotary(pairs: pairs, dimensions: rotated, contextLength: contextLength)]
        attentionScale = 1 / Float(headDimension).squareRoot()
        layers = zip(kvHeadCounts, feedForwardWidths).map {
            Layer(headDimension: headDimension, kvHeadCount: $0, feedForwardWidth: $1)
        }
        vocabularySize = metadata.vocabularySize(width: width)
        hasOwnOutput = metadata.hasTensor("output.weight")
    }
}

extension ModelDescription {
    /// Elements of all query heads of a token.
    func queryWidth(_ layer: Layer) -> Int { headCount * layer.headDimension }
    /// Rows of the projection of queries, with the gates beside them where there are any.
    func projectedQueryWidth(_ layer: Layer) -> Int { (hasAttentionGate ? 2 : 1) * queryWidth(layer) }
    /// Of each block, how many of its kind (with pages, or with a state) come before it; where it reads another block's
    /// pages, the number of that one.
    var ordinals: [Int] {
        var counts = (paged: 0, recurrent: 0)
        var ordinals: [Int] = []
        for layer in layers {
            if layer.isRecurrent {
                ordinals.append(counts.recurrent)
                counts.recurrent += 1
            } else if let source = layer.sharesWith {
                ordinals.append(ordinals[source])
            } else {
                ordinals.append(counts.paged)
                counts.paged += 1
            }
        }
        return ordinals
    }
    /// Blocks that keep keys and values of their own in pages.
    var pagedLayers: [Layer] { layers.filter { !$0.isRecurrent && $0.sharesWith == nil } }
    /// Elements of the widest hidden layer of any block.
    var widestHidden: Int {
        let widths = layers.map(\.feedForwardWidth) + [experts?.width ?? 0, experts?.sharedWidth ?? 0, perLayerWidth]
        return widths.max() ?? 0
    }
    /// The last block that leaves something for the tokens to come: what a token computes after it is read by nobody
    /// but the token itself.
    var lastWritingLayer: Int { layers.lastIndex { $0.sharesWith == nil } ?? 0 }

    /// Lets the blocks that a pattern names see a window of tokens only.
    ///
    /// - Parameter rotary: the rotation of those blocks, where it is one of their own.
    mutating func setWindow(_ window: Int, of isWindowed: [Bool], rotary: RotaryDescription? = nil) {
        var own: Int?
        if let rotary, rotary != rotaries[0] {
            own = rotaries.count
            rotaries.append(rotary)
        }
        for index in layers.indices where isWindowed[index] {
            layers[index].window = window
            if let own { layers[index].rotary = own }
        }
    }
}

extension GGUFFile {
    /// One error for each type of the file's tensors that cannot be computed with, naming the first such tensor.
    fileprivate var unsupportedTypes: [GGUFError] {
        var seen: Set<TensorType> = []
        return tensors.compactMap { tensor in
            guard WeightType(tensor.type) == nil, seen.insert(tensor.type).inserted else { return nil }
            return .unsupportedTensorType(tensor: tensor.name, type: tensor.type)
        }
    }
}
