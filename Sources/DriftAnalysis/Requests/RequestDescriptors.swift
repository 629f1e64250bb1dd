public import Foundation
public import RegistryTypes

/// What drift keeps of one request: numbers and a few words of fixed lists, no text; a few dozen bytes
/// (and one for each number of the embedding).
public struct RequestDescriptors: Hashable, Sendable {
    /// Whether a request has a signal.
    enum Presence: UInt8 {
        /// It cannot have it: an answer's length without an answer.
        case notApplicable
        /// It should have it and does not.
        case missing
        /// It has it.
        case present
    }

    /// Two bits for each signal, by the place in the table.
    private(set) var presences: UInt64 = 0
    /// By place in ``DriftSignal/numbers``; 0 when not present.
    private(set) var numbers = [Float](repeating: 0, count: DriftSignal.numbers.count)
    /// By place in ``DriftSignal/categories``; empty when not present.
    private(set) var categories = [String](repeating: "", count: DriftSignal.categories.count)
    /// One bit for each rate.
    private(set) var answers: UInt8 = 0
    /// The prompt's embedding, when the engine gave one.
    public private(set) var embedding: PackedEmbedding?

    init() {}

    /// A word of the request; nil when it has none, or the signal is no category.
    public func category(_ signal: DriftSignal) -> String? {
        signal.kind == .category && presence(of: signal) == .present ? categories[signal.slot] : nil
    }

    /// Adds what somebody said of the answer.
    public mutating func setLabel(isCorrect: Bool?, isLiked: Bool?) {
        if let isCorrect { set(.correct, isCorrect) }
        if let isLiked {
            set(.liked, isLiked)
            set(.feedbackGiven, true)
        }
    }

    func isYes(_ slot: Int) -> Bool { answers >> UInt8(slot) & 1 != 0 }

    func presence(of signal: DriftSignal) -> Presence {
        Presence(rawValue: UInt8(presences >> (2 * UInt64(signal.code)) & 3)) ?? .missing
    }

    mutating func mark(_ signal: DriftSignal, _ presence: Presence) {
        let shift = 2 * UInt64(signal.code)
        presences = presences & ~(3 << shift) | UInt64(presence.rawValue) << shift
    }

    /// Sets a number; one that is nil or not finite is missing.
    mutating func set(_ signal: DriftSignal, _ value: Double?) {
        guard let value, Float(value).isFinite else { return mark(signal, .missing) }
        numbers[signal.slot] = Float(value)
        mark(signal, .present)
    }

    mutating func set(_ signal: DriftSignal, _ value: String?) {
        guard let value else { return mark(signal, .missing) }
        categories[signal.slot] = value
        mark(signal, .present)
    }

    mutating func set(_ signal: DriftSignal, _ value: Bool?) {
        guard let value else { return mark(signal, .missing) }
        let bit = UInt8(1) << UInt8(signal.slot)
        answers = value ? answers | bit : answers & ~bit
        mark(signal, .present)
    }

    mutating func set(embedding packed: PackedEmbedding?) {
        embedding = packed
        mark(.embedding, packed == nil ? .missing : .present)
    }
}

extension RequestDescriptors {
    private static let version: UInt8 = 1

