import RegistryTypes
public import WireFormat
import Wording

/// A text read by one model, or by two in step: how far they are apart, where, and at which tokens.
public struct ReadingPage: Page {
    /// What it comes to.
    struct Answer: Hashable, Sendable {
        let badge: StatusBadge
        let title: HTMLText
        let sentence: HTMLText
    }

    /// A token in its context.
    struct PlaceRow: Hashable, Sendable {
        let divergence: HTMLText
        let place: HTMLText
        let before: HTMLText
        let spelling: HTMLText
        let after: HTMLText
        let baseline: HTMLText
        let candidate: HTMLText
        /// How likely each finds the token that stands there.
        let likelihood: HTMLText
    }

    /// A token that a model did not expect.
    struct TokenRow: Hashable, Sendable {
        let place: HTMLText
        let text: HTMLText
        let logProbability: HTMLText
        let rank: HTMLText
    }

    /// A stretch of the texts.
    struct StretchRow: Hashable, Sendable {
        let tokens: HTMLText
        let places: HTMLText
        let agreement: HTMLText
        let divergence: HTMLText
    }

    public static let template = "reading"
    public let layout: PageLayout
    let heading: HTMLText
    let summary: HTMLText
    let problem: EvaluationPage.Trouble?
    let progress: ProgressRow?
    let answer: Answer?
    let hasFacts: Bool
    let facts: [Fact]
    let divergenceChart: ReadingChart?
    let agreementChart: ReadingChart?
    let hasStretches: Bool
    let stretches: [StretchRow]
    let hasWorst: Bool
    let worst: [PlaceRow]
    let hasUnexpected: Bool
    let unexpected: [TokenRow]

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: ReadingView, context: PageContext) {
        let comparison = view.comparison
        let title = view.candidate.map { "\($0) against \(view.baseline)" } ?? "\(view.baseline) reads a text"
        layout = PageLayout(
            (comparison?.figures).map { "\(NumberText.share($0.agreement)) agree: \(title)" } ?? title,
            in: .models,
            command: view.candidate.map {
                .compare(.reference(view.baseline), .reference($0), traffic: view.traffic)
            },
            context: context
        )
        heading = HTMLText(title)
        let numerics = comparison?.numerics ?? view.score?.numerics
        summary = HTMLText(
            numerics.map { "Read token by token; numerics version \($0), the same bits each time" }
                ?? "Read token by token"
        )
        problem = view.problem.map {
            EvaluationPage.Trouble(
                title: HTMLText($0.title),
                detail: $0.detail.map { HTMLText($0) },
                next: $0.next.map { HTMLText($0) }
            )
        }
        progress =
            view.isOver
            ? nil
            : ProgressRow(
                view.progress,
                unit: "parts",
                path: .reading(view.id),
                isRefreshing: context.refreshSeconds != nil
            )
        answer = comparison.map(Self.answer)
        let rows = comparison.map(ReadingText.rows) ?? view.score.map { ReadingText.fit($0.fit) } ?? []
        facts = rows.map { Fact($0.label.prefix(1).uppercased() + $0.label.dropFirst(), $0.words) }
        hasFacts = !facts.isEmpty
        let figures = comparison?.figures
        divergenceChart = figures.flatMap { ReadingChart(divergence: $0) }
        agreementChart = figures.flatMap { ReadingChart(agreement: $0) }
        stretches = (figures?.stretches ?? []).prefix(40).map { stretch in
            StretchRow(
                tokens: HTMLText("\(NumberText.count(stretch.first)) to \(NumberText.count(stretch.last))"),
                places: HTMLText(NumberText.count(stretch.places)),
                agreement: HTMLText(NumberText.known(stretch.agreement, NumberText.share)),
                divergence: HTMLText(NumberText.significant(stretch.meanDivergence))
            )
        }
        hasStretches = !stretches.isEmpty
        worst = (comparison?.worst ?? []).prefix(10).map { Self.row($0, isOneText: comparison?.textCount == 1) }
        hasWorst = !worst.isEmpty
        unexpected = Self.unexpected(view.score)
        hasUnexpected = !unexpected.isEmpty
    }

    private static func answer(_ comparison: ModelComparison) -> Answer {
        guard let figures = comparison.figures else {
            return Answer(
                badge: StatusBadge("•", "not available", .off),
                title: "Distributions cannot be compared",
                sentence: comparison.sharesVocabulary
                    ? "No token was scored." : "The two have different vocabularies; bits per byte can be compared."
            )
        }
        if figures.maxDivergence == 0 {
            return Answer(
                badge: StatusBadge("✔", "same", .ok),
                title: "The same distribution at every token",
                sentence: HTMLText("All \(NumberText.count(figures.places, "place")) are equal, bit for bit.")
            )
        }
        let differ = figures.places - figures.agreeing
        return Answer(
            badge: StatusBadge("▲", "differs", .info),
            title: HTMLText("\(NumberText.share(figures.agreement)) of the tokens have the same likeliest one"),
            sentence: HTMLText(
                "\(NumberText.count(differ)) of \(NumberText.count(figures.places)) have another; the mean divergence is "
                    + "\(NumberText.significant(figures.meanDivergence)) nats, half of the tokens are below "
                    + "\(NumberText.significant(figures.medianDivergence)). Whether that is too much, a canary decides."
            )
        )
    }

    private static func row(_ place: ModelComparison.Place, isOneText: Bool) -> PlaceRow {
        return PlaceRow(
            divergence: HTMLText(NumberText.significant(place.divergence)),
            place: HTMLText(
                (isOneText ? "" : "text \(NumberText.count(place.text)), ") + "token \(NumberText.count(place.token))"
            ),
            before: HTMLText(place.before, limit: 400),
            spelling: HTMLText(place.spelling, limit: 100),
            after: HTMLText(place.after, limit: 200),
            baseline: HTMLText("“\(place.baselineTop)”", limit: 200),
            candidate: HTMLText("“\(place.candidateTop)”", limit: 200),
            likelihood: HTMLText(
                "\(NumberText.decimal(place.baselineLogProbability, 2)) → \(NumberText.decimal(place.candidateLogProbability, 2))"
            )
        )
    }

    private static func unexpected(_ score: TextScore?) -> [TokenRow] {
        guard let score else { return [] }
        return score.tokens.enumerated().filter { $0.element.logProbability != nil }
            .sorted { ($0.element.logProbability ?? 0, $0.offset) < ($1.element.logProbability ?? 0, $1.offset) }
            .prefix(20).map { index, token in
                TokenRow(
                    place: HTMLText(NumberText.count(index + 1)),
                    text: HTMLText("“\(token.text)”", limit: 100),
                    logProbability: HTMLText(NumberText.known(token.logProbability) { NumberText.decimal($0, 2) }),
                    rank: HTMLText(NumberText.known(token.rank, NumberText.count))
                )
            }
    }
}

