import Digests
import RegistryRecords
public import WireFormat
import Wording

/// The log, newest first.
public struct AuditPage: Page {
    /// Which part of the log is asked for, as the reader wrote it.
    public struct Filter: Hashable, Sendable {
        let kind: String?
        let subject: String?
        let who: String?
        let since: String?
        let until: String?

        /// The part of the log with a kind, about a subject, by a key, in a stretch of time; nil asks for all.
        public init(
            kind: String? = nil,
            subject: String? = nil,
            who: String? = nil,
            since: String? = nil,
            until: String? = nil
        ) {
            self.kind = kind
            self.subject = subject
            self.who = who
            self.since = since
            self.until = until
        }

        func address(before: String) -> String {
            PagePath.audit.with([
                ("before", before), ("kind", kind), ("subject", subject), ("who", who), ("since", since),
                ("until", until),
            ])
        }
    }

    /// An event.
    struct Row: Hashable, Sendable {
        let number: HTMLText
        let at: PageTime
        let who: HTMLText
        let what: HTMLText
        let about: Link?
        let subject: HTMLText
        let from: HTMLText?
        let to: HTMLText?
        /// To which verdict.
        let verdict: StatusBadge?
        /// Why; where an event says no reason, what happened in a few words.
        let reason: HTMLText
        let hash: HTMLText
    }

    /// Whether the log is whole.
    struct Chain: Hashable, Sendable {
        let badge: StatusBadge
        let title: HTMLText
        let words: HTMLText
    }

    public static let template = "audit"
    public let layout: PageLayout
    let summary: HTMLText
    let chain: Chain?
    let kind: HTMLText
    let subject: HTMLText
    let who: HTMLText
    let since: HTMLText
    let until: HTMLText
    let kinds: [HTMLText]
    let hasRows: Bool
    let caption: HTMLText
    let rows: [Row]
    let older: Link?

    /// Shows `list` to the reader whom `context` names.
    public init(_ list: ListAnswer<AuditEntry>, filter: Filter, chain: ChainView?, context: PageContext) {
        layout = PageLayout(
            chain?.firstBadEvent == nil ? "Audit" : "Broken: audit",
            in: .audit,
            command: .auditList(
                kind: filter.kind,
                subject: filter.subject,
                who: filter.who,
                since: filter.since,
                until: filter.until
            ),
            context: context
        )
        summary = "Every change is one event; each carries the hash of the one before it."
        self.chain = chain.map(AuditPage.chain)
        kind = HTMLText(filter.kind ?? "")
        subject = HTMLText(filter.subject ?? "")
        who = HTMLText(filter.who ?? "")
        since = HTMLText(filter.since ?? "")
        until = HTMLText(filter.until ?? "")
        kinds = RegistryEvent.kinds.map { HTMLText($0) }
        hasRows = !list.items.isEmpty
        caption = "Newest first"
        rows = list.items.prefix(50).map(AuditPage.row)
        older = list.next.map { Link("Older", at: filter.address(before: $0)) }
    }

    private static func chain(_ chain: ChainView) -> Chain {
        if let bad = chain.firstBadEvent {
            return Chain(
                badge: StatusBadge("✖", "broken", .bad),
                title: "Event #\(bad) is not what was written",
                words: HTMLText(chain.problem ?? "Its hash does not match.")
            )
        }
        return Chain(
            badge: StatusBadge("✔", "intact", .ok),
            title: "The log is whole",
            words: "\(NumberText.count(chain.events, "event")) checked; the newest hash is \(chain.head)."
        )
    }

    private static func row(_ entry: AuditEntry) -> Row {
        let event = entry.event, words = EventText(event)
        return Row(
            number: HTMLText(String(event.seq)),
            at: PageTime(event.time),
            who: HTMLText(event.actor),
            what: HTMLText(event.kind),
            about: words.page.map { Link(event.subject, $0) },
            subject: HTMLText(event.subject),
            from: entry.change.from.map { HTMLText($0, limit: 100) },
            to: words.verdict == nil ? entry.change.to.map { HTMLText($0, limit: 100) } : nil,
            verdict: words.verdict,
            reason: HTMLText(entry.change.reason ?? words.brief, limit: 200),
            hash: HTMLText(event.hash.hexadecimal.prefix(12).description)
        )
    }
}
