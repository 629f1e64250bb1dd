public import Digests
public import RegistryTypes
public import UserDocuments

/// A version was stored; no channel moved.
public struct VersionPublished: EventBody {
    public static let kind = "version.published"

    /// The version.
    public let id: VersionID
    /// Its files and lineage.
    public let manifest: Manifest
    /// What the publisher said.
    public let message: String?
    /// What the weights say.
    public let facts: ModelFacts?
    /// What happened when it was loaded.
    public let smoke: SmokeResult?
    /// What its card holds.
    public let card: CardSummary?
    /// Why the engine here cannot run it, and what its header says; nil where it can, and in logs from before
    /// anything else was kept.
    public let cannotRun: CannotRun?
    /// What an adapter over its base is; nil for a model by itself.
    public let adapter: AdapterFacts?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: VersionID,
        manifest: Manifest,
        message: String? = nil,
        facts: ModelFacts? = nil,
        smoke: SmokeResult? = nil,
        card: CardSummary? = nil,
        cannotRun: CannotRun? = nil,
        adapter: AdapterFacts? = nil
    ) {
        self.id = id
        self.manifest = manifest
        self.message = message
        self.facts = facts
        self.smoke = smoke
        self.card = card
        self.cannotRun = cannotRun
        self.adapter = adapter
    }
}

/// The server will not load a version any more.
public struct VersionQuarantined: EventBody {
    public static let kind = "version.quarantined"

    /// The version.
    public let id: VersionID
    /// Why.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: VersionID, reason: String) {
        self.id = id
        self.reason = reason
    }
}

/// Weights that were quarantined may be loaded again.
public struct QuarantineLifted: EventBody {
    public static let kind = "quarantine.lifted"

    /// The weights.
    public let weights: Digest
    /// The version that ships them; nil where they were only being published.
    public let version: VersionID?
    /// Why, as a person said.
    public let reason: String

    public var subject: String { version?.description ?? weights.description }

    /// Makes the value from its fields.
    public init(weights: Digest, version: VersionID?, reason: String) {
        self.weights = weights
        self.version = version
        self.reason = reason
    }
}

/// Where a version came from was said after it was published: a fact beside its content, which stays what it is.
public struct VersionLineageAdded: EventBody {
    public static let kind = "version.lineageAdded"

    /// The version.
    public let id: VersionID
    /// Where it came from.
    public let lineage: Manifest.Lineage

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: VersionID, lineage: Manifest.Lineage) {
        self.id = id
        self.lineage = lineage
    }
}

/// A version of a model as the registry knows it.
public struct VersionRecord: EventRecord, Codable {
    /// The event that made it.
    public let event: VersionPublished
    /// The digest of the manifest.
    public let digest: Digest
    /// Who published it.
    public let publishedBy: String
    /// When.
    public let publishedAt: Timestamp
    /// Why the server no longer loads it; nil when it may be loaded.
    public let quarantined: String?
    /// Where it came from, when that was said later.
    public let addedLineage: Manifest.Lineage?

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: VersionPublished,
        digest: Digest,
        publishedBy: String,
        publishedAt: Timestamp,
        quarantined: String? = nil,
        addedLineage: Manifest.Lineage? = nil
    ) {
        self.addedLineage = addedLineage
        self.event = event
        self.digest = digest
        self.publishedBy = publishedBy
        self.publishedAt = publishedAt
        self.quarantined = quarantined
    }

    private enum CodingKeys: String, CodingKey { case digest, publishedBy, publishedAt, quarantined, addedLineage }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try VersionPublished(from: decoder)
        digest = try own.decode(Digest.self, forKey: .digest)
        publishedBy = try own.decode(String.self, forKey: .publishedBy)
        publishedAt = try own.decode(Timestamp.self, forKey: .publishedAt)
        quarantined = try own.decodeIfPresent(String.self, forKey: .quarantined)
        addedLineage = try own.decodeIfPresent(Manifest.Lineage.self, forKey: .addedLineage)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(digest, forKey: .digest)
        try own.encode(publishedBy, forKey: .publishedBy)
        try own.encode(publishedAt, forKey: .publishedAt)
        try own.encodeIfPresent(quarantined, forKey: .quarantined)
        try own.encodeIfPresent(addedLineage, forKey: .addedLineage)
    }

    /// Where it came from, as its publisher said or as was said later; nil when nobody did.
    public var lineage: Manifest.Lineage? { event.manifest.lineage ?? addedLineage }

    /// Whether the engine here can run this version.
    public var isLoadable: Bool {
        quarantined == nil && event.manifest.weights != nil && event.smoke?.passed == true && event.cannotRun == nil
    }

    /// Every reason why the engine here cannot run this version; none where it can, or could and was not tried.
    public var obstacles: [String] {
        if let reasons = event.cannotRun?.reasons, !reasons.isEmpty { return reasons }
        return event.manifest.weights == nil ? [CannotRun.noWeights] : []
    }

    /// Whether it is kept although the engine here never could run it: only a policy that allows a release without an
    /// engine lets it go out.
    public var lacksEngine: Bool { quarantined == nil && !obstacles.isEmpty }

    /// The type that holds most of its weights, as far as a header says; `Q8_0`.
    public var precision: String? { event.facts?.precision ?? event.cannotRun?.header?.precision }
}

