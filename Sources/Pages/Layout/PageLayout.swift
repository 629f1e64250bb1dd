import RegistryTypes
import Wording

/// What all pages share: the title, where one is, who one is, and how to get the same elsewhere.
public struct PageLayout: Hashable, Sendable {
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
            case .overview: Link("Overview", .overview)
            case .models: Link("Models", .models)
            case .requests: Link("Requests", .requests(of: nil))
            case .canaries: Link("Canaries", .canaries(of: nil))
            case .drift: Link("Drift", .drifts(of: nil))
            case .slos: Link("SLOs", .slos(of: nil))
            case .incidents:
                Link(
                    openIncidents.map { $0 == 0 ? "Incidents" : "Incidents (\(NumberText.count($0)))" } ?? "Incidents",
                    .incidents(of: nil)
                )
            case .rollouts: Link("Rollouts", .rollouts(of: nil))
            case .audit: Link("Audit", .audit)
            case .onCall: Link("On call", .onCall)
            case .prompts: Link("Prompts", .prompts)
            case .policies: Link("Policies", .policies)
            case .traffic: Link("Traffic", .trafficSets)
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
    /// Why nothing can be changed now, and what ends it; nil when it can.
    let readOnly: HTMLText?
    /// The command that shows the same.
    let command: HTMLText?
    /// The address of the page's JSON representation.
    let json: HTMLText?
    /// Until when the data reaches.
    let until: PageTime
    /// What is to be known of that, when no request was counted of late.
    let stale: HTMLText?
    /// Seconds until the page loads itself again; nil when it does not.
    let refresh: HTMLText?
    /// The address of the style sheet.
    let styleSheet: HTMLText

    /// The layout of a page that `context` sees.
    init(
        _ title: String,
        in section: Section?,
        command: NextStep? = nil,
        hasJSON: Bool = true,
        freshness: Freshness? = nil,
        context: PageContext
    ) {
        self.title = HTMLText(title)
        func entries(inMore: Bool) -> [Entry] {
            guard context.person != nil else { return [] }
            return Section.allCases.filter { $0.isInMore == inMore }.map {
                Entry(link: $0.link(openIncidents: context.openIncidents), isCurrent: $0 == section)
            }
        }
        self.entries = entries(inMore: false)
        more = entries(inMore: true)
        isInMore = section?.isInMore ?? false
        person = context.person.map {
            Person(name: HTMLText($0.name.text), role: HTMLText($0.role.rawValue), token: HTMLText($0.token))
        }
        readOnly = context.person == nil ? nil : context.readOnly.map { HTMLText($0, limit: 600) }
        self.command = command.map { HTMLText($0) }
        json = hasJSON ? HTMLText(PagePath.json(of: context.path)) : nil
        until = PageTime(context.now)
        stale = freshness.flatMap { PageLayout.stale($0, now: context.now) }
        refresh = context.refreshSeconds.map { HTMLText(String($0)) }
        styleSheet = HTMLText("/static/app.css?v=\(context.styleSheetTag)")
    }

    /// A sentence when the newest counted request is older than the limit, or there is none.
    private static func stale(_ freshness: Freshness, now: Timestamp) -> HTMLText? {
        guard let newest = freshness.newest else { return "no request was counted yet" }
        let age = now.seconds(since: newest)
        guard age > Freshness.limitSeconds else { return nil }
        return "the newest counted request ended \(TimeText.minute(newest)) UTC, \(NumberText.duration(age)) before"
    }
}
