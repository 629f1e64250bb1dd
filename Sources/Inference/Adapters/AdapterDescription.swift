public import GGUF

/// What a low-rank adapter (LoRA) in a GGUF file says of itself: which matrices of its base it changes, and by how much.
///
/// To the product of a matrix W of `rows × columns` it adds `alpha / rank · B (A x)`, where A is `rank × columns` and B is
/// `rows × rank`. Only the header is read.
public struct AdapterDescription: Hashable, Sendable {
    /// The two small matrices beside one of the base.
    public struct Pair: Hashable, Sendable {
        /// The base's tensor, such as `blk.0.attn_q.weight`.
        public let tensor: String
        /// Sizes of the base's matrix that the pair fits.
        public let columns: Int, rows: Int
        /// Matrices of a stack, each with a pair of its own; nil for a matrix that is none.
        public let experts: Int?
        /// Columns of B and rows of A.
        public let rank: Int

        /// What is added to a tensor's name for each of the two.
        var names: (down: String, up: String) { (tensor + Self.suffixes.down, tensor + Self.suffixes.up) }
        static let suffixes = (down: ".lora_a", up: ".lora_b")
    }

    /// `general.architecture`: that of its base.
    public let architecture: String
    /// `adapter.lora.alpha`; divided by the rank of a pair, it is the factor of that pair.
    public let alpha: Float
    /// By the name of the base's tensor; at least one.
    public let pairs: [Pair]
    /// What its base is called, as far as the file says: `organization/name`, or a name alone.
    public let baseNames: [String]
    /// Elements of all its tensors.
    public let parameterCount: Int

    /// Bytes of memory that its matrices take.
    public let weightBytes: Int

    /// Ranks that occur, ascending.
    public var ranks: [Int] { Set(pairs.map(\.rank)).sorted() }

    /// The largest rank that is taken: the product would no longer be a small one.
    public static let rankLimit = 1024

    /// Whether a file says that it is an adapter, of whatever kind.
    public static func isAdapter(_ file: GGUFFile) -> Bool { file.metadata["general.type"] == .string("adapter") }

    /// Reads the header of an adapter.
    ///
    /// - Throws: `InferenceError.inconsistent`, or `refused` with everything that is wrong.
    public init(_ file: GGUFFile) throws {
        var reader = AdapterReader(file)
        reader.read()
        guard reader.reasons.isEmpty, let architecture = reader.architecture, let alpha = reader.alpha else {
            throw InferenceError.refusal(reader.reasons.map { InferenceError.inconsistent($0) })
        }
        self.architecture = architecture
        self.alpha = alpha
        pairs = reader.pairs
        baseNames = Self.baseNames(file)
        parameterCount = file.tensors.reduce(0) { $0 + $1.elementCount }
        weightBytes = file.tensors.reduce(0) { bytes, tensor in
            let type = WeightType(tensor.type).flatMap { $0.isQuantized ? nil : $0 } ?? .f32
            let packed = PackedMatrix.bytes(type, rows: tensor.dimensions[1], columns: tensor.dimensions[0])
            return bytes + (packed.values + packed.scales) * tensor.dimensions.dropFirst(2).reduce(1, *)
        }
    }

    /// Why it cannot be laid over a base, all reasons; none where it can.
    public func reasons(against base: LanguageModel) -> [String] {
        guard base.description.architecture == architecture else {
            return ["it was made for architecture \(architecture), and the base is \(base.description.architecture)"]
        }
        let matrices = base.matrixShapes
        return pairs.compactMap { pair in
            guard let shape = matrices[pair.tensor] else {
                return "the base has no matrix \(pair.tensor.shown), which the adapter changes"
            }
            let fits =
                shape.columns == pair.columns && shape.rows == pair.rows && shape.experts == pair.experts
            func words(_ columns: Int, _ rows: Int, _ experts: Int?) -> String {
                "\(rows) × \(columns)" + (experts.map { ", \($0) experts" } ?? "")
            }
            return fits
                ? nil
                : "the pair of \(pair.tensor) is made for \(words(pair.columns, pair.rows, pair.experts)); "
                    + "the base's is \(words(shape.columns, shape.rows, shape.experts))"
        }
    }

    /// What the file calls its base.
    private static func baseNames(_ file: GGUFFile) -> [String] {
        let count = min(8, max(0, (try? file.integer("general.base_model.count")) ?? 1))
        func text(_ index: Int, _ key: String) -> String? {
            guard case .string(let text)? = file.metadata["general.base_model.\(index).\(key)"], !text.isEmpty,
                text.utf8.count <= 256
            else { return nil }
            return text
        }
        return (0..<count).compactMap { index in
            // An address ends with both, as they are written; the name alone may have been made pretty.
            if let address = text(index, "repo_url") {
                let parts = address.utf8.split(separator: 0x2f).suffix(2).map { String(decoding: $0, as: UTF8.self) }
                if parts.count == 2 { return parts.joined(separator: "/") }
            }
            guard let name = text(index, "name") else { return nil }
            return text(index, "organization").map { "\($0)/\(name)" } ?? name
        }
    }
}