/// A curve over percents or positions, with what it shows in words.
struct ReadingChart: Hashable, Sendable {
    /// A grid line, or a mark of the axis.
    struct Line: Hashable, Sendable {
        let at: HTMLText
        let label: HTMLText
    }

    let finding: HTMLText
    let caption: HTMLText
    let lines: [Line]
    let marks: [Line]
    let path: HTMLText

    private static let (left, right, top, bottom) = (64.0, 620.0, 12.0, 150.0)

    /// Divergence at each percent of the places, on a logarithmic scale; nil where all are zero.
    init?(divergence figures: ModelComparison.Figures) {
        let values = figures.divergenceByPercent
        guard values.count > 1, let highest = values.max(), highest > 0, highest.isFinite else { return nil }
        // Six powers of ten below the largest one nothing can be told apart from nothing.
        let top = Self.power(of: highest) + 1
        let positive = values.filter { $0 > 0 }.min() ?? highest
        let low = max(top - 7, min(top - 1, Self.power(of: positive)))
        func y(_ exponent: Double) -> Double {
            Self.bottom - (exponent - Double(low)) / Double(top - low) * (Self.bottom - Self.top)
        }
        finding = HTMLText(
            "KL divergence by share of the tokens: half are below \(NumberText.significant(figures.medianDivergence)), "
                + "99 % below \(NumberText.significant(figures.divergence99)), "
                + "the largest is \(NumberText.significant(figures.maxDivergence)) nats"
        )
        caption = "KL divergence in nats, tokens from the least to the most different, logarithmic"
        lines = (low...top).map { exponent in
            Line(at: Drawing.place(y(Double(exponent))), label: HTMLText(Self.label(exponent)))
        }
        let step = (Self.right - Self.left) / Double(values.count - 1)
        path = HTMLText(
            Drawing.line(
                values.enumerated().map { index, value in
                    let exponent = value > 0 ? Self.exponent(of: value) : Double(low)
                    return (Self.left + step * Double(index), y(max(Double(low), min(Double(top), exponent))))
                }
            ),
            limit: 8000
        )
        marks = [0, 25, 50, 75, 100].map { percent in
            Line(
                at: Drawing.place(Self.left + (Self.right - Self.left) * Double(percent) / 100),
                label: "\(percent) %"
            )
        }
    }

