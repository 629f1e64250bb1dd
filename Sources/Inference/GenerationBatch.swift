public import Tokenizers

/// Answers many requests with one model at the same time: every step runs one token of each answer and a piece of the
/// prompts that wait, in one forward pass. What a request gets does not depend on what runs beside it: its bits
/// depend on the model, the request and its seed alone.
///
/// Memory for the whole of a request is set aside when it is admitted, so no answer ends for want of it. Choices of one
/// request share the pages of their prompt, which is run once; prompts that begin as earlier ones did share theirs.
///
/// Calls compute until they return; one thread uses it at a time.
public final class GenerationBatch {
    /// What a step did.
    public enum Event: Sendable {
        /// A choice of a request has a further token, and this text is now certainly part of its answer.
        case token(request: Int, choice: Int, Generation.Token, text: String)
        /// A choice is over; its last token was reported before.
        case ended(request: Int, choice: Int, Generation)
        /// A request cannot go on; none of its choices will be reported again.
        case failed(request: Int, InferenceError)
    }

    /// A prompt that is being run for all its choices.
    struct OpenPrompt {
        let key: Int
        let caller: String
        let request: GenerationRequest
        let isBackground: Bool
        var start: ContinuousClock.Instant
        let seeds: [UInt64]
        /// One for each choice; the first one runs the prompt.
        let sequences: [TokenSequence]
        /// Tokens of the prompt that have been run, here or for an earlier prompt.
        var done: Int

        /// Tokens of the prompt that are yet to be run.
        var left: Int { request.promptTokens.count - done }
    }

    /// One choice whose prompt has been run.
    struct Line {
        let key: Int
        let choice: Int
        let caller: String
        let isBackground: Bool
        var start: ContinuousClock.Instant
        let sequence: TokenSequence
        var answer: OpenAnswer
        /// The token that is run next.
        var token = 0
        /// The step that ran it last.
        var turn = 0
        /// True after its last token; its pages are given back.
        var isOver = false
    }

    /// The model.
    public let model: LanguageModel
    /// Its tokenizer.
    public let tokenizer: Tokenizer
    /// What it takes.
    public let limits: BatchLimits
    let forward: ForwardPass
    let instructions: InstructionSet
    let promptRows: Int
    var prompts: [OpenPrompt] = []
    var lines: [Line] = []
    var rows: [BatchRow] = []
    /// The lines that the step under way runs.
    var stepped: [Int] = []
    var prefixes: PromptPrefixes
    var cost: StepCost

    /// - Parameters:
    ///   - maxSequences: most answers at the same time.
    ///   - cacheBytes: most memory for the key-value cache; never more than `maxSequences` full contexts need.
    ///   - promptRows: most tokens of prompts in one step: how long the answers under way wait for a new one.
    ///   - instructions: the kernels to use; results do not depend on them.
    /// - Throws: `InferenceError.tokenizerDoesNotFit`, `unavailable` or `outOfMemory`.
    public init(
        model: LanguageModel,
        tokenizer: Tokenizer,
        maxSequences: Int = 32,
        cacheBytes: Int = 256 << 20,
        promptRows: Int = 64,
        instructions: InstructionSet = .best
    ) throws(InferenceError) {
        guard tokenizer.size == model.description.vocabularySize else {
            throw .tokenizerDoesNotFit(tokens: tokenizer.size, embeddingRows: model.description.vocabularySize)
        }
        self.model = model
        self.tokenizer = tokenizer
        self.instructions = instructions
        self.promptRows = max(1, promptRows)
        // A state is taken for each answer as a whole; together they take no more than the pages may.
        let stateBytes = RecurrentState.bytes(model.description)
        let maxSequences = max(1, stateBytes > 0 ? min(maxSequences, cacheBytes / stateBytes) : maxSequences)
        let pageBytes = KVPages.pageBytes(model)
        let useful = maxSequences * KVPages.pageCount(tokens: model.contextLength)
        let pageCount = max(1, min(useful, cacheBytes / pageBytes))
        limits = BatchLimits(
            maxSequences: maxSequences,
            pageCount: pageCount,
            pageBytes: pageBytes,
            contextLength: model.contextLength,
            vocabularySize: model.description.vocabularySize
        )
        forward = try ForwardPass(
            model,
            maxRows: maxSequences + self.promptRows,
            pageCount: pageCount,
            instructions: instructions
        )
        rows.reserveCapacity(maxSequences + self.promptRows)
        prefixes = PromptPrefixes(maxPages: pageCount / 4)
        cost = StepCost(maxRows: maxSequences + self.promptRows)
    }

    /// Bytes of the key-value cache that the longest request with one choice needs.
    public static func cacheBytes(ofOneContext model: LanguageModel) -> Int {
        KVPages.pageBytes(model) * KVPages.pageCount(tokens: model.contextLength)
    }

    /// Answers under way or about to be.
    public var sequenceCount: Int { lines.count + prompts.reduce(0) { $0 + $1.sequences.count } }

    /// True when a step would do nothing.
    public var isIdle: Bool { lines.isEmpty && prompts.isEmpty }

    /// What requests in the background hold: pages of the cache (one that several share counts for each) and answers.
    public var background: (pages: Int, sequences: Int) {
        held(lines.filter(\.isBackground), prompts.filter(\.isBackground))
    }

    /// What a caller's requests that are not in the background hold, in the same way.
    public func held(by caller: String) -> (pages: Int, sequences: Int) {
        held(
            lines.filter { !$0.isBackground && $0.caller == caller },
            prompts.filter { !$0.isBackground && $0.caller == caller }
        )
    }

    private func held(_ lines: [Line], _ prompts: [OpenPrompt]) -> (pages: Int, sequences: Int) {
        let sequences = lines.map(\.sequence) + prompts.flatMap(\.sequences)
        return (sequences.reduce(0) { $0 + $1.pages.count }, sequences.count)
    }

