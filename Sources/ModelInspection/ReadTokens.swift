import Foundation
import Inference
import Statistics
public import Tokenizers
public import WireFormat

/// The tokens of texts with what one model says of them, and what that comes to.
struct ReadTokens {
    /// A text in tokens, of which those from the first scored one on have a score.
    struct Piece: Equatable {
        let tokens: [Int]
        let firstScored: Int
        /// Bytes of the text, all tokens together.
        let byteCount: Int

        var scored: ArraySlice<Int> { tokens.dropFirst(firstScored) }
    }

    let tokenizer: Tokenizer
    let pieces: [Piece]
    /// One for each scored token of all pieces, in order.
    let scores: [TokenScore]

    /// Neighbouring tokens depend on each other: so many are taken as one when it is said how sure a mean is.
    static let stretchTokens = 32
    static let confidence = 0.95

    /// Which stretch each scored token of the pieces belongs to.
    static func stretches(of pieces: [Piece]) -> [Int] {
        var stretch = 0
        return pieces.flatMap { piece -> [Int] in
            let count = piece.scored.count
            let first = stretch
            stretch += (count + stretchTokens - 1) / stretchTokens
            return (0..<count).map { first + $0 / stretchTokens }
        }
    }

    /// Standard error of a mean over tokens; nil with fewer than two stretches.
    static func standardError(_ values: [Double], _ stretches: [Int]) -> Double? {
        guard let last = stretches.last, last > 0 else { return nil }
        return clusteredStandardError(of: values, clusters: stretches)
    }

    /// A 95 % interval of a mean over tokens, with stretches of neighbours as the units; nil with fewer than two.
    static func interval(_ mean: Double, _ values: [Double], _ stretches: [Int]) -> (low: Double, high: Double)? {
        guard let error = standardError(values, stretches), let last = stretches.last,
            let t = StudentT.quantile(1 - (1 - confidence) / 2, df: Double(last))
        else { return nil }
        return (mean - t * error, mean + t * error)
    }

    /// exp(x), finite for any x: damaged weights find a token so unlikely that it would be infinite, which JSON has not.
    static func power(_ x: Double) -> Double { exp(min(x, 700)) }

    var fit: TextFit {
        let values = scores.map(\.logProbability)
        let unscored = pieces.reduce(0) { sum, piece in
            sum + piece.tokens.prefix(piece.firstScored).reduce(0) { $0 + tokenizer.text(of: $1).count }
        }
        let bytes = max(0, pieces.reduce(0) { $0 + $1.byteCount } - unscored)
        let mean = Moments(values)?.mean, stretches = Self.stretches(of: pieces)
        return TextFit(
            tokens: values.count,
            bytes: bytes,
            meanLogProbability: mean,
            standardError: Self.standardError(values, stretches),
            perplexity: mean.map { Self.power(-$0) },
            perplexityInterval: mean.flatMap { Self.interval($0, values, stretches) }.map {
                ModelComparison.Range(low: Self.power(-$0.high), high: Self.power(-$0.low))
            },
            bitsPerByte: mean.flatMap { mean in
                bytes > 0 ? -mean * Double(values.count) / Double(bytes) / log(2) : nil
            }
        )
    }

    /// Every token of the pieces, with its score where it has one.
    var scoredTokens: [TextScore.Token] {
        var next = scores.makeIterator()
        return pieces.flatMap { piece in
            piece.tokens.enumerated().map { index, id in
                let score = index < piece.firstScored ? nil : next.next()
                return TextScore.Token(
                    id: id,
                    text: tokenizer.shown([id]),
                    logProbability: score?.logProbability,
                    rank: score?.rank
                )
            }
        }
    }
}

extension Tokenizer {
    /// Tokens as a person reads them, special ones as their spelling.
    func shown(_ tokens: some Sequence<Int>) -> String {
        String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self)
    }

    /// A text that goes on after others, in tokens.
    func continuation(_ text: String) -> [Int] {
        encode([TextPart(text, specials: .plainText)], isContinuation: true).tokens
    }
}

extension TokenizedText {
    /// A text in the tokens of a tokenizer.
    ///
    /// - Parameter specials: whether special tokens that the text spells are read as such, and those that the model wants
    ///   around a text are added.
    public init(_ text: String, _ tokenizer: Tokenizer, specials: Bool) {
        let encoded = tokenizer.encode(
            [TextPart(text, specials: specials ? .parsed : .plainText)],
            addsBoundaries: specials
        )
        let special = Set(tokenizer.facts.specialTokens.map(\.id))
        let tokens = encoded.tokens.map { id in
            let bytes = tokenizer.bytes(of: id)
            return Token(
                id: id,
                text: String(decoding: bytes, as: UTF8.self),
                bytes: bytes,
                isSpecial: special.contains(id)
            )
        }
        var decoded = tokenizer.decode(encoded.tokens)
        if specials {
            // What was parsed is part of the text, what was added around it is not.
            let added = [tokenizer.beginningToken, tokenizer.finalToken]
            var inner = encoded.tokens[...]
            if let first = inner.first, first == added[0], !text.utf8.starts(with: tokenizer.bytes(of: first)) {
                inner = inner.dropFirst()
            }
            if let last = inner.last, last == added[1] { inner = inner.dropLast() }
            decoded = tokenizer.shown(inner)
        }
        self.init(
            tokens: tokens,
            byteCount: text.utf8.count,
            droppedByteCount: encoded.droppedByteCount,
            roundTrip: Array(decoded.utf8) == Array(text.utf8)
        )
    }
}
