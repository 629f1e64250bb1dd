import RegistryTypes
import WireFormat
import Wording

/// A link inside the site.
struct Link: Hashable, Sendable {
    /// Where it leads.
    let href: HTMLText
    /// What it says.
    let label: HTMLText

    /// A link to a page that says `label`.
    init(_ label: String, _ path: PagePath) { self.init(label, at: path.path) }

    /// A link to an address within the site, or within the page, that says `label`.
    init(_ label: String, at address: String) {
        href = HTMLText(address)
        self.label = HTMLText(label)
    }

    /// The link that starts or stops a page from loading itself again.
    static func refresh(_ path: PagePath, isRefreshing: Bool) -> Link {
        isRefreshing
            ? Link("Stop refreshing", path) : Link("Refresh every 5 s", at: path.with([("live", "5")]))
    }
}

/// A moment for the template `time`: readable, and exact in `datetime`. All times are UTC.
struct PageTime: Hashable, Sendable {
    /// RFC 3339.
    let iso: HTMLText
    /// `2026-11-21 11:20`.
    let minute: HTMLText
    /// `2026-11-21`.
    let day: HTMLText
    /// `11:20:44`.
    let clock: HTMLText

    /// The moment `time`.
    init(_ time: Timestamp) {
        iso = HTMLText(TimeText.rfc3339(time))
        minute = HTMLText(TimeText.minute(time))
        day = HTMLText(TimeText.day(time))
        clock = HTMLText(TimeText.clock(time))
    }
}

/// A term and what is known of it.
struct Fact: Hashable, Sendable {
    /// What is meant.
    let term: HTMLText
    /// What is known.
    let value: HTMLText

    /// A fact.
    init(_ term: String, _ value: String) { self.init(HTMLText(term), HTMLText(value)) }

    /// A fact of texts that are escaped already.
    init(_ term: HTMLText, _ value: HTMLText) {
        self.term = term
        self.value = value
    }
}

/// How far a piece of work is.
struct ProgressRow: Hashable, Sendable {
    let done: HTMLText
    let total: HTMLText
    let words: HTMLText
    /// The link that starts or stops the page from loading itself again.
    let refresh: Link?

    init(_ progress: WorkProgress, unit: String, path: PagePath?, isRefreshing: Bool = false) {
        done = HTMLText(String(progress.done))
        total = HTMLText(String(max(1, progress.total)))
        let soFar = progress.isWaiting ? "" : ", \(NumberText.duration(progress.elapsedSeconds)) so far"
        words = HTMLText(progress.words(unit) + soFar)
        refresh = path.map { Link.refresh($0, isRefreshing: isRefreshing) }
    }
}

/// What was wrong with a form that came back.
struct FormProblem: Hashable, Sendable {
    /// In one line.
    let title: HTMLText
    /// The field it is about.
    let link: Link?
}