    /// The share of places with the same likeliest token, by distance from the beginning of the text.
    init?(agreement figures: ModelComparison.Figures) {
        let stretches = figures.stretches.prefix(40)
        guard stretches.count > 1, let last = stretches.last?.last, last > 0 else { return nil }
        func x(_ token: Int) -> Double { Self.left + Double(token) / Double(last) * (Self.right - Self.left) }
        let shares = stretches.map(\.agreement)
        let lowest = shares.compactMap(\.self).min() ?? 0
        let floor = max(0, (lowest * 10 - 0.5).rounded(.down) / 10)
        func y(_ share: Double) -> Double {
            Self.bottom - (share - floor) / max(0.05, 1 - floor) * (Self.bottom - Self.top)
        }
        let highest = shares.compactMap(\.self).max() ?? 0
        finding = HTMLText(
            "Agreement by position: \(NumberText.share(figures.agreement)) over all, "
                + (lowest == highest
                    ? "the same in every stretch"
                    : "from \(NumberText.share(lowest)) in the worst stretch to \(NumberText.share(highest)) in the best one")
        )
        caption = "Tokens with the same likeliest one, by position in the text"
        lines = [floor, (floor + 1) / 2, 1].map {
            Line(at: Drawing.place(y($0)), label: HTMLText(NumberText.share($0)))
        }
        path = HTMLText(
            Drawing.steps(
                zip(stretches, shares).map { stretch, share in
                    share.map { (x(stretch.first - 1), x(stretch.last), y($0)) }
                }
            ),
            limit: 8000
        )
        marks = [(1, 0.0), (last / 2, 0.5), (last, 1.0)].map { token, place in
            Line(
                at: Drawing.place(Self.left + (Self.right - Self.left) * place),
                label: HTMLText(NumberText.count(token))
            )
        }
    }

    /// The largest power of ten that is not above a value.
    private static func power(of value: Double) -> Int { Int(exponent(of: value).rounded(.down)) }

    /// The logarithm to base 10, as far as a drawing needs it: this target knows no more of mathematics than arithmetic.
    private static func exponent(of value: Double) -> Double {
        var value = value, exponent = 0.0
        while value >= 10, exponent < 310 { (value, exponent) = (value / 10, exponent + 1) }
        while value < 1, exponent > -330 { (value, exponent) = (value * 10, exponent - 1) }
        // log10 over 1...10 to a thousandth: squared ten times, each doubling gives a binary digit.
        var digits = 0.0, weight = 0.5
        for _ in 0..<10 {
            value *= value
            if value >= 10 { (value, digits) = (value / 10, digits + weight) }
            weight /= 2
        }
        return exponent + digits
    }

    private static func label(_ exponent: Int) -> String {
        if exponent >= 0, exponent < 4 { return "1" + String(repeating: "0", count: exponent) }
        if exponent < 0, exponent > -4 { return "0." + String(repeating: "0", count: -exponent - 1) + "1" }
        return "1e\(exponent)"
    }
}
