import RegistryTypes
public import WireFormat
import Wording

/// A captured request: what the user asked and got, from which release, where the time went, and what was said of it.
public struct CapturedRequestPage: Page {
    /// A text of the request.
    struct Piece: Hashable, Sendable {
        let name: HTMLText
        let text: MarkedText
    }

    /// What somebody said of it.
    struct Label: Hashable, Sendable {
        let at: PageTime
        let by: HTMLText
        let badge: StatusBadge
        let thumb: HTMLText
        let correction: HTMLText
        let comment: HTMLText
    }

    public static let template = "request"
    public let layout: PageLayout
    let id: HTMLText
    let summary: HTMLText
    let badge: StatusBadge
    let verdict: HTMLText
    let sentence: HTMLText
    let reason: HTMLText?
    let hasProblems: Bool
    let problems: [HTMLText]
    let release: Link
    let version: Link
    let prompt: Link
    let hasTexts: Bool
    let missing: HTMLText
    let redaction: HTMLText
    let invalidBytes: HTMLText?
    let showCommand: HTMLText
    let asked: [Piece]
    let answers: [Piece]
    let waterfall: Waterfall?
    let facts: [Fact]
    let hasLabels: Bool
    let labels: [Label]
    let labelAction: HTMLText
    let replayAction: HTMLText?
    let replayCommand: HTMLText
    let noReplay: HTMLText
    let labelCommand: HTMLText

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: RequestView, context: PageContext) {
        let record = view.record
        let newest = view.labels.first { $0.isCorrect != nil }
        let isWrong = record.outcome == .answered && (record.isOutputValid == false || newest?.isCorrect == false)
        let badge = isWrong ? StatusBadge("✖", "answered wrong", .bad) : record.outcome.badge
        layout = PageLayout(
            "\(badge.word.plain): request \(record.id.text.suffix(8))",
            in: .requests,
            command: .requestShow(record.id),
            context: context
        )
        id = HTMLText(record.id.text)
        summary = HTMLText(
            "\(record.asked) · \(TimeText.minute(record.time)) UTC · key \(record.key) · capture \(record.capture.rawValue)"
        )
        self.badge = badge
        verdict =
            "\(CapturedRequestPage.start(record.outcome)) \(record.arm == .holdback ? "held-back " : "")\(record.releaseText)"
        var parts = ["status \(record.status), \(NumberText.duration(record.totalSeconds)) in all"]
        parts.append(
            record.isOutputValid.map { $0 ? "the answer is valid" : "the answer is not valid" }
                ?? "its form was not checked"
        )
        parts.append(
            newest.map { "\($0.by) says it is \($0.isCorrect == true ? "right" : "wrong")" }
                ?? "nobody said whether it is right"
        )
        sentence = HTMLText(parts.joined(separator: "; ") + ".")
        reason = view.reason.map { HTMLText("Why: \($0)", limit: 600) }
        problems = view.problems.prefix(10).map { HTMLText($0, limit: 200) }
        hasProblems = !view.problems.isEmpty
        let releaseID = ReleaseID(record.model, record.release), versionID = VersionID(record.model, record.version)
        release =
            record.release == RequestRecord.noRelease
            ? Link(record.releaseText, .version(versionID)) : Link("\(releaseID)", .release(releaseID))
        version = Link("\(versionID)", .version(versionID))
        prompt = Link("\(record.prompt)", .prompt(record.prompt.name))
        hasTexts = view.body != nil
        missing = HTMLText(CapturedRequestPage.whyMissing(record.capture))
        redaction = HTMLText(CapturedRequestPage.redaction(view.body?.redactions ?? [:]))
        let texts = view.body.map { RequestTexts($0) }
        let count = (texts?.asked.count ?? 0) + (texts?.answered.count ?? 0)
        let limit = min(4000, CapturedRequestPage.textLimit / max(1, count))
        asked = CapturedRequestPage.pieces(texts?.asked ?? [], limit: limit)
        answers = CapturedRequestPage.pieces(texts?.answered ?? [], limit: limit)
        invalidBytes = view.body?.invalidBytesNote.map { HTMLText($0) }
        showCommand = HTMLText(.requestShow(record.id))
        waterfall = Waterfall(record)
        facts = CapturedRequestPage.facts(record)
        labels = view.labels.prefix(20).map { label in
            Label(
                at: PageTime(label.at),
                by: HTMLText(label.by.text),
                badge: StatusBadge.answer(isCorrect: label.isCorrect),
                thumb: HTMLText(label.isLiked.map { $0 ? "up" : "down" } ?? "–"),
                correction: HTMLText(label.correction ?? ""),
                comment: HTMLText(label.comment ?? "")
            )
        }
        hasLabels = !labels.isEmpty
        labelAction = HTMLText(PagePath.labels(record.id).path)
        replayAction = view.body == nil || record.outcome == .rejected ? nil : HTMLText(PagePath.replay(record.id).path)
        replayCommand = HTMLText(.replay(record.id))
        noReplay =
            record.outcome == .rejected
            ? "It was refused, and no release answers it." : "It cannot be answered again without its texts."
        labelCommand = HTMLText(.requestLabelWrong(record.id))
    }

    private static func start(_ outcome: RequestOutcome) -> String {
        switch outcome {
        case .answered: "Answered by"
        case .rejected: "Refused before"
        case .clientGone: "The client left"
        case .overloaded: "Turned away before"
        case .ownLoad: "Behind too many of its own key, before"
        case .timedOut: "Out of time at"
        case .clientDeadline: "Past the client's own deadline at"
        case .engineFailed: "The engine failed at"
        }
    }

    private static func whyMissing(_ capture: CapturePolicy) -> String {
        switch capture {
        case .off: "The texts were not kept: the key it came with, or the request itself, keeps nothing but counts."
        case .metadata:
            "The texts were not kept: the key it came with, or the request itself, keeps times and counts only. A key made with --capture redacted keeps texts after redaction."
        case .redacted:
            "The texts are gone: the record was dropped before it was written, or its day was deleted at the end of the retention."
        }
    }

    private static func redaction(_ kinds: [String: Int]) -> String {
        let found = kinds.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !found.isEmpty else {
            return "Nothing was redacted. Names and street addresses are never found by the rules."
        }
        let words = found.prefix(12).map { "\($0.key) \(NumberText.count($0.value))" }.joined(separator: ", ")
        return "Redacted before it was stored: \(words). Names and street addresses are never found by the rules."
    }

    /// The bytes of HTML that all texts together may take.
    private static let textLimit = 32_000
    /// Texts of a long conversation that are shown: the first ones, and the last ones.
    private static let (firstTexts, lastTexts) = (4, 20)

    /// The texts, from which those in the middle of a long conversation are left out.
    private static func pieces(_ parts: [RequestTexts.Part], limit: Int) -> [Piece] {
        func pieces(_ parts: ArraySlice<RequestTexts.Part>) -> [Piece] {
            parts.map { Piece(name: HTMLText($0.name, limit: 120), text: MarkedText($0.text, limit: limit)) }
        }
        let left = parts.count - firstTexts - lastTexts
        guard left > 0 else { return pieces(parts[...]) }
        let gap = Piece(
            name: "…",
            text: MarkedText("\(NumberText.count(left, "text")) more: the command below shows all", limit: 200)
        )
        return pieces(parts.prefix(firstTexts)) + [gap] + pieces(parts.suffix(lastTexts))
    }

    private static func facts(_ record: RequestRecord) -> [Fact] {
        func count(_ value: Int?) -> String { NumberText.known(value, NumberText.count) }
        return [
            Fact("Answered by", record.arm.words),
            Fact(
                "Made for",
                record.source.rawValue + (record.source == .user ? "" : ", does not count for service levels")
            ),
            Fact("Tokens", "\(count(record.promptTokens)) of the prompt, \(count(record.outputTokens)) of the answer"),
            Fact("Ended by", record.finish ?? "unknown"),
            Fact("Per token", NumberText.known(record.perTokenSeconds, NumberText.duration)),
            Fact("Longest pause", NumberText.known(record.longestGapSeconds, NumberText.duration)),
            Fact(
                "Mean log-probability",
                NumberText.known(record.meanLogProbability) { NumberText.decimal($0, 3) + " nats per token" }
            ),
            Fact("Streamed", record.isStreamed ? "yes" : "no"),
            Fact("Terms", record.terms?.words ?? "unknown"),
            Fact("Seed", String(record.seed)),
        ]
    }
}
