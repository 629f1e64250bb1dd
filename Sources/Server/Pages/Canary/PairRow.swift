import RegistryRecords
import RegistryTypes

/// A request with the answers of both sides, word by word.
struct PairRow: Hashable, Sendable {
    let request: HTMLText
    let worse: HTMLText
    let input: HTMLText
    let expected: HTMLText?
    let baselineName: HTMLText
    let candidateName: HTMLText
    let baseline: [WordDifference.Run]
    let candidate: [WordDifference.Run]

    /// The bytes of HTML that one text of a pair may take, so that a page of pairs stays small.
    private static let limit = 800
    /// The same for what was asked and expected.
    private static let shortLimit = 400

    /// A pair of a canary.
    init(_ pair: CanaryReport.Pair, baseline: ReleaseID, candidate: ReleaseID) {
        request = HTMLText("#\(pair.request)", limit: 100)
        worse = HTMLText(
            pair.worse.isEmpty ? "" : "worse: " + pair.worse.map(Words.title).joined(separator: ", "),
            limit: 200
        )
        input = HTMLText("“\(pair.input)”", limit: PairRow.shortLimit)
        expected = pair.expected.map { HTMLText($0, limit: PairRow.shortLimit) }
        baselineName = "Baseline r\(baseline.number)"
        candidateName = "Candidate r\(candidate.number)"
        let difference = WordDifference(
            PairRow.text(pair.baseline),
            PairRow.text(pair.candidate),
            limit: PairRow.limit
        )
        self.baseline = difference.left
        self.candidate = difference.right
    }

    /// A wrong answer of an evaluation, against what was expected.
    init(_ failure: EvaluationResult.Failure) {
        request = HTMLText("#\(failure.request)", limit: 100)
        worse = ""
        input = HTMLText("“\(failure.input)”", limit: PairRow.shortLimit)
        expected = nil
        baselineName = "Expected"
        candidateName = "Answered"
        let difference = WordDifference(
            failure.expected ?? "not said",
            failure.answer ?? "no answer came",
            limit: PairRow.limit
        )
        baseline = difference.left
        candidate = difference.right
    }

    private static func text(_ side: CanaryReport.Side) -> String {
        side.text ?? side.error.map { "no answer: \($0)" } ?? "no answer came"
    }
}
