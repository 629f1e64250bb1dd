/// Turns text that holds no special tokens into tokens.
protocol PlainEncoder: Sendable {
    /// - Parameters:
    ///   - text: valid UTF-8.
    ///   - isAfterSpecial: whether the text is the first of all, or comes right after a special token.
    func encode(
        _ text: ArraySlice<UInt8>,
        isAfterSpecial: Bool,
        merger: inout PairMerger,
        into encoded: inout EncodedText
    )
}

/// Byte-level BPE: every byte is a symbol, and merges say what becomes of two.
struct ByteLevelEncoder: PlainEncoder {
    let preTokenizer: PreTokenizer
    let merges: MergeRule
    /// Token of each byte, or `TokenIndex.none`.
    let byteTokens: [UInt32]
    /// Words that are tokens as a whole although no merges lead there; only where the kind wants that.
    let wholeWords: TokenIndex?

    func encode(
        _ text: ArraySlice<UInt8>,
        isAfterSpecial: Bool,
        merger: inout PairMerger,
        into encoded: inout EncodedText
    ) {
        var start = text.startIndex
        for length in preTokenizer.pieceEnds(ScalarText(text)) {
            let end = text.startIndex + length
            defer { start = end }
            if let token = wholeWords?.find(text[start..<end]) {
                encoded.tokens.append(Int(token))
                continue
            }
            merger.removeAll()
            for index in start..<end {
                let token = byteTokens[Int(text[index])]
                // As in the tokenizers that such vocabularies come from: what stands beside it may merge.
                if token == TokenIndex.none {
                    encoded.droppedByteCount += 1
                } else {
                    merger.append(token, at: index)
                }
            }
            merger.merge(by: merges, end: end)
            for token in merger.tokens { encoded.tokens.append(Int(token)) }
        }
    }
}

/// BPE over characters, with tokens for the bytes of those that have none. A blank is a space here and U+2581 in files.
struct CharacterEncoder: PlainEncoder {
    /// What decides on a pair.
    enum Rule {
        case merges(MergeRule)
        /// The token that both make, by its rank; an empty token is none.
        case ranks([UInt32])
    }

    let index: TokenIndex
    let rule: Rule
    /// Token of each byte, or `TokenIndex.none`.
    let byteTokens: [UInt32]
    /// Stands for characters without tokens where there are no tokens for bytes.
    let unknown: Int?
    /// Whether a text begins with a blank that was not written.
    let addsLeadingBlank: Bool
    /// How text is cut before it is merged; nil where it is not.
    let preTokenizer: PreTokenizer?

    private struct RankRule: PairRule {
        let index: TokenIndex
        let ranks: [UInt32]
        let longest: Int
        let text: [UInt8]

        func merge(_ left: UInt32, _ right: UInt32, _ bytes: Range<Int>) -> PairMerge? {
            guard bytes.count <= longest, let token = index.find(text[bytes]) else { return nil }
            return PairMerge(rank: ranks[Int(token)], token: token)
        }
    }

    func encode(
        _ text: ArraySlice<UInt8>,
        isAfterSpecial: Bool,
        merger: inout PairMerger,
        into encoded: inout EncodedText
    ) {
        var bytes = Vocabulary.withBlanks(text)
        if addsLeadingBlank, isAfterSpecial { bytes.insert(0x20, at: 0) }
        var start = 0
        for end in preTokenizer?.pieceEnds(ScalarText(bytes[...])) ?? [bytes.count] {
            encodePiece(bytes, start..<end, merger: &merger, into: &encoded)
            start = end
        }
    }

    private func encodePiece(
        _ text: [UInt8],
        _ piece: Range<Int>,
        merger: inout PairMerger,
        into encoded: inout EncodedText
    ) {
        // Several line breaks are one token although no merges lead there.
        if preTokenizer != nil, text[piece].first == 0x0a, let token = index.find(text[piece]) {
            encoded.tokens.append(Int(token))
            return
        }
        merger.removeAll()
        var start = piece.lowerBound
        while start < piece.upperBound {
            var end = start + 1
            while end < piece.upperBound, text[end] & 0xc0 == 0x80 { end += 1 }
            merger.append(index.find(text[start..<end]) ?? TokenIndex.none, at: start)
            start = end
        }
        switch rule {
        case .merges(let merges): merger.merge(by: merges, end: piece.upperBound)
        case .ranks(let ranks):
            let rule = RankRule(index: index, ranks: ranks, longest: index.longest, text: text)
            merger.merge(by: rule, end: piece.upperBound)
        }
        var isUnknown = false
        for (token, bounds) in zip(merger.tokens, zip(merger.starts, merger.starts.dropFirst())) {
            if token != TokenIndex.none {
                encoded.tokens.append(Int(token))
                isUnknown = false
            } else {
                let wasUnknown = isUnknown
                isUnknown = !appendBytes(text[bounds.0..<bounds.1], into: &encoded)
                if isUnknown, !wasUnknown, let unknown { encoded.tokens.append(unknown) }
            }
        }
    }

    /// A character as tokens for its bytes.
    ///
    /// - Returns: false when there are none for some; then nothing is added.
    private func appendBytes(_ character: ArraySlice<UInt8>, into encoded: inout EncodedText) -> Bool {
        let tokens = character.map { byteTokens[Int($0)] }
        guard !tokens.contains(TokenIndex.none) else {
            encoded.droppedByteCount += tokens.count
            return false
        }
        encoded.tokens += tokens.map { Int($0) }
        return true
    }
}