    /// The descriptors in bytes, as short as they are.
    public func encoded() -> Data {
        var out = ByteWriter()
        out.put(Self.version)
        out.put(fixed: presences)
        out.put(answers)
        for signal in DriftSignal.numbers where presence(of: signal) == .present {
            let value = numbers[signal.slot]
            // Counts are short whole numbers; everything else keeps its four bytes.
            if value >= 0, value < 0x1p20, value.rounded() == value {
                out.put(Int(value) << 1)
            } else {
                out.put(1)
                for place in 0..<4 { out.put(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(place)))) }
            }
        }
        for signal in DriftSignal.categories where presence(of: signal) == .present {
            out.put(String(decoding: categories[signal.slot].utf8.prefix(CategorySummary.longest), as: UTF8.self))
        }
        if let embedding, presence(of: .embedding) == .present {
            out.put(embedding.bytes.count)
            out.put(fixed: UInt64(embedding.step.bitPattern))
            out.put(raw: embedding.bytes.map { UInt8(bitPattern: $0) })
        }
        return Data(out.bytes)
    }

    /// Reads descriptors back.
    ///
    /// - Throws: ``DriftError/damaged(what:why:)``, ``DriftError/newer(what:version:)``.
    public init(encoded data: Data) throws(DriftError) {
        var reader = ByteReader(plain: Array(data), what: "descriptors of a request")
        let version = try reader.byte()
        guard version == Self.version else { throw .newer(what: reader.what, version: Int(version)) }
        presences = try reader.fixed()
        let known = DriftSignal.allCases.reduce(UInt64(0)) { $0 | 3 << (2 * UInt64($1.code)) }
        guard presences & ~known == 0,
            DriftSignal.allCases.allSatisfy({ Presence(rawValue: UInt8(presences >> (2 * UInt64($0.code)) & 3)) != nil }
            )
        else { throw reader.damaged("signals that are not known") }
        answers = try reader.byte()
        for signal in DriftSignal.numbers where presence(of: signal) == .present {
            let short = try reader.number(limit: 1 << 21)
            if short & 1 == 0 {
                numbers[signal.slot] = Float(short >> 1)
            } else {
                let bits = try reader.raw(4).enumerated().reduce(UInt32(0)) {
                    $0 | UInt32($1.element) << (8 * UInt32($1.offset))
                }
                let value = Float(bitPattern: bits)
                guard value.isFinite else { throw reader.damaged("a number that is none") }
                numbers[signal.slot] = value
            }
        }
        for signal in DriftSignal.categories where presence(of: signal) == .present {
            categories[signal.slot] = try reader.text(limit: 4 * CategorySummary.longest)
        }
        if presence(of: .embedding) == .present {
            let width = try reader.number(limit: DriftEpoch.widthLimit)
            let step = Float(bitPattern: UInt32(truncatingIfNeeded: try reader.fixed()))
            let bytes = try reader.raw(width).map { Int8(bitPattern: $0) }
            guard let packed = PackedEmbedding(step: step, bytes: bytes) else { throw reader.damaged("no embedding") }
            embedding = packed
        }
        guard reader.isAtEnd else { throw reader.damaged("something follows them") }
    }
}

extension RequestDescriptors: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(encoded: decoder.singleValueContainer().decode(Data.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoded())
    }
}

extension RequestDescriptors {
    /// The descriptors of a request. Pure: the same request gives the same numbers.
    ///
    /// - Parameters:
    ///   - record: what is known of the request; only those of ``RequestSource/user`` belong in a summary of drift.
    ///   - input: what was asked, as one text; nil when it is not known any more.
    ///   - turns: messages of the conversation.
    ///   - answers: the answers, one for each choice; empty when they are not known.
    ///   - redactions: how many replacements of each kind were made.
    ///   - prompt: what the reference model said of the prompt.
    ///   - isScored: whether a reference model scores prompts at all: if so, a prompt without scores is a missing one.
    public init(
        record: RequestRecord,
        input: String?,
        turns: Int = 1,
        answers: [String] = [],
        redactions: [String: Int] = [:],
        prompt: PromptReading? = nil,
        isScored: Bool = false
    ) {
        self.init()
        set(.prompt, record.prompt.description)
        set(.turns, Double(turns))
        if let input {
            read(input, tokens: record.promptTokens)
            set(.pattern, Self.pattern(redactions))
        } else if record.capture == .redacted {
            for signal in Self.textSignals { mark(signal, .missing) }
        }
        if let tokens = record.promptTokens {
            set(.promptTokens, Double(tokens))
        } else if record.outcome == .answered {
            mark(.promptTokens, .missing)
        }
        if isScored, record.outcome.isValidEvent {
            set(.meanNLL, prompt?.meanNLL)
            set(.windowNLL, prompt?.windowNLL)
        }
        if let prompt, !prompt.embedding.isEmpty { set(embedding: PackedEmbedding(prompt.embedding)) }
        // What a caller gets by settings of its own says nothing of the release.
        if record.showsRelease { read(record, answers) }
        if record.outcome.isValidEvent {
            if record.outcome != .answered || record.showsRelease { set(.totalSeconds, record.totalSeconds) }
            set(.errors, record.outcome != .answered)
        }
    }