/// Why a version cannot be run here. It is kept all the same: listed, compared, and released where a policy allows that
/// without an engine.
public struct CannotRun: Hashable, Sendable, Codable {
    /// Every reason, each as it reads alone; at least one.
    public let reasons: [String]
    /// What the header of its weights says; nil where there is none that can be read.
    public let header: WeightsHeader?

    /// Reasons with the facts that are known all the same.
    public init(reasons: [String], header: WeightsHeader? = nil) {
        self.reasons = reasons
        self.header = header
    }

    /// The first of `reasons` in one line, and how many more there are.
    public static func words(_ reasons: [String]) -> String {
        reasons.prefix(3).joined(separator: "; ") + (reasons.count > 3 ? "; and \(reasons.count - 3) more" : "")
    }

    /// Why safetensors cannot be run.
    public static let safetensors = "its weights are safetensors; the engine loads GGUF"
    /// Why files of any other kind cannot be run.
    public static let noWeights = "it holds no weights in GGUF, the format that the engine loads"
}

/// What the header of weights says that the engine cannot run.
public struct WeightsHeader: Hashable, Sendable, Codable {
    /// How weights are stored.
    public enum Format: String, Hashable, Sendable, Codable, CaseIterable {
        case gguf = "GGUF"
        case safetensors
    }

    /// How the weights are stored.
    public let format: Format
    /// The architecture, where the header names one.
    public let architecture: String?
    /// Tensors of all files.
    public let tensorCount: Int
    /// Elements of all tensors.
    public let parameterCount: Int
    /// The type that holds most elements.
    public let precision: String
    /// Tensors of each type.
    public let tensorTypes: [String: Int]
    /// Tensors of each shape, such as `4096 × 11008` with the fastest-varying size last, of the shapes that hold most
    /// elements, at most ``shapeLimit`` of them.
    public let shapes: [String: Int]

    /// Shapes that are kept.
    public static let shapeLimit = 32

    /// Facts of a header.
    public init(
        format: Format,
        architecture: String?,
        tensorCount: Int,
        parameterCount: Int,
        precision: String,
        tensorTypes: [String: Int],
        shapes: [String: Int]
    ) {
        self.format = format
        self.architecture = architecture
        self.tensorCount = tensorCount
        self.parameterCount = parameterCount
        self.precision = precision
        self.tensorTypes = tensorTypes
        self.shapes = shapes
    }
}

/// A model has a name that people know it by, beside the one it is called by.
public struct ModelNamed: EventBody {
    public static let kind = "model.named"

    /// The model.
    public let model: Name
    /// What it is called where it comes from.
    public let displayName: DisplayName
    /// What it was called before; nil for its first one, and in entries from before that was kept.
    public let before: DisplayName?

    public var subject: String { model.text }

    /// Makes the value from its fields.
    public init(model: Name, displayName: DisplayName, before: DisplayName? = nil) {
        self.before = before
        self.model = model
        self.displayName = displayName
    }
}

