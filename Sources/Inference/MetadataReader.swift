import GGUF

/// Reads the metadata of one architecture and goes on after a fault, so that a file is refused with all reasons at once.
///
/// It remembers what was asked for: what else in the file would change the arithmetic is a reason too.
struct MetadataReader {
    let file: GGUFFile
    let architecture: String
    /// What speaks against the file so far.
    private(set) var reasons: [any Error] = []
    private var asked: Set<String> = []

    init(_ file: GGUFFile, architecture: String) {
        self.file = file
        self.architecture = architecture
    }

    /// A name with the architecture before it, as files have it.
    func key(_ name: String) -> String { "\(architecture).\(name)" }

    mutating func refuse(_ reason: any Error) { reasons.append(reason) }

    func hasTensor(_ name: String) -> Bool { file.tensor(named: name) != nil }

    // MARK: - One value

    /// An integer; a list of one for each block counts as one where all are equal. The lower bound after a fault.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
        asked.insert(name)
        let key = key(name)
        do throws(GGUFError) {
            if case .array(.integers(let values, _)) = file.metadata[key], let first = values.first {
                guard values.allSatisfy({ $0 == first }) else {
                    refuse(InferenceError.unsupportedFeature(key: key, value: "different in different blocks"))
                    return range.lowerBound
                }
                guard let value = Int(exactly: first), range.contains(value) else {
                    throw .invalidValue(key: key, value: "\(first)", reason: Self.must(range))
                }
                return value
            }
            if file.metadata[key] == nil, let fallback { return fallback }
            return try file.requiredInteger(key, in: range)
        } catch {
            refuse(error)
            return range.lowerBound
        }
    }

    /// An integer for each block: a list of so many, or one for all. The lower bound after a fault.
    mutating func integers(
        _ name: String,
        in range: ClosedRange<Int>,
        count: Int,
        default fallback: Int? = nil
    ) -> [Int] {
        guard case .array(.integers(let values, _)) = file.metadata[key(name)] else {
            return Array(repeating: integer(name, in: range, default: fallback), count: count)
        }
        asked.insert(name)
        let found = values.compactMap { Int(exactly: $0) }.filter(range.contains)
        if values.count != count {
            let reason = "it must have \(count), one for each block"
            refuse(GGUFError.invalidValue(key: key(name), value: "a list of \(values.count)", reason: reason))
        } else if found.count == count {
            return found
        } else if let wrong = values.first(where: { !(Int(exactly: $0).map(range.contains) ?? false) }) {
            refuse(GGUFError.invalidValue(key: key(name), value: "a list with \(wrong)", reason: Self.must(range)))
        }
        return Array(repeating: range.lowerBound, count: count)
    }

    /// An integer that is 0 where the file has none.
    mutating func count(_ name: String, upTo limit: Int) -> Int { integer(name, in: 0...limit, default: 0) }

    /// A float. The lower bound after a fault.
    mutating func number(_ name: String, in range: ClosedRange<Double>, default fallback: Double? = nil) -> Double {
        asked.insert(name)
        let key = key(name)
        do throws(GGUFError) {
            guard let value = try file.number(key) ?? fallback else { throw .missingKey(key) }
            guard range.contains(value) else {
                throw .invalidValue(key: key, value: "\(value)", reason: Self.must(range))
            }
            return value
        } catch {
            refuse(error)
            return range.lowerBound
        }
    }

    /// A float that files leave out, or set to 0, where there is none.
    mutating func optionalNumber(_ name: String, in range: ClosedRange<Double> = 1e-6...1e6) -> Float? {
        asked.insert(name)
        if file.metadata[key(name)] == nil || file.metadata[key(name)]?.number == 0 { return nil }
        return Float(number(name, in: range))
    }

    mutating func text(_ name: String) -> String? {
        asked.insert(name)
        do throws(GGUFError) {
            return try file.string(key(name))
        } catch {
            refuse(error)
            return nil
        }
    }

    mutating func flag(_ name: String, default fallback: Bool) -> Bool {
        asked.insert(name)
        do throws(GGUFError) {
            return try file.bool(key(name)) ?? fallback
        } catch {
            refuse(error)
            return fallback
        }
    }

    /// Says that a key changes nothing here, whatever its value.
    mutating func ignore(_ name: String) { asked.insert(name) }

    /// Which blocks see a window only: a list, or a period in which all blocks but the last do.
    mutating func windowPattern(layerCount: Int, period: Int) -> [Bool] {
        pattern("attention.sliding_window_pattern", periodIn: "attention.sliding_window_pattern", layerCount, period)
    }

    /// Which blocks see a window only: a list of exactly so many flags, which must be there.
    mutating func windowFlags(layerCount: Int) -> [Bool] {
        let name = "attention.sliding_window_pattern"
        asked.insert(name)
        var flags: [Bool] = []
        switch file.metadata[key(name)] {
        case nil: refuse(GGUFError.missingKey(key(name)))
        case .array(.bools(let values)) where values.count == layerCount: flags = values
        case .array(.integers(let values, _)) where values.count == layerCount: flags = values.map { $0 != 0 }
        case let value?:
            let reason = "it must be a list of \(layerCount) flags, one for each block"
            refuse(GGUFError.invalidValue(key: key(name), value: value.shown, reason: reason))
        }
        return flags.isEmpty ? Array(repeating: false, count: layerCount) : flags
    }

    /// Which blocks have a state instead of attention.
    mutating func recurrentPattern(layerCount: Int, period: Int) -> [Bool] {
        pattern("attention.recurrent_layers", periodIn: "full_attention_interval", layerCount, period)
    }

    private mutating func pattern(_ name: String, periodIn periodName: String, _ layerCount: Int, _ period: Int)
        -> [Bool]
    {
        asked.insert(name)
        switch file.metadata[key(name)] {
        case .array(.bools(let flags)) where flags.count >= layerCount:
            return Array(flags.prefix(layerCount))
        case .array(.integers(let flags, _)) where flags.count >= layerCount:
            return flags.prefix(layerCount).map { $0 != 0 }
        case .array:
            refuse(GGUFError.invalidValue(key: key(name), value: "a list", reason: "it must have \(layerCount) flags"))
            return Array(repeating: false, count: layerCount)
        default:
            let period = integer(periodName, in: 0...512, default: period)
            return (0..<layerCount).map { period == 0 || $0 % period < period - 1 }
        }
    }

    private static func must<Bound>(_ range: ClosedRange<Bound>) -> String {
        "it must be from \(range.lowerBound) to \(range.upperBound)"
    }

    // MARK: - Shapes

    /// Elements of a head.
    ///
    /// - Parameter windowedAlike: whether blocks that see a window must have heads of the same size.
    mutating func headDimension(width: Int, headCount: Int, windowedAlike: Bool = true) -> Int {
        let lengths = ["attention.key_length", "attention.value_length"].map { name -> Int? in
            file.metadata[key(name)] == nil ? nil : integer(name, in: 0...(1 << 16))
        }
        guard lengths[0] != nil || width.isMultiple(of: headCount) else {
            refuse(
                InferenceError.inconsistent(
                    "\(key("embedding_length")) is \(width), not a multiple of the \(headCount) heads"
                )
            )
            return 16
        }
        let dimension = lengths[0] ?? width / headCount
        guard isSupported(headDimension: dimension) else { return 16 }
        if let value = lengths[1], value != dimension { refuse("attention.value_length", value, ofHead: dimension) }
        if windowedAlike {
            refuseOthers(
                ["attention.key_length_swa", "attention.value_length_swa"],
                than: dimension,
                ofHead: dimension
            )
        }
        return dimension
    }

    private mutating func isSupported(headDimension dimension: Int) -> Bool {
        if dimension.isMultiple(of: 16), (16...512).contains(dimension) { return true }
        if reasons.isEmpty {
            let value = "\(dimension) (supported: multiples of 16 up to 512)"
            refuse(InferenceError.unsupportedFeature(key: "head dimension", value: value))
        }
        return false
    }

    /// Elements of a head of blocks that see a window, which have a key of their own.
    mutating func windowedHeadDimension() -> Int {
        let dimension = integer("attention.key_length_swa", in: 0...(1 << 16))
        guard isSupported(headDimension: dimension) else { return 16 }
        refuseOthers(["attention.value_length_swa"], than: dimension, ofHead: dimension)
        return dimension
    }

    /// Elements of each of those heads that are turned: all of them where the file does not say.
    mutating func windowedRotation(ofHead dimension: Int) -> Int {
        let name = "rope.dimension_count_swa"
        let rotated = integer(name, in: 0...(1 << 16), default: dimension)
        guard (2...dimension).contains(rotated), rotated.isMultiple(of: 2) else {
            if reasons.isEmpty { refuse(name, rotated, ofHead: dimension) }
            return dimension
        }
        return rotated
    }

    /// Elements of each head that are turned; an even number.
    mutating func rotatedDimensions(ofHead dimension: Int, mayBePart: Bool, windowedAlike: Bool = true) -> Int {
        let name = "rope.dimension_count"
        let usual = file.metadata[key(name)]?.integer ?? dimension
        if windowedAlike { refuseOthers(["rope.dimension_count_swa"], than: usual, ofHead: dimension) }
        guard file.metadata[key(name)] != nil else { return dimension }
        let rotated = integer(name, in: 0...(1 << 16))
        guard rotated == dimension || (mayBePart && (2...dimension).contains(rotated) && rotated.isMultiple(of: 2))
        else {
            if reasons.isEmpty { refuse(name, rotated, ofHead: dimension) }
            return dimension
        }
        return rotated
    }

    /// Sizes of windowed blocks, which must be those of the others where a file has them.
    private mutating func refuseOthers(_ names: [String], than size: Int, ofHead dimension: Int) {
        for name in names where file.metadata[key(name)] != nil {
            let value = count(name, upTo: 1 << 16)
            if value != 0, value != size { refuse(name, value, ofHead: dimension) }
        }
    }

    private mutating func refuse(_ name: String, _ value: Int, ofHead dimension: Int) {
        refuse(InferenceError.unsupportedFeature(key: key(name), value: "\(value) (head dimension \(dimension))"))
    }

    /// Rows of the embedding.
    mutating func vocabularySize(width: Int) -> Int {
        let name = "token_embd.weight"
        guard let embedding = file.tensor(named: name) else {
            refuse(GGUFError.missingTensor(name))
            return 1
        }
        guard embedding.dimensions.count == 2, (1...(1 << 20)).contains(embedding.dimensions[1]) else {
            refuse(InferenceError.wrongShape(tensor: name, expected: [width], found: embedding.dimensions))
            return 1
        }
        return embedding.dimensions[1]
    }

    // MARK: - Rotation

    /// The rotation of queries and keys.
    mutating func rotary(
        pairs: RotaryDescription.Pairs,
        dimensions: Int,
        contextLength: Int
    ) -> RotaryDescription {
        var rotary = RotaryDescription(
            pairs: pairs,
            dimensions: dimensions,
            base: number("rope.freq_base", in: 1...1e12, default: 10_000)
        )
        let scaling = text("rope.scaling.type") ?? ""
        // Without a type a factor means linear scaling; a factor of 0 is "not set".
        let factor = optionalNumber("rope.scaling.factor", in: 0.1...1e4) ?? optionalNumber("rope.scale_linear") ?? 1
        rotary.attentionFactor = number("rope.scaling.attn_factor", in: 1e-3...1e3, default: 1)
        rotary.originalLength = integer(
            "rope.scaling.original_context_length",
            in: 1...(1 << 24),
            default: contextLength
        )
        switch scaling {
        case "none": break
        case "", "linear", "longrope": rotary.factor = Double(factor)
        case "yarn":
            rotary.factor = Double(factor)
            rotary.yarn = RotaryDescription.Yarn(
                fastTurns: number("rope.scaling.yarn_beta_fast", in: 1e-3...1e6, default: 32),
                slowTurns: number("rope.scaling.yarn_beta_slow", in: 1e-3...1e6, default: 1),
                logMultiplier: number("rope.scaling.yarn_log_multiplier", in: 0...1e3, default: 0)
            )
            if rotary.base < 2 {
                let value = "\(rotary.base) with rope.scaling.type = yarn"
                refuse(InferenceError.unsupportedFeature(key: key("rope.freq_base"), value: value))
            }
        default:
            refuse(InferenceError.unsupportedFeature(key: key("rope.scaling.type"), value: scaling))
        }
        return rotary
    }

    // MARK: - What nobody asked for

    /// Makes a reason of each key that changes the arithmetic, was not asked for, and has a value that changes it.
    mutating func refuseUnread() {
        for (name, neutral) in Self.neutralValues where !asked.contains(name) {
            guard let value = file.metadata[key(name)], !value.isAll(of: neutral) else { continue }
            refuse(InferenceError.unsupportedFeature(key: key(name), value: value.shown))
        }
    }

    /// Keys that change the arithmetic of some family, with the values that change nothing. Some writers give a key to
    /// every model, with the default of the family that has it: the bounds of 50 and 30 are those of Gemma 2, the two
    /// shifts of a token those of RWKV.
    private static let neutralValues: [(name: String, neutral: [Double])] = [
        ("expert_count", [0]), ("expert_used_count", [0]), ("expert_shared_count", [0]),
        ("expert_shared_feed_forward_length", [0]), ("expert_chunk_feed_forward_length", [0]),
        ("expert_group_count", [0, 1]), ("expert_group_used_count", [0, 1]), ("expert_gating_func", [0, 1]),
        ("expert_weights_scale", [0, 1]), ("expert_latent_length", [0]), ("moe_every_n_layers", [0, 1]),
        ("interleave_moe_layer_step", [0, 1]), ("leading_dense_block_count", [0]), ("nextn_predict_layers", [0]),
        ("swiglu_clamp_exp", [0]), ("swiglu_clamp_shexp", [0]), ("use_parallel_residual", [0]),
        ("n_deepstack_layers", [0]), ("num_deepstack_layers", [0]), ("rescale_every_n_layers", [0]),
        ("token_shift_count", [0, 2]), ("full_attention_interval", [0, 1]), ("embedding_length_per_layer_input", [0]),
        ("embedding_scale", [0, 1]), ("residual_scale", [0, 1]), ("logit_scale", [0, 1]),
        ("attn_logit_softcapping", [0, 50]), ("router_logit_softcapping", [0, 30]),
        ("final_logit_softcapping", [0, 30]),
        ("attention.scale", [0]), ("attention.output_scale", [0, 1]), ("attention.value_scale", [0, 1]),
        ("attention.temperature_scale", [0]), ("attention.temperature_length", [0]),
        ("attention.sliding_window", [0]), ("attention.max_alibi_bias", [0]), ("attention.clamp_kqv", [0]),
        ("attention.causal", [1]), ("attention.q_lora_rank", [0]), ("attention.kv_lora_rank", [0]),
        ("attention.key_length_mla", [0]), ("attention.value_length_mla", [0]),
        ("attention.shared_kv_layers", [0]), ("attention.recurrent_layers", [0]),
        ("attention.indexer.head_count", [0]), ("attention.rope_pattern", [1]),
        ("rope.dimension_sections", [0]), ("rope.scaling.alpha", [0]), ("rope.scaling.yarn_ext_factor", [-1, 1]),
        ("rope.scaling.yarn_attn_factor", [-1, 0, 1]), ("ssm.inner_size", [0]), ("wkv.head_size", [0]),
        ("shortconv.l_cache", [0]), ("hyper_connection.count", [0]), ("altup.num_inputs", [0]),
    ]
}

extension GGUFValue {
    /// True when the value, or each of a list, is one of some numbers; true and false are 1 and 0.
    fileprivate func isAll(of numbers: [Double]) -> Bool {
        switch self {
        case .bool(let value): numbers.contains(value ? 1 : 0)
        case .array(.bools(let values)): values.allSatisfy { numbers.contains($0 ? 1 : 0) }
        case .array(.integers(let values, _)): values.allSatisfy { numbers.contains(Double($0)) }
        case .array(.floats(let values, _)): values.allSatisfy(numbers.contains)
        case .array(.strings(let values)): values.isEmpty
        case .array(.unread): false
        case .string(let value): value.isEmpty
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .float32, .float64:
            (integer.map(Double.init) ?? number).map(numbers.contains) ?? false
        }
    }

    /// The value as a refusal shows it.
    fileprivate var shown: String {
        switch self {
        case .string(let text): text
        case .bool(let value): "\(value)"
        case .array(let values): "a list of \(values.count) values"
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .float32, .float64:
            integer.map { "\($0)" } ?? number.map { "\($0)" } ?? "a number"
        }
    }
}
