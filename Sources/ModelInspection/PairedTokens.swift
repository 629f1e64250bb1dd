import Inference
import Statistics
import Tokenizers
import WireFormat

/// The tokens of texts with what two models say of them, and what that comes to.
struct PairedTokens {
    let tokenizer: Tokenizer
    let pieces: [ReadTokens.Piece]
    /// One for each scored token of all pieces, in order.
    let scores: [PairedScore]

    /// Places that are shown.
    private static let worstCount = 10
    private static let stretchCount = 20
    /// Tokens that are shown before and after a place.
    private static let shownBefore = 16
    private static let shownAfter = 4

    /// Where the scored tokens are: which piece, which of its tokens.
    private var places: [(piece: Int, token: Int)] {
        pieces.enumerated().flatMap { index, piece in
            (piece.firstScored..<piece.tokens.count).map { (index, $0) }
        }
    }

    private static func agrees(_ score: PairedScore) -> Bool {
        score.baseline.mostLikely == score.candidate.mostLikely
    }

    var figures: ModelComparison.Figures? {
        let divergences = scores.map(\.divergence), sorted = divergences.sorted()
        guard let mean = Moments(divergences)?.mean, let largest = sorted.last,
            let median = quantile(0.5, ofSorted: sorted), let high = quantile(0.99, ofSorted: sorted)
        else { return nil }
        let stretches = ReadTokens.stretches(of: pieces)
        let agreeing = scores.count(where: Self.agrees)
        let agreement = Double(agreeing) / Double(scores.count)
        let ratios = scores.map { $0.baseline.logProbability - $0.candidate.logProbability }
        let meanRatio = Moments(ratios)?.mean ?? 0
        let places = places
        return ModelComparison.Figures(
            places: scores.count,
            meanDivergence: mean,
            divergenceError: ReadTokens.standardError(divergences, stretches),
            medianDivergence: median,
            divergence99: high,
            maxDivergence: largest,
            divergenceByPercent: (0...100).compactMap { quantile(Double($0) / 100, ofSorted: sorted) },
            agreeing: agreeing,
            agreement: agreement,
            agreementInterval: agreementInterval(agreement, agreeing, stretches),
            perplexityRatio: ReadTokens.power(meanRatio),
            perplexityRatioInterval: ReadTokens.interval(meanRatio, ratios, stretches).map {
                ModelComparison.Range(low: ReadTokens.power($0.low), high: ReadTokens.power($0.high))
            },
            firstDivergence: scores.indices.first { !Self.agrees(scores[$0]) }.map { place($0, places[$0]) },
            stretches: byDistance(places)
        )
    }

    /// Where every place agrees, or none does, neighbours tell nothing of the spread: then tokens are the units.
    private func agreementInterval(_ agreement: Double, _ agreeing: Int, _ stretches: [Int]) -> ModelComparison.Range? {
        if agreeing == 0 || agreeing == scores.count {
            return Proportion(bad: scores.count - agreeing, n: scores.count)?
                .wilson(confidence: ReadTokens.confidence)
                .map { ModelComparison.Range(low: 1 - $0.upperBound, high: 1 - $0.lowerBound) }
        }
        return ReadTokens.interval(agreement, scores.map { Self.agrees($0) ? 1 : 0 }, stretches).map {
            ModelComparison.Range(low: max(0, $0.low), high: min(1, $0.high))
        }
    }

    /// The places by their distance from the beginning of their text.
    private func byDistance(_ places: [(piece: Int, token: Int)]) -> [ModelComparison.Stretch] {
        guard let furthest = places.map(\.token).max() else { return [] }
        let size = max(1, (furthest + Self.stretchCount) / Self.stretchCount)
        let groups = Dictionary(grouping: places.indices) { places[$0].token / size }
        return groups.sorted { $0.key < $1.key }.map { key, group in
            ModelComparison.Stretch(
                first: key * size + 1,
                last: min(furthest + 1, (key + 1) * size),
                places: group.count,
                agreeing: group.count { Self.agrees(scores[$0]) },
                meanDivergence: Moments(group.map { scores[$0].divergence })?.mean ?? 0
            )
        }
    }

    /// The places at which both are furthest apart; of equal ones the earlier. None where both say the same everywhere.
    var worst: [ModelComparison.Place] {
        let places = places
        return scores.indices.filter { scores[$0].divergence > 0 }
            .sorted { a, b in
                scores[a].divergence != scores[b].divergence ? scores[a].divergence > scores[b].divergence : a < b
            }
            .prefix(Self.worstCount).map { place($0, places[$0]) }
    }

    private func place(_ index: Int, _ at: (piece: Int, token: Int)) -> ModelComparison.Place {
        let tokens = pieces[at.piece].tokens, score = scores[index]
        return ModelComparison.Place(
            text: at.piece + 1,
            token: at.token + 1,
            before: tokenizer.shown(tokens[max(0, at.token - Self.shownBefore)..<at.token]),
            spelling: tokenizer.shown([tokens[at.token]]),
            after: tokenizer.shown(tokens[(at.token + 1)...].prefix(Self.shownAfter)),
            divergence: score.divergence,
            baselineLogProbability: score.baseline.logProbability,
            candidateLogProbability: score.candidate.logProbability,
            baselineTop: tokenizer.shown([score.baseline.mostLikely]),
            candidateTop: tokenizer.shown([score.candidate.mostLikely])
        )
    }
}
