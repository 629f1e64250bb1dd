import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin request list`
struct RequestList: Verb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List captured requests, newest first.",
        discussion: "A time is how long ago (90s, 15min, 24h, 7d) or a moment in UTC.",
        examples: "request list --model ticket-bot --since 1h",
        "request list --release r2 --correct no -o name",
        "request list --outcome engineFailed --since 2026-11-21"
    )

    @Option(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("Only answered by this release.", valueName: "rN")) var release: String?
    @Option(help: ArgumentHelp("Only this part of a channel's traffic.", valueName: "arm")) var arm: Choice<TrafficArm>?
    @Option(help: ArgumentHelp("Only with this end.", valueName: "outcome")) var outcome: Choice<RequestOutcome>?
    @Option(help: ArgumentHelp("Only labelled right, or wrong.", valueName: "yes|no")) var correct: Choice<YesNo>?
    @Option(help: ArgumentHelp("Only with a label, or without.", valueName: "yes|no")) var labelled: Choice<YesNo>?
    @Option(help: ArgumentHelp("Only whose answer fits its schema, or not.", valueName: "yes|no"))
    var valid: Choice<YesNo>?
    @Option(help: ArgumentHelp("Only asked with this key.", valueName: "name")) var key: String?
    @Option(help: ArgumentHelp("Not before.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Before.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("Only before this request.", valueName: "id")) var before: String?
    @OptionGroup var global: GlobalOptions

    static var limitsRows: Bool { true }

    /// The fields of the query that narrow the list.
    func fields(now: Timestamp) throws -> [(name: String, value: String?)] {
        let range = try TimeArgument.range(since: since, until: until, now: now)
        return [
            ("model", try model.asName()?.text),
            ("release", try release.map { String(try ReleaseNumber.read($0, flag: "--release")) }),
            ("arm", arm?.value.rawValue),
            ("outcome", outcome?.value.rawValue),
            ("correct", correct?.value.rawValue),
            ("labelled", labelled?.value.rawValue),
            ("valid", valid?.value.rawValue),
            ("key", try key.asName()?.text),
            ("since", range.since?.description),
            ("until", range.until?.description),
        ]
    }

    func run(_ session: Session) async throws -> Exit {
        let page = try await read(fields(now: session.printer.style.now), session)
        try session.show(page, kind: "RequestList", names: page.items.map(\.record.id.text), RequestOutput.list(page))
        if page.items.isEmpty, !session.printer.format.isForPrograms {
            session.printer.talk(page.capture.newest == nil ? "no request captured yet" : "no captured request fits")
        } else if page.next != nil {
            session.printer.talk("\(page.items.count) shown, there are more; --limit 0 for all")
        }
        if let losses = ReportWords.losses(page.capture) { session.printer.talk(losses) }
        session.talkAddress("page", .requests(of: nil))
        return .ok
    }

    /// The parts of the list until the limit is reached.
    private func read(
        _ fields: [(name: String, value: String?)],
        _ session: Session
    ) async throws -> RequestPage {
        let limit = session.settings.limit == 0 ? Int.max : session.settings.limit
        var items: [RequestRow] = []
        var before = try before.map { try RequestID($0).text }
        while true {
            let page: RequestPage = try await session.client.get(
                APIPath.requests,
                fields + [("limit", String(min(ListLimit.max, limit - items.count))), ("before", before)]
            )
            items += page.items
            let isLast = page.next == nil || page.items.isEmpty || page.next == before
            if isLast || items.count >= limit {
                return RequestPage(items: items, next: isLast ? nil : page.next, capture: page.capture)
            }
            before = page.next
        }
    }
}