/// What the weights file says of itself: read from its header, never typed by hand.
public struct ModelFacts: Hashable, Sendable, Codable {
    /// `general.architecture`, such as `llama`.
    public let architecture: String
    /// The number of weights in all tensors.
    public let parameterCount: Int
    /// The most tokens of a prompt and its answer together.
    public let contextLength: Int
    /// Transformer blocks.
    public let layerCount: Int
    /// Width of the residual stream.
    public let width: Int
    /// Query heads.
    public let headCount: Int
    /// Key and value heads.
    public let keyValueHeadCount: Int
    /// Tokens the tokenizer knows.
    public let vocabularySize: Int
    /// Tokenizer model and pre-tokenizer, such as `gpt2/llama-bpe`.
    public let tokenizer: String
    /// The tensor type that holds most weights, such as `Q8_0`.
    public let precision: String
    /// Tensors of each type.
    public let tensorTypes: [String: Int]
    /// `general.license`, when the file names one.
    public let license: String?
    /// What its chat template does; nil in records of builds that did not look.
    public let template: TemplateSummary?

    /// Facts of a weights file.
    public init(
        architecture: String,
        parameterCount: Int,
        contextLength: Int,
        layerCount: Int,
        width: Int,
        headCount: Int,
        keyValueHeadCount: Int,
        vocabularySize: Int,
        tokenizer: String,
        precision: String,
        tensorTypes: [String: Int],
        license: String?,
        template: TemplateSummary? = nil
    ) {
        self.architecture = architecture
        self.parameterCount = parameterCount
        self.contextLength = contextLength
        self.layerCount = layerCount
        self.width = width
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.vocabularySize = vocabularySize
        self.tokenizer = tokenizer
        self.precision = precision
        self.tensorTypes = tensorTypes
        self.license = license
        self.template = template
    }
}

/// What happened when a version was loaded and made to produce a few tokens.
public struct SmokeResult: Hashable, Sendable, Codable {
    /// Whether the version can be used.
    public let passed: Bool
    /// Why not, in one sentence; nil when it passed.
    public let problem: String?
    /// Seconds from opening the file to being ready.
    public let loadSeconds: Double?
    /// Output tokens per second of the short run.
    public let tokensPerSecond: Double?
    /// Bytes of packed weights in memory.
    public let residentBytes: Int64?
    /// Whether text that was tokenised came back unchanged.
    public let tokenizerRoundTrip: Bool?
    /// Whether the same tokens were differently likely after two different texts; nil when that was not tried.
    public let dependsOnInput: Bool?

    /// A smoke result.
    public init(
        passed: Bool,
        problem: String? = nil,
        loadSeconds: Double? = nil,
        tokensPerSecond: Double? = nil,
        residentBytes: Int64? = nil,
        tokenizerRoundTrip: Bool? = nil,
        dependsOnInput: Bool? = nil
    ) {
        self.passed = passed
        self.problem = problem
        self.loadSeconds = loadSeconds
        self.tokensPerSecond = tokensPerSecond
        self.residentBytes = residentBytes
        self.tokenizerRoundTrip = tokenizerRoundTrip
        self.dependsOnInput = dependsOnInput
    }
}

/// What a low-rank adapter is, read from the header of its file.
public struct AdapterFacts: Hashable, Sendable, Codable {
    /// What its effect is scaled by: `alpha / rank` for each matrix.
    public let alpha: Double
    /// The ranks of its pairs, ascending, each once; at least one.
    public let ranks: [Int]
    /// Matrices of the base that it changes.
    public let matrixCount: Int
    /// Elements of all its tensors.
    public let parameterCount: Int
    /// What its file calls its base; empty where it does not say.
    public let baseNames: [String]

    /// Facts of an adapter.
    public init(alpha: Double, ranks: [Int], matrixCount: Int, parameterCount: Int, baseNames: [String]) {
        self.alpha = alpha
        self.ranks = ranks
        self.matrixCount = matrixCount
        self.parameterCount = parameterCount
        self.baseNames = baseNames
    }
}
