import RegistryTypes
public import WireFormat
import Wording

/// The captured requests, newest first, 50 a page.
public struct RequestsPage: Page {
    /// Which requests are asked for, as the reader wrote it.
    public struct Filter: Hashable, Sendable {
        let model: String?
        let release: String?
        let arm: String?
        let outcome: String?
        let labelled: String?
        let correct: String?
        let key: String?
        let since: String?

        /// The requests whose fields have these values; nil asks for all.
        public init(
            model: String? = nil,
            release: String? = nil,
            arm: String? = nil,
            outcome: String? = nil,
            labelled: String? = nil,
            correct: String? = nil,
            key: String? = nil,
            since: String? = nil
        ) {
            self.model = model
            self.release = release
            self.arm = arm
            self.outcome = outcome
            self.labelled = labelled
            self.correct = correct
            self.key = key
            self.since = since
        }

        /// The fields of the form by name.
        var fields: [(name: String, value: String?)] {
            [
                ("model", model), ("release", release), ("arm", arm), ("outcome", outcome), ("labelled", labelled),
                ("correct", correct), ("key", key), ("since", since),
            ]
        }

        /// The same as flags of the command.
        var flags: [NextStep.RequestFilter: String] {
            let flags: [NextStep.RequestFilter: String?] = [
                .model: model, .release: release, .arm: arm, .outcome: outcome, .labelled: labelled,
                .correct: correct, .key: key, .since: since,
            ]
            return flags.compactMapValues { $0 }
        }
    }

    /// One of several values of a field.
    struct Choice: Hashable, Sendable {
        let value: HTMLText
        let label: HTMLText
        let isChosen: Bool
    }

    /// A field with few values.
    struct Choices: Hashable, Sendable {
        let name: HTMLText
        let label: HTMLText
        let choices: [Choice]

        init(_ name: String, _ label: String, _ chosen: String?, _ values: [(String, String)]) {
            self.name = HTMLText(name)
            self.label = HTMLText(label)
            choices = ([("", "any")] + values).map {
                Choice(value: HTMLText($0.0), label: HTMLText($0.1), isChosen: $0.0 == chosen ?? "")
            }
        }
    }

    public static let template = "requests"
    public let layout: PageLayout
    let summary: HTMLText
    let model: HTMLText
    let release: HTMLText
    let key: HTMLText
    let since: HTMLText
    let choices: [Choices]
    let hasRows: Bool
    let rows: [RequestLine]
    let older: Link?
    let isFiltered: Bool

    /// Shows `page` to the reader whom `context` names.
    public init(_ page: WireFormat.RequestPage, filter: Filter, context: PageContext) {
        layout = PageLayout(
            "Requests",
            in: .requests,
            command: .requestList(filter.flags),
            freshness: PageLayout.Freshness(newest: page.capture.newest),
            context: context
        )
        summary = HTMLText(
            "\(CaptureWords.standing(page.capture)) · kept for \(NumberText.count(page.capture.keepDays, "day"))"
        )
        model = HTMLText(filter.model ?? "")
        release = HTMLText(filter.release ?? "")
        key = HTMLText(filter.key ?? "")
        since = HTMLText(filter.since ?? "")
        choices = [
            Choices("arm", "Why that release", filter.arm, TrafficArm.allCases.map { ($0.rawValue, $0.words) }),
            Choices(
                "outcome",
                "Outcome",
                filter.outcome,
                RequestOutcome.allCases.map { ($0.rawValue, $0.words) }
            ),
            Choices("labelled", "Labelled", filter.labelled, [("yes", "yes"), ("no", "no")]),
            Choices("correct", "Answer", filter.correct, [("yes", "right"), ("no", "wrong")]),
        ]
        rows = page.items.prefix(50).map { RequestLine($0) }
        hasRows = !rows.isEmpty
        older = page.next.map { Link("Older", at: PagePath.requests(of: nil).with([("before", $0)] + filter.fields)) }
        isFiltered = filter.fields.contains { $0.value != nil }
    }
}