    /// Bytes of the key-value cache that requests hold.
    public var cacheBytesInUse: Int {
        (limits.pageCount - forward.pages.freeCount - prefixes.ownPages(in: forward.pages)) * limits.pageBytes
    }

    /// Whether a request of so many pages (``BatchLimits/pages(for:choices:)``) and choices fits beside what runs now.
    public func hasRoom(pages: Int, choices: Int) -> Bool {
        guard sequenceCount + choices <= limits.maxSequences else { return false }
        let free = forward.pages.freeCount
        return pages <= free || pages <= free + prefixes.ownPages(in: forward.pages)
    }

    /// Takes a request in; the next steps run it.
    ///
    /// - Parameters:
    ///   - key: what its events are reported under; no other request under way has it.
    ///   - seeds: one for each choice; the request's own seed is not used.
    ///   - caller: who asked; where several have answers under way, they share the steps.
    ///   - start: what the times of its tokens count from.
    ///   - isBackground: whether it rests in steps that leave the background out.
    /// - Throws: as ``BatchLimits/pages(for:choices:)``, and `outOfPages` or `invalidSetting` when there is no room now.
    public func admit(
        key: Int,
        _ request: GenerationRequest,
        seeds: [UInt64],
        caller: String = "",
        start: ContinuousClock.Instant = .now,
        isBackground: Bool = false
    ) throws(InferenceError) {
        let needed = try limits.pages(for: request, choices: seeds.count)
        guard sequenceCount + seeds.count <= limits.maxSequences else {
            let room = limits.maxSequences - sequenceCount
            throw .invalidSetting(name: "choices", value: "\(seeds.count)", allowed: "at most \(room) now")
        }
        let pages = forward.pages
        let length = limits.tokens(of: request)
        var known = prefixes.beginning(of: request.promptTokens, in: pages)
        let first = known.sequence
        let further = needed - first.pages.count
        while pages.freeCount < further, prefixes.dropOldest(in: pages) {}
        if pages.freeCount < further, let beyond = known.beyond {
            pages.release(beyond)
            (known.beyond, known.tokens) = (nil, first.capacity)
        }
        guard pages.freeCount >= further else {
            pages.release(first)
            throw .outOfPages(needed: further, available: pages.freeCount)
        }
        try pages.extend(first, to: length)
        if let beyond = known.beyond {
            pages.copy(page: beyond.pages.count - 1, of: beyond, to: first)
            pages.release(beyond)
        }
        var sequences = [first]
        for _ in seeds.dropFirst() {
            let next = pages.share(first, tokens: request.promptTokens.count)
            try pages.extend(next, to: length)
            sequences.append(next)
        }
        prompts.append(
            OpenPrompt(
                key: key,
                caller: caller,
                request: request,
                isBackground: isBackground,
                start: start,
                seeds: seeds,
                sequences: sequences,
                done: known.tokens
            )
        )
    }

    /// Drops a request; nothing more is reported of it. A key that is not under way does nothing.
    public func cancel(_ key: Int) {
        for prompt in prompts where prompt.key == key {
            for sequence in prompt.sequences { forward.pages.release(sequence) }
        }
        for line in lines where line.key == key { forward.pages.release(line.sequence) }
        prompts.removeAll { $0.key == key }
        lines.removeAll { $0.key == key }
    }

    /// Leaves a time out of what answers in the background took: they rested.
    public func delayBackground(by duration: Duration) {
        for index in lines.indices where lines[index].isBackground { lines[index].start += duration }
        for index in prompts.indices where prompts[index].isBackground { prompts[index].start += duration }
    }
}

/// What a batch takes, and what of it a request needs: enough to refuse a request before it waits for its turn.
public struct BatchLimits: Sendable, Equatable {
    /// Most answers at the same time.
    public let maxSequences: Int
    /// Pages of 16 tokens of the key-value cache.
    public let pageCount: Int
    /// Bytes of one page.
    public let pageBytes: Int
    /// Most tokens of a prompt and its answer together.
    public let contextLength: Int
    /// Token ids that the model knows.
    public let vocabularySize: Int

    /// Pages that a request needs from its first token to its last, however its answers go: whole pages of the prompt
    /// once, the rest for each choice.
    ///
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange`, `invalidSetting`, or `outOfPages`
    ///   when it could not run even alone.
    public func pages(for request: GenerationRequest, choices: Int = 1) throws(InferenceError) -> Int {
        guard request.maxTokens >= 1 else {
            throw .invalidSetting(name: "maxTokens", value: "\(request.maxTokens)", allowed: "1 or more")
        }
        guard (1...maxSequences).contains(choices) else {
            throw .invalidSetting(name: "choices", value: "\(choices)", allowed: "from 1 to \(maxSequences)")
        }
        guard !request.promptTokens.isEmpty else { throw .emptyPrompt }
        guard request.promptTokens.count <= contextLength else {
            throw .promptTooLong(tokens: request.promptTokens.count, contextLength: contextLength)
        }
        for id in request.promptTokens where id < 0 || id >= vocabularySize {
            throw .tokenOutOfRange(id: id, vocabularySize: vocabularySize)
        }
        let shared = request.promptTokens.count / KVPages.pageTokens
        let pages = shared + choices * (KVPages.pageCount(tokens: tokens(of: request)) - shared)
        guard pages <= pageCount else { throw .outOfPages(needed: pages, available: pageCount) }
        return pages
    }

    /// Most tokens that are run for one choice. The last one of an answer is chosen, never run.
    func tokens(of request: GenerationRequest) -> Int {
        min(contextLength, request.promptTokens.count + min(request.maxTokens, contextLength) - 1)
    }
}
