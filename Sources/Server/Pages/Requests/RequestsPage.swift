import RegistryTypes
import WireFormat

/// The captured requests, newest first, 50 a page.
struct RequestsPage: Page {
    /// Which requests are asked for, as the reader wrote it.
    struct Filter: Hashable, Sendable {
        var model: String?
        var release: String?
        var arm: String?
        var outcome: String?
        var labelled: String?
        var correct: String?
        var key: String?
        var since: String?

        /// The fields of the form by name.
        var fields: [(name: String, value: String?)] {
            [
                ("model", model), ("release", release), ("arm", arm), ("outcome", outcome), ("labelled", labelled),
                ("correct", correct), ("key", key), ("since", since),
            ]
        }

        /// The same as flags of the command.
        var flags: String {
            fields.compactMap { field in field.value.map { " --\(field.name) \(Words.quoted($0))" } }.joined()
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

    static let template = "requests"
    let frame: Frame
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

    init(_ page: WireFormat.RequestPage, filter: Filter, visit: Visit) {
        frame = Frame(
            "Requests",
            in: .requests,
            command: "serin request list\(filter.flags)",
            freshness: Frame.Freshness(newest: page.capture.newest),
            visit: visit
        )
        summary = HTMLText(
            "\(CaptureWords.standing(page.capture)) · kept for \(Figures.count(page.capture.keepDays, "day"))"
        )
        model = HTMLText(filter.model ?? "")
        release = HTMLText(filter.release ?? "")
        key = HTMLText(filter.key ?? "")
        since = HTMLText(filter.since ?? "")
        choices = [
            Choices("arm", "Why that release", filter.arm, TrafficArm.allCases.map { ($0.rawValue, Words.arm($0)) }),
            Choices(
                "outcome",
                "Outcome",
                filter.outcome,
                RequestOutcome.allCases.map { ($0.rawValue, Mark($0).word.html) }
            ),
            Choices("labelled", "Labelled", filter.labelled, [("yes", "yes"), ("no", "no")]),
            Choices("correct", "Answer", filter.correct, [("yes", "right"), ("no", "wrong")]),
        ]
        rows = page.items.prefix(50).map { RequestLine($0) }
        hasRows = !rows.isEmpty
        older = page.next.map { Link("Older", Href.query("/requests", [("before", $0)] + filter.fields)) }
        isFiltered = filter.fields.contains { $0.value != nil }
    }
}

/// A request in a list.
struct RequestLine: Hashable, Sendable {
    let link: Link
    let at: Moment
    let model: HTMLText
    let release: Link
    let arm: HTMLText
    let mark: Mark
    let valid: HTMLText
    let label: Mark
    let thumb: HTMLText?
    let tokens: HTMLText
    let first: HTMLText
    let total: HTMLText
    let key: HTMLText

    init(_ row: RequestRow) {
        let record = row.record
        link = Link("…" + record.id.text.suffix(8), Href.request(record.id))
        at = Moment(record.time)
        model = HTMLText(record.asked, limit: 80)
        release = Link("r\(record.release)", Href.release(ReleaseID(record.model, record.release)))
        arm = HTMLText(Words.arm(record.arm))
        mark = Mark(record.outcome)
        valid = HTMLText(record.isOutputValid.map { $0 ? "valid" : "not valid" } ?? "–")
        label = Mark(isCorrect: row.isCorrect)
        thumb = row.isLiked.map { $0 ? "(up)" : "(down)" }
        let counts = [record.promptTokens, record.outputTokens].map { $0.map(Figures.count) ?? "–" }
        tokens = HTMLText(counts.joined(separator: " + "))
        first = HTMLText(record.firstTokenSeconds.map(Figures.duration) ?? "–")
        total = HTMLText(Figures.duration(record.totalSeconds))
        key = HTMLText(record.key.text)
    }
}