/// Reads the header of an adapter and goes on after a fault.
private struct AdapterReader {
    let file: GGUFFile
    private(set) var reasons: [String] = []
    private(set) var architecture: String?
    private(set) var alpha: Float?
    private(set) var pairs: [AdapterDescription.Pair] = []

    init(_ file: GGUFFile) { self.file = file }

    mutating func read() {
        readMetadata()
        var downs: [String: GGUFTensor] = [:], ups: [String: GGUFTensor] = [:]
        for tensor in file.tensors {
            if let name = tensor.name.without(AdapterDescription.Pair.suffixes.down) {
                downs[name] = tensor
            } else if let name = tensor.name.without(AdapterDescription.Pair.suffixes.up) {
                ups[name] = tensor
            } else {
                reasons.append(
                    "tensor \(tensor.name.shown) is neither a .lora_a nor a .lora_b; leaving it out would change answers"
                )
            }
        }
        for name in Set(downs.keys).union(ups.keys).sorted() {
            switch (downs[name], ups[name]) {
            case (let down?, let up?): read(name, down, up)
            case (_?, nil): reasons.append("tensor \((name + ".lora_a").shown) has no .lora_b beside it")
            case (nil, _): reasons.append("tensor \((name + ".lora_b").shown) has no .lora_a beside it")
            }
        }
        if file.tensors.isEmpty { reasons.append("it holds no tensor") }
    }

    private mutating func readMetadata() {
        if !AdapterDescription.isAdapter(file) { reasons.append("general.type is not \"adapter\"") }
        if let kind = text("adapter.type"), kind != "lora" {
            reasons.append("adapter.type is \(kind.shown); the engine applies lora")
        }
        architecture = text("general.architecture")
        do {
            if let value = try file.number("adapter.lora.alpha") {
                let single = Float(value)
                if single == 0 {
                    reasons.append(
                        "adapter.lora.alpha is 0, which some programs read as no effect and some as a factor of 1"
                    )
                } else if single.isFinite {
                    alpha = single
                } else {
                    reasons.append("adapter.lora.alpha is \(value); it must be a finite number")
                }
            } else {
                reasons.append("the key adapter.lora.alpha is missing")
            }
        } catch { reasons.append("\(error)") }
        if file.metadata["adapter.alora.invocation_tokens"] != nil {
            reasons.append(
                "it takes effect after certain tokens only (adapter.alora.invocation_tokens), which the engine does not do"
            )
        }
    }

    private mutating func text(_ key: String) -> String? {
        do {
            guard let text = try file.string(key) else {
                reasons.append("the key \(key) is missing")
                return nil
            }
            return text
        } catch {
            reasons.append("\(error)")
            return nil
        }
    }

    private mutating func read(_ name: String, _ down: GGUFTensor, _ up: GGUFTensor) {
        let before = reasons.count
        if name == "token_embd.weight" {
            reasons.append("it changes the embedding (\(name)), which the engine does not do")
        }
        for tensor in [down, up] where WeightType(tensor.type) == nil {
            reasons.append("\(GGUFError.unsupportedTensorType(tensor: tensor.name, type: tensor.type))")
        }
        guard [2, 3].contains(down.dimensions.count), down.dimensions.count == up.dimensions.count else {
            reasons.append(
                "\(down.name) and \(up.name) have dimensions \(down.dimensions) and \(up.dimensions); both are matrices, or stacks of them"
            )
            return
        }
        let rank = down.dimensions[1]
        if up.dimensions[0] != rank {
            reasons.append("\(down.name) has rank \(rank), and \(up.name) has rank \(up.dimensions[0])")
        } else if !(1...AdapterDescription.rankLimit).contains(rank) {
            reasons.append(
                "the pair of \(name.shown) has rank \(rank); it must be from 1 to \(AdapterDescription.rankLimit)"
            )
        }
        if down.dimensions.dropFirst(2) != up.dimensions.dropFirst(2) {
            reasons.append("\(down.name) has \(down.dimensions[2]) experts, and \(up.name) has \(up.dimensions[2])")
        }
        guard reasons.count == before else { return }
        pairs.append(
            AdapterDescription.Pair(
                tensor: name,
                columns: down.dimensions[0],
                rows: up.dimensions[1],
                experts: down.dimensions.count == 3 ? down.dimensions[2] : nil,
                rank: rank
            )
        )
    }
}

extension String {
    /// What stands before an ending, compared byte by byte; nil without it.
    fileprivate func without(_ ending: String) -> String? {
        guard utf8.count > ending.utf8.count, utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8) else {
            return nil
        }
        return String(decoding: utf8.dropLast(ending.utf8.count), as: UTF8.self)
    }
}