    /// The descriptors of a stored request.
    ///
    /// - Parameters:
    ///   - record: what is known of the request.
    ///   - body: its texts; nil when they are not kept.
    ///   - label: what somebody said of the answer.
    ///   - prompt: what the reference model said of the prompt.
    ///   - isScored: whether a reference model scores prompts at all.
    public init(
        record: RequestRecord,
        body: RequestBody?,
        label: RequestLabel? = nil,
        prompt: PromptReading? = nil,
        isScored: Bool = false
    ) {
        self.init(
            record: record,
            input: body.map(Self.input),
            turns: body?.messages?.count ?? 1,
            answers: body?.answers ?? [],
            redactions: body?.redactions ?? [:],
            prompt: prompt,
            isScored: isScored
        )
        setLabel(isCorrect: label?.isCorrect, isLiked: label?.isLiked)
    }

    /// What was asked, as one text: the variables in the order of their names, or what the user said.
    public static func input(of body: RequestBody) -> String {
        if let messages = body.messages {
            return messages.filter { $0.role == .user }.map(\.text).joined(separator: "\n")
        }
        return body.variables.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n")
    }

    private static let textSignals: [DriftSignal] = [
        .charactersPerToken, .nonASCIIShare, .digitShare, .lineBreaks, .codeFence, .script, .language, .distinctWords,
        .pattern,
    ]

    private mutating func read(_ input: String, tokens: Int?) {
        let shape = TextShape(input)
        let characters = Double(shape.characters)
        if let tokens, tokens > 0 { set(.charactersPerToken, characters / Double(tokens)) }
        // An empty text has no share of anything.
        if shape.characters > 0 {
            set(.nonASCIIShare, Double(shape.nonASCII) / characters)
            set(.digitShare, Double(shape.digits) / characters)
        }
        set(.lineBreaks, Double(shape.lineBreaks))
        set(.codeFence, shape.hasCodeFence)
        let script = shape.script
        set(.script, script)
        set(.language, LanguageGuess.code(of: input, script: script))
        if let share = WordHashes(input, limit: 40).distinctShare { set(.distinctWords, share) }
    }

    private mutating func read(_ record: RequestRecord, _ answers: [String]) {
        set(.completionTokens, record.outputTokens.map(Double.init))
        // References of older builds hold the end of calls as a stop.
        set(.finish, record.finish.map { $0 == "tool_calls" ? "stop" : $0 })
        set(.meanLogProbability, record.meanLogProbability)
        if let isValid = record.releaseValidity { set(.jsonValid, isValid) }
        set(.firstTokenSeconds, record.firstTokenSeconds)
        if let seconds = record.perTokenSeconds { set(.perTokenSeconds, seconds) }
        if let answer = answers.first {
            set(.refusal, RefusalPattern.matches(answer))
            if let share = WordHashes(answer, limit: 256).repeatedPairs { set(.repetition, share) }
        }
        set(.feedbackGiven, false)
    }

    /// The kind of personal data that was found, `several`, or `none`.
    private static func pattern(_ redactions: [String: Int]) -> String {
        let kinds = redactions.filter { $0.value > 0 }.keys
        return kinds.count > 1 ? "several" : kinds.first ?? "none"
    }
}

/// What the reference model says of a prompt: numbers only.
public struct PromptReading: Hashable, Sendable {
    /// Mean negative log-likelihood of the prompt's tokens, in nats per token.
    public let meanNLL: Double
    /// The largest mean over 32 tokens in a row; the mean of all for a shorter prompt.
    public let windowNLL: Double
    /// The mean of the last layer over the prompt's tokens; empty when the engine gives none.
    public let embedding: [Float]

    /// Makes the value from its fields.
    public init(meanNLL: Double, windowNLL: Double, embedding: [Float] = []) {
        self.meanNLL = meanNLL
        self.windowNLL = windowNLL
        self.embedding = embedding
    }
}

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

/// One request with its descriptors, for the explanation of which prompts are new.
public struct DescribedRequest: Sendable, Hashable {
    /// The request.
    public let request: RequestID
    /// What is known of it.
    public let descriptors: RequestDescriptors

    /// Makes the value from its fields.
    public init(request: RequestID, descriptors: RequestDescriptors) {
        self.request = request
        self.descriptors = descriptors
    }
}
