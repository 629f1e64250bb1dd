import Digests
import RegistryTypes
import WireFormat

/// The log, newest first.
struct AuditPage: Page {
    /// Which part of the log is asked for, as the reader wrote it.
    struct Filter: Hashable, Sendable {
        var kind: String?
        var subject: String?

        var query: String {
            [("kind", kind), ("subject", subject)].compactMap { name, value in
                value.map { "&\(name)=\(Filter.encoded($0))" }
            }.joined()
        }

        /// Percent-encoding of everything that is not plainly safe in a query.
        private static func encoded(_ text: String) -> String {
            text.utf8.map { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x40, 0x3a:
                    String(UnicodeScalar(byte))
                default:
                    "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }.joined()
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
            "document.applied", "evaluation.finished", "key.created", "key.revoked", "prompt.pushed",
            "release.created", "release.rejected", "traffic.imported", "version.published", "version.quarantined",
        ]
        hasRows = !list.items.isEmpty
        caption = "Newest first"
        rows = list.items.prefix(50).map(AuditPage.row)
        older = list.next.map { Link("Older", "/audit?before=\($0)\(filter.query)") }
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
