import ChatTemplate
public import GGUF
import Inference
import RegistryRecords
import ReleaseRuntime
import Tokenizers
public import WireFormat

extension InspectedModel {
    /// Reads what there is to know of a file, also of one that the engine does not run.
    ///
    /// Computes until it returns: the tables of the tokenizer are built and some thirty short conversations are rendered.
    public init(_ file: GGUFFile) {
        self.init(fileBytes: file.byteCount)
        func text(_ key: String) -> String? {
            if case .string(let text)? = file.metadata[key] { text } else { nil }
        }
        name = text("general.name")
        architecture = text("general.architecture")
        license = text("general.license")
        if let architecture {
            func size(_ key: String) -> Int? { file.metadata["\(architecture).\(key)"]?.uniform }
            contextLength = size("context_length")
            layerCount = size("block_count")
            width = size("embedding_length")
            headCount = size("attention.head_count")
            keyValueHeadCount = size("attention.head_count_kv")
        }
        tensors = Self.shares(of: file.tensors)
        parameterCount = tensors.reduce(0) { $0 + $1.elementCount }
        let known = try? Tokenizer(file)
        tokenizer = InspectedTokenizer(file, known)
        template = text("tokenizer.chat_template").map { InspectedTemplate($0, known) }
        reasons = HeaderCheck.reasons(against: file)
        runs = reasons.isEmpty
        if runs, let description = try? ModelDescription(file) {
            let needs = MemoryNeeds(description, file)
            memory = Memory(
                weightBytes: needs.weightBytes,
                bytesPerThousandTokens: needs.bytesPerToken * 1000,
                bytesPerSequence: needs.bytesPerSequence
            )
        }
        warnings = Self.warnings(file, tokenizer, template)
        if AdapterDescription.isAdapter(file) { adapter = (try? AdapterDescription(file)).map { AdapterFacts($0) } }
    }

    /// The same model with an adapter over it, as far as the adapter's header says.
    mutating func lay(_ file: GGUFFile) {
        let own = HeaderCheck.reasons(againstAdapter: file)
        reasons += own
        if let description = try? AdapterDescription(file) {
            adapter = AdapterFacts(description)
            memory = memory.map {
                Memory(
                    weightBytes: $0.weightBytes + description.weightBytes,
                    bytesPerThousandTokens: $0.bytesPerThousandTokens,
                    bytesPerSequence: $0.bytesPerSequence
                )
            }
            if let architecture, architecture != description.architecture {
                reasons.append(
                    "the adapter was made for architecture \(description.architecture), and this is \(architecture)"
                )
            }
        }
        runs = reasons.isEmpty
    }

    private static func shares(of tensors: [GGUFTensor]) -> [TensorShare] {
        let total = tensors.reduce(0) { $0 + $1.byteCount }
        return Dictionary(grouping: tensors, by: \.type).map { type, tensors in
            let bytes = tensors.reduce(0) { $0 + $1.byteCount }
            return TensorShare(
                type: "\(type)",
                count: tensors.count,
                elementCount: tensors.reduce(0) { $0 + $1.elementCount },
                byteCount: bytes,
                share: total > 0 ? Double(bytes) / Double(total) : nil
            )
        }.sorted { ($1.byteCount, $0.type) < ($0.byteCount, $1.type) }
    }

    private static func warnings(
        _ file: GGUFFile,
        _ tokenizer: InspectedTokenizer?,
        _ template: InspectedTemplate?
    ) -> [String] {
        var warnings: [String] = []
        if let found = EarlierQuantization(file) { warnings.append("\(found)") }
        if let missing = tokenizer?.missingBytes, !missing.isEmpty {
            warnings.append(
                "\(missing.count) of 256 bytes have no token: the model does not see them where a text holds them"
            )
        }
        if let problem = template?.problem { warnings.append("its chat template cannot be used: \(problem)") }
        return warnings
    }
}

extension GGUFValue {
    /// An integer, or the one that all elements of a list are.
    fileprivate var uniform: Int? {
        if case .array(.integers(let values, _)) = self {
            return values.first.flatMap { first in
                values.allSatisfy { $0 == first } ? Int(exactly: first) : nil
            }
        }
        return integer
    }
}

extension InspectedTokenizer {
    /// Reads the facts of the tokenizer of a file, also of one that is not known here; nil where there is none.
    init?(_ file: GGUFFile, _ known: Tokenizer?) {
        var strings: [String: String] = [:]
        for key in ["tokenizer.ggml.model", "tokenizer.ggml.pre"] {
            if case .string(let text)? = file.metadata[key] { strings[key] = text }
        }
        var tokens: Int?
        if case .array(let array)? = file.metadata["tokenizer.ggml.tokens"] { tokens = array.count }
        guard !strings.isEmpty || tokens != nil else { return nil }
        self.init(
            model: strings["tokenizer.ggml.model"],
            preTokenizer: strings["tokenizer.ggml.pre"],
            tokenCount: tokens
        )
        guard let known else { return }
        let facts = known.facts
        kind = facts.model.kind
        tokenCount = facts.tokenCount
        mergeCount = facts.mergeCount
        specialCount = facts.specialTokens.count
        addsBeginning = facts.addsBeginning
        addsEnd = facts.addsEnd
        addsLeadingBlank = facts.addsLeadingBlank
        missingBytes = facts.missingBytes
        let parts: [(String, Int?)] = [
            ("beginning", facts.beginning), ("end", facts.end), ("endOfTurn", facts.endOfTurn),
            ("endOfMessage", facts.endOfMessage), ("unknown", facts.unknown), ("padding", facts.padding),
        ]
        roles = parts.compactMap { role, id in
            id.map { Role(role: role, id: $0, text: String(decoding: known.bytes(of: $0), as: UTF8.self)) }
        }
    }
}

extension InspectedTemplate {
    /// Looks at what a template does with the special tokens of a tokenizer.
    init(_ source: String, _ tokenizer: Tokenizer?) {
        self.init(byteCount: source.utf8.count)
        func spelling(_ id: Int?) -> String {
            guard let tokenizer, let id else { return "" }
            return String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
        }
        let template: ChatTemplate
        do throws(TemplateError) {
            template = try ChatTemplate(source)
        } catch {
            problem = error.description
            return
        }
        let facts = TemplateFacts(
            of: template,
            bosToken: spelling(tokenizer?.facts.beginning),
            eosToken: spelling(tokenizer?.facts.end)
        )
        problem = facts.refusal?.description
        roles = facts.roles
        defaultSystemMessage = facts.defaultSystemMessage
        listsTools = facts.listsTools
        toolCalls = facts.toolCalls?.name
        thinking = facts.thinking?.name
        thinkingSwitch = facts.thinkingSwitch?.variable
        generationPrompt = facts.generationPrompt
        endOfTurn = facts.endOfTurn
    }
}
