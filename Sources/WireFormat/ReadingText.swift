import Wording

/// Scores and comparisons in words, the same for the terminal and the page.
public enum ReadingText {
    /// A label and what there is to say.
    public typealias Row = (label: String, words: String)

    /// A label as wide as all of them.
    public static func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(1, 17 - label.count))
    }

    /// How well one model foresees texts.
    public static func fit(_ fit: TextFit) -> [Row] {
        var rows: [Row] = []
        if let perplexity = fit.perplexity {
            rows.append(
                ("perplexity", NumberText.significant(perplexity) + interval(fit.perplexityInterval))
            )
        }
        if let bits = fit.bitsPerByte { rows.append(("bits per byte", NumberText.significant(bits))) }
        if let mean = fit.meanLogProbability {
            let error = fit.standardError.map { " ± \(NumberText.significant($0, digits: 2))" } ?? ""
            rows.append(("log-probability", "\(NumberText.decimal(mean, 3))\(error) a token"))
        }
        return rows
    }

    /// What a comparison found, in the order in which it matters.
    public static func rows(_ comparison: ModelComparison) -> [Row] {
        var rows: [Row] = [("read", read(comparison))]
        if let figures = comparison.figures {
            rows += self.rows(figures)
        } else if comparison.sharesVocabulary {
            rows.append(("KL divergence", "not available: no token was scored"))
        } else {
            rows.append(("KL divergence", "not available: the two have different vocabularies"))
            rows.append(("perplexity ratio", "not available: a token is not the same amount of text for both"))
        }
        let (first, second) = (comparison.baselineFit, comparison.candidateFit)
        if comparison.sharesVocabulary, let figures = comparison.figures, let one = first.perplexity,
            let other = second.perplexity
        {
            let words =
                figures.maxDivergence == 0
                ? "\(NumberText.significant(one)) for both"
                : "baseline \(NumberText.significant(one)), candidate \(NumberText.significant(other)): "
                    + "\(NumberText.significant(figures.perplexityRatio, digits: 4)) times"
                    + interval(figures.perplexityRatioInterval, digits: 4)
            rows.append(("perplexity", words))
        }
        if let one = first.bitsPerByte, let other = second.bitsPerByte {
            rows.append(
                (
                    "bits per byte",
                    "baseline \(NumberText.significant(one, digits: 4)), candidate \(NumberText.significant(other, digits: 4))"
                )
            )
        }
        if let figures = comparison.figures { rows.append(("first divergence", divergence(figures, comparison))) }
        return rows
    }

    private static func read(_ comparison: ModelComparison) -> String {
        let first = comparison.baselineFit.tokens, second = comparison.candidateFit.tokens
        let tokens =
            first == second
            ? NumberText.count(first, "token")
            : "\(NumberText.count(first)) tokens for the baseline, \(NumberText.count(second)) for the candidate"
        return "\(comparison.texts): \(tokens)"
    }

    private static func rows(_ figures: ModelComparison.Figures) -> [Row] {
        let differ = figures.places - figures.agreeing
        var agreement = NumberText.share(figures.agreement) + interval(figures.agreementInterval, NumberText.share)
        agreement += " of the tokens have the same likeliest one"
        if differ > 0 {
            let every = Double(figures.places) / Double(differ)
            agreement += "; one in \(NumberText.significant(every, digits: 2)) has another"
        }
        let error = figures.divergenceError.map { " ± \(NumberText.significant($0, digits: 2))" } ?? ""
        let mean =
            figures.maxDivergence == 0
            ? "exactly 0: the same distribution at every token"
            : "mean \(NumberText.significant(figures.meanDivergence))\(error) nats, median "
                + "\(NumberText.significant(figures.medianDivergence)), 99 % below "
                + "\(NumberText.significant(figures.divergence99)), largest \(NumberText.significant(figures.maxDivergence))"
        return [("agreement", agreement), ("KL divergence", mean)]
    }

    private static func divergence(_ figures: ModelComparison.Figures, _ comparison: ModelComparison) -> String {
        guard let place = figures.firstDivergence else { return "none: both would say the same at every token" }
        let text = comparison.textCount > 1 ? "text \(NumberText.count(place.text)), " : ""
        return "\(text)token \(NumberText.count(place.token)): after “\(tail(place.before))” the baseline says "
            + "“\(place.baselineTop)”, the candidate “\(place.candidateTop)”"
    }

    /// The end of what stands before a place, short enough for a line.
    public static func tail(_ text: String) -> String { String(text.suffix(32)) }

    private static func interval(_ range: ModelComparison.Range?, digits: Int = 3) -> String {
        interval(range) { NumberText.significant($0, digits: digits) }
    }

    private static func interval(_ range: ModelComparison.Range?, _ text: (Double) -> String) -> String {
        range.map { " (\(text($0.low)) to \(text($0.high)))" } ?? ""
    }
}
