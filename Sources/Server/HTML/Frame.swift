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
        case overview, models, prompts, canaries, policies, traffic, audit

        var link: Link {
            switch self {
            case .overview: Link("Overview", "/")
            case .models: Link("Models", "/models")
            case .prompts: Link("Prompts", "/prompts")
            case .canaries: Link("Canaries", "/canaries")
            case .policies: Link("Policies", "/policies")
            case .traffic: Link("Traffic", "/traffic")
            case .audit: Link("Audit", "/audit")
            }
        }
    }

    /// The title of the window: what matters first.
    let title: HTMLText
    /// The navigation; empty before the login.
    let entries: [Entry]
    /// Who looks; nil before the login.
    let person: Person?
    /// The command that shows the same.
    let command: HTMLText?
    /// The address of the same as JSON.
    let twin: HTMLText?
    /// Until when the data reaches.
    let until: Moment
    /// Seconds until the page loads itself again; nil when it does not.
    let refresh: HTMLText?
    /// The address of the style sheet.
    let styleSheet: HTMLText

    /// The frame of a page that `visit` sees.
    init(_ title: String, in section: Section?, command: String? = nil, hasTwin: Bool = true, visit: Visit) {
        self.title = HTMLText(title)
        entries =
            visit.person == nil
            ? [] : Section.allCases.map { Entry(link: $0.link, isCurrent: $0 == section) }
        person = visit.person.map {
            Person(name: HTMLText($0.name.text), role: HTMLText($0.role.rawValue), token: HTMLText($0.token))
        }
        self.command = command.map { HTMLText($0) }
        twin = hasTwin ? HTMLText(Href.twin(of: visit.path)) : nil
        until = Moment(visit.now)
        refresh = visit.refreshSeconds.map { HTMLText(String($0)) }
        styleSheet = HTMLText("/static/app.css?v=\(visit.styleSheetTag)")
    }
}
