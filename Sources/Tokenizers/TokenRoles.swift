import GGUF

/// Which ids have a part to play, and which end an answer.
struct TokenRoles: Sendable {
    let beginning: Int?
    let end: Int?
    let endOfTurn: Int?
    let endOfMessage: Int?
    let unknown: Int?
    let padding: Int?
    /// All tokens after which an answer is over.
    let ends: Set<Int>

    /// Spellings of tokens that end an answer in models whose metadata name only one of theirs.
    private static let knownEnds = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ]
    /// Those of them that may be the end of a turn.
    private static let knownTurnEnds = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>",
        "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>",
    ]
    /// What code models fill a gap with; padding, repository and file also end an answer.
    private static let knownGapEnds = [
        ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"],
        ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"],
        ["<|file_sep|>"],
    ]
    private static let knownGapMarks = [
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>",
        "<|prefix|>", "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>",
        "<|code_suffix|>", "<|suffix|>", "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>",
        "▁<MID>", "<|code_middle|>", "<|middle|>",
    ]
    /// Parts of a message that an answer shows, whatever kind the file gives them.
    private static let knownMessageMarks = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"]

    /// - Parameters:
    ///   - kinds: kind of each token; those that turn out to be special become control tokens, whatever the file says.
    ///   - id: of a spelling.
    /// - Throws: `GGUFError.wrongType`, `TokenizerError.specialTokenOutOfRange`.
    init(_ file: GGUFFile, _ model: TokenizerModel, kinds: inout [TokenKind], id: (String) -> Int?) throws {
        let count = kinds.count
        func key(_ name: String) throws -> Int? {
            let key = "tokenizer.ggml.\(name)_token_id"
            guard let id = try file.integer(key) else { return nil }
            guard (0..<count).contains(id) else {
                throw TokenizerError.specialTokenOutOfRange(key: key, id: id, tokens: count)
            }
            return id
        }
        func first(_ texts: [String]) -> Int? {
            for text in texts { if let found = id(text) { return found } }
            return nil
        }
        /// What SentencePiece means where the file says nothing.
        func usual(_ id: Int) -> Int? { model == .llama && id < count ? id : nil }
        beginning = try key("bos") ?? usual(1)
        end = try key("eos") ?? usual(2)
        unknown = try key("unknown") ?? usual(0)
        // Nothing is filled up here, and files of old converters name one past the last.
        padding = try file.integer("tokenizer.ggml.padding_token_id").flatMap { (0..<count).contains($0) ? $0 : nil }
        endOfTurn = try key("eot") ?? first(Self.knownTurnEnds)
        endOfMessage = try key("eom") ?? id("<|eom_id|>")

        var ends: Set<Int> = []
        for (name, known) in zip(["fim_pad", "fim_rep", "fim_sep"], Self.knownGapEnds) {
            if let found = try key(name) ?? first(known) { ends.insert(found) }
        }
        // Where this one is a token like any other it is the tag of HTML.
        let known = Self.knownEnds.compactMap(id)
        if let tag = id("</s>"), kinds[tag] == .normal, tag != end {
            ends.formUnion(known.filter { $0 != tag })
        } else {
            ends.formUnion(known)
        }
        for id in ends.union(Self.knownGapMarks.compactMap(id)) { kinds[id] = .control }
        for id in Self.knownMessageMarks.compactMap(id) { kinds[id] = .userDefined }
        ends.formUnion([end, endOfTurn, endOfMessage].compactMap { $0 })
        // In models with channels the end of a message is not the end of the answer.
        func isEnd(_ text: String) -> Bool { id(text).map(ends.contains) ?? false }
        let hasCall = isEnd("<|call|>") || isEnd("<|calls|>")
        if let message = id("<|end|>"), hasCall, isEnd("<|return|>") || isEnd("<|flush|>") {
            ends.remove(message)
            kinds[message] = .userDefined
        }
        // There this is struck-out text, not the end.
        if let strike = id("</s>"), isEnd("<|tool_response>") {
            ends.remove(strike)
            kinds[strike] = .normal
        }
        self.ends = ends
    }
}