/// A request in a list.
struct RequestLine: Hashable, Sendable {
    let link: Link
    let at: PageTime
    let model: HTMLText
    let release: Link
    let arm: HTMLText
    let badge: StatusBadge
    let valid: HTMLText
    let label: StatusBadge
    let thumb: HTMLText?
    let tokens: HTMLText
    let first: HTMLText
    let total: HTMLText
    let key: HTMLText

    init(_ row: RequestRow) {
        let record = row.record
        link = Link("…" + record.id.text.suffix(8), .request(record.id))
        at = PageTime(record.time)
        model = HTMLText(record.asked, limit: 80)
        release = Link(
            record.releaseText,
            record.release == RequestRecord.noRelease
                ? .version(VersionID(record.model, record.version))
                : .release(ReleaseID(record.model, record.release))
        )
        arm = HTMLText(record.arm.words)
        badge = record.outcome.badge
        valid = HTMLText(record.isOutputValid.map { $0 ? "valid" : "not valid" } ?? "–")
        label = StatusBadge.answer(isCorrect: row.isCorrect)
        thumb = row.isLiked.map { $0 ? "(up)" : "(down)" }
        let counts = [record.promptTokens, record.outputTokens].map { $0.map(NumberText.count) ?? "–" }
        tokens = HTMLText(counts.joined(separator: " + "))
        first = HTMLText(record.firstTokenSeconds.map(NumberText.duration) ?? "–")
        total = HTMLText(NumberText.duration(record.totalSeconds))
        key = HTMLText(record.key.text)
    }
}

/// How the capture of requests stands, in words.
enum CaptureWords {
    /// `4,210 of 4,212 requests stored, 2 dropped (queue full 2)`.
    static func standing(_ capture: CaptureView) -> String {
        guard capture.offered > 0 else { return "no request came to be stored since the server started" }
        let stored = "\(NumberText.count(capture.stored)) of \(NumberText.count(capture.offered, "request")) stored"
        return stored + "; " + dropped(capture)
    }

    /// `none dropped`, or how many and why.
    static func dropped(_ capture: CaptureView) -> String {
        let reasons = capture.dropped.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !reasons.isEmpty else { return "none dropped" }
        let total = reasons.reduce(0) { $0 + $1.value }
        let why = reasons.map { "\($0.key) \(NumberText.count($0.value))" }.joined(separator: ", ")
        return "\(NumberText.count(total)) dropped (\(why))"
    }
}

extension RequestOutcome {
    /// What became of the request, in words.
    var words: String {
        switch self {
        case .answered: "answered"
        case .rejected: "refused"
        case .clientGone: "client left"
        case .ownLoad: "too many of its key"
        case .overloaded: "overloaded"
        case .timedOut: "timed out"
        case .clientDeadline: "client's deadline"
        case .engineFailed: "engine failed"
        }
    }

    /// What became of the request.
    var badge: StatusBadge {
        switch self {
        case .answered: StatusBadge("✔", words, .ok)
        case .rejected, .clientGone, .ownLoad, .clientDeadline: StatusBadge("–", words, .off)
        case .overloaded, .timedOut, .engineFailed: StatusBadge("✖", words, .bad)
        }
    }
}

extension TrafficArm {
    /// Why a release answered.
    var words: String {
        switch self {
        case .live: "live"
        case .holdback: "held back"
        case .pinned: "named by the caller"
        }
    }
}

extension StatusBadge {
    /// Whether somebody said that an answer was right.
    static func answer(isCorrect: Bool?) -> StatusBadge {
        switch isCorrect {
        case true?: StatusBadge("✔", "right", .ok)
        case false?: StatusBadge("✖", "wrong", .bad)
        case nil: StatusBadge("?", "not said", .off)
        }
    }
}
