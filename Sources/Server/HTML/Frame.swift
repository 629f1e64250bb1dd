import RegistryTypes

/// What all pages share: the title, where one is, who one is, and how to get the same elsewhere.
struct Frame: Hashable, Sendable {
    /// An entry of the navigation.
    struct Entry: Hashable, Sendable {
        /// Where it leads.
        let link: Link
        /// Whether the page is in this part.
        let isCurrent: Bool
    }

    /// Who looks at the page.
    struct Person: Hashable, Sendable {
        /// The name of the key.
        let name: HTMLText
        /// What it may do.
        let role: HTMLText
        /// What each form sends back, so that no other site can send it.
        let token: HTMLText
    }

    /// The parts of the site.
    enum Section: String, CaseIterable, Sendable {
        case overview, models, requests, canaries, drift, slos, incidents, rollouts, audit
        case onCall, prompts, policies, traffic

        /// Whether it is behind "More".
        var isInMore: Bool {
            switch self {
            case .onCall, .prompts, .policies, .traffic: true
            default: false
            }
        }

        /// The entry of the navigation.
        func link(openIncidents: Int?) -> Link {
            switch self {
            case .overview: Link("Overview", "/")
            case .models: Link("Models", "/models")
            case .requests: Link("Requests", "/requests")
            case .canaries: Link("Canaries", "/canaries")
            case .drift: Link("Drift", "/drift")
            case .slos: Link("SLOs", "/slos")
            case .incidents:
                Link(openIncidents.map { $0 == 0 ? "Incidents" : "Incidents (\($0))" } ?? "Incidents", "/incidents")
            case .rollouts: Link("Rollouts", "/rollouts")
            case .audit: Link("Audit", "/audit")
            case .onCall: Link("On call", "/oncall")
            case .prompts: Link("Prompts", "/prompts")
            case .policies: Link("Policies", "/policies")
            case .traffic: Link("Traffic", "/traffic")
            }
        }
    }

    /// How fresh the data of a page are that is made from served requests.
    struct Freshness: Hashable, Sendable {
        /// When the newest counted request ended; nil when there was none.
        let newest: Timestamp?
        /// How old it may be before the page says so.
        static let limitSeconds = 300.0
    }

    /// The title of the window: what matters first.
    let title: HTMLText
    /// The navigation; empty before the login.
    let entries: [Entry]
    /// What is behind "More".
    let more: [Entry]
    /// Whether the page is one of those.
    let isInMore: Bool
    /// Who looks; nil before the login.
    let person: Person?
    /// The command that shows the same.
    let command: HTMLText?
    /// The address of the same as JSON.
    let twin: HTMLText?
    /// Until when the data reaches.
    let until: Moment
    /// What is to be known of that, when no request was counted of late.
    let stale: HTMLText?
    /// Seconds until the page loads itself again; nil when it does not.
    let refresh: HTMLText?
    /// The address of the style sheet.
    let styleSheet: HTMLText

    /// The frame of a page that `visit` sees.
    init(
        _ title: String,
        in section: Section?,
        command: String? = nil,
        hasJSON: Bool = true,
        freshness: Freshness? = nil,
        visit: Visit
    ) {
        self.title = HTMLText(title)
        func entries(inMore: Bool) -> [Entry] {
            guard visit.person != nil else { return [] }
            return Section.allCases.filter { $0.isInMore == inMore }.map {
                Entry(link: $0.link(openIncidents: visit.openIncidents), isCurrent: $0 == section)
            }
        }
        self.entries = entries(inMore: false)
        more = entries(inMore: true)
        isInMore = section?.isInMore ?? false
        person = visit.person.map {
            Person(name: HTMLText($0.name.text), role: HTMLText($0.role.rawValue), token: HTMLText($0.token))
        }
        self.command = command.map { HTMLText($0) }
        twin = hasJSON ? HTMLText(Href.json(of: visit.path)) : nil
        until = Moment(visit.now)
        stale = freshness.flatMap { Frame.stale($0, now: visit.now) }
        refresh = visit.refreshSeconds.map { HTMLText(String($0)) }
        styleSheet = HTMLText("/static/app.css?v=\(visit.styleSheetTag)")
    }

    /// A sentence when the newest counted request is older than the limit, or there is none.
    private static func stale(_ freshness: Freshness, now: Timestamp) -> HTMLText? {
        guard let newest = freshness.newest else { return "no request was counted yet" }
        let age = now.seconds(since: newest)
        guard age > Freshness.limitSeconds else { return nil }
        return "the newest counted request ended \(Moment(newest).minute.html) UTC, \(Figures.duration(age)) before"
    }
}
