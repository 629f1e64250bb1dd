import SeededRandom
import Testing

@testable import GGUF
@testable import Tokenizers

@Suite struct PairMergerTests {
    /// A symbol with its bytes, for the definition of BPE as it is written down.
    private struct Symbol {
        var token: UInt32
        var bytes: Range<Int>
    }

    private func naive(_ symbols: [Symbol], by rule: some PairRule) -> [UInt32] {
        var symbols = symbols
        while true {
            let pairs = zip(symbols, symbols.dropFirst()).enumerated().compactMap { index, pair in
                rule.merge(pair.0.token, pair.1.token, pair.0.bytes.lowerBound..<pair.1.bytes.upperBound).map {
                    (index: index, merge: $0)
                }
            }
            guard let best = pairs.min(by: { ($0.merge.rank, $0.index) < ($1.merge.rank, $1.index) }) else { break }
            let bytes = symbols[best.index].bytes.lowerBound..<symbols[best.index + 1].bytes.upperBound
            symbols.replaceSubrange(best.index...best.index + 1, with: [Symbol(token: best.merge.token, bytes: bytes)])
        }
        return symbols.map(\.token)
    }

    private func merged(_ symbols: [Symbol], by rule: some PairRule, _ merger: inout PairMerger) -> [UInt32] {
        merger.removeAll()
        for symbol in symbols { merger.append(symbol.token, at: symbol.bytes.lowerBound) }
        merger.merge(by: rule, end: symbols.last?.bytes.upperBound ?? 0)
        return merger.tokens
    }

    @Test func mergesMatchTheDefinition() throws {
        let tables = try TokenizerTables(GGUFFile(bytes: TinyTokenizer.byteLevel().writer.bytes()))
        var random = SplitMix64(seed: 2)
        let alphabet = Array("hello wrdtina 12ü".utf8)
        var merger = PairMerger()
        for _ in 0..<3000 {
            let symbols = (0..<Int.random(in: 0...70, using: &random)).map { index in
                Symbol(
                    token: tables.byteTokens[Int(alphabet.randomElement(using: &random) ?? 0)],
                    bytes: index..<index + 1
                )
            }
            #expect(merged(symbols, by: tables.merges, &merger) == naive(symbols, by: tables.merges))
        }
    }

    /// Random merges over few tokens: chains, ties, pairs that eat each other.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func randomRulesMatchTheDefinition(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var rule = MergeRule(capacity: 40)
        for rank in 0..<40 as Range<UInt32> {
            rule.insert(
                UInt32.random(in: 0..<12, using: &random),
                UInt32.random(in: 0..<12, using: &random),
                PairMerge(rank: rank / 3, token: UInt32.random(in: 0..<12, using: &random))
            )
        }
        var merger = PairMerger()
        for _ in 0..<40 {
            let symbols = (0..<Int.random(in: 1...60, using: &random)).map { index in
                // Some symbols have no token.
                let token = UInt32.random(in: 0..<14, using: &random)
                return Symbol(token: token < 12 ? token : TokenIndex.none, bytes: index..<index + 1)
            }
            #expect(merged(symbols, by: rule, &merger) == naive(symbols, by: rule))
        }
    }

    /// Scores over characters: every join of two that is a piece, however it came about.
    private struct ByPiece: PairRule {
        let pieces: [[UInt8]: PairMerge]
        let text: [UInt8]

        func merge(_ left: UInt32, _ right: UInt32, _ bytes: Range<Int>) -> PairMerge? { pieces[Array(text[bytes])] }
    }

    @Test func scoresMatchTheDefinition() throws {
        let tokenizer = try TinyTokenizer.sentencePiece().tokenizer()
        var pieces: [[UInt8]: PairMerge] = [:]
        for (rank, piece) in TinyTokenizer.pieces.enumerated() {
            pieces[Vocabulary.withBlanks(piece.utf8)] = PairMerge(rank: UInt32(rank), token: UInt32(259 + rank))
        }
        var random = SplitMix64(seed: 4)
        let alphabet = Array(" the hello wor日本\n")
        for _ in 0..<2000 {
            let text = String(
                (0..<Int.random(in: 1...60, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? " "
                }
            )
            let bytes = Array((" " + text).utf8)
            var symbols: [Symbol] = []
            for (index, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 {
                let end = bytes[(index + 1)...].firstIndex { $0 & 0xc0 != 0x80 } ?? bytes.count
                let token = pieces[Array(bytes[index..<end])]?.token ?? TokenIndex.none
                symbols.append(Symbol(token: token, bytes: index..<end))
            }
            let expected = naive(symbols, by: ByPiece(pieces: pieces, text: bytes)).map { Int($0) }
            #expect(tokenizer.encode(text, specials: .plainText) == expected, "\(text.debugDescription)")
        }
    }

    // MARK: - Work

    /// Twice the text is about twice the work: counted, not timed.
    @Test(arguments: ["gpt-2", "llama-bpe", "gemma4", "llama"])
    func aLongWordIsNotQuadratic(kind: String) throws {
        let tiny: TinyTokenizer =
            switch kind {
            case "gemma4": .gemma()
            case "llama": .sentencePiece([("llll", 1), ("llllllll", 1)])
            default: .byteLevel(kind)
            }
        let tokenizer = try tiny.tokenizer()
        for unit in ["l", "hello", "日"] {
            let steps = [500_000, 1_000_000].map { count in
                var merger = PairMerger()
                let text = String(repeating: unit, count: count / unit.utf8.count)
                let part = TextPart(text, specials: .plainText)
                let encoded = tokenizer.encode([part], merger: &merger)
                #expect(!encoded.tokens.isEmpty)
                return Double(merger.steps)
            }
            #expect(steps[1] / steps[0] < 2.1, "\(unit)")
            #expect(steps[1] < 8_000_000, "\(unit)")
        }
    }
}
