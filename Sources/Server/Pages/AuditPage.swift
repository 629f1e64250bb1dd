import Digests
import RegistryRecords
import WireFormat

/// The log, newest first.
struct AuditPage: Page {
    /// Which part of the log is asked for, as the reader wrote it.
    struct Filter: Hashable, Sendable {
        var kind: String?
        var subject: String?

        func address(before: String) -> String {
            Href.query("/audit", [("before", before), ("kind", kind), ("subject", subject)])
        }
    }

    /// An event.
    struct Row: Hashable, Sendable {
        let number: HTMLText
        let at: Moment
        let who: HTMLText
        let what: HTMLText
        let about: Link?
        let subject: HTMLText
        let brief: HTMLText
        let hash: HTMLText
    }

    /// Whether the log is whole.
    struct Chain: Hashable, Sendable {
        let mark: Mark
        let title: HTMLText
        let words: HTMLText
    }

    static let template = "audit"
    let frame: Frame
    let summary: HTMLText
    let chain: Chain?
    let kind: HTMLText
    let subject: HTMLText
    let kinds: [HTMLText]
    let hasRows: Bool
    let caption: HTMLText
    let rows: [Row]
    let older: Link?

    init(_ list: ListAnswer<Event>, filter: Filter, chain: ChainView?, visit: Visit) {
        let flags =
            (filter.kind.map { " --kind \(Words.quoted($0))" } ?? "")
            + (filter.subject.map { " --subject \(Words.quoted($0))" } ?? "")
        frame = Frame(
            chain?.firstBadEvent == nil ? "Audit" : "Broken: audit",
            in: .audit,
            command: "serin audit list\(flags)",
            visit: visit
        )
        summary = "Every change is one event; each carries the hash of the one before it."
        self.chain = chain.map(AuditPage.chain)
        kind = HTMLText(filter.kind ?? "")
        subject = HTMLText(filter.subject ?? "")
        kinds = [
            "canary.judged", "canary.started", "canary.stopped", "channel.moved", "decision.recorded",
            "document.applied", "drift.baselineSet", "drift.reported", "evaluation.finished", "hold.lifted",
            "hold.placed", "incident.closed", "incident.noted", "incident.opened", "incident.updated", "key.created",
            "key.revoked", "prompt.pushed", "release.created", "release.died", "release.rejected", "rollout.ended",
            "rollout.returned", "rollout.settled", "rollout.started", "traffic.imported", "version.published",
            "version.quarantined",
        ]
        hasRows = !list.items.isEmpty
        caption = "Newest first"
        rows = list.items.prefix(50).map(AuditPage.row)
        older = list.next.map { Link("Older", filter.address(before: $0)) }
    }

    private static func chain(_ chain: ChainView) -> Chain {
        if let bad = chain.firstBadEvent {
            return Chain(
                mark: Mark("✖", "broken", .bad),
                title: "Event #\(bad) is not what was written",
                words: HTMLText(chain.problem ?? "Its hash does not match.")
            )
        }
        return Chain(
            mark: Mark("✔", "intact", .ok),
            title: "The log is whole",
            words: "\(Figures.count(chain.events, "event")) checked; the newest hash is \(chain.head)."
        )
    }

    private static func row(_ event: Event) -> Row {
        let words = EventWords(event)
        return Row(
            number: HTMLText(String(event.seq)),
            at: Moment(event.time),
            who: HTMLText(event.actor),
            what: HTMLText(event.kind),
            about: words.page.map { Link(event.subject, $0) },
            subject: HTMLText(event.subject),
            brief: HTMLText(words.brief, limit: 160),
            hash: HTMLText(event.hash.hexadecimal.prefix(12).description)
        )
    }
}
