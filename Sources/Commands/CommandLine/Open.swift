import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin open`
struct Open: Verb {
    static let configuration = CommandConfiguration.verb(
        "open",
        "Print the address of the page of a thing.",
        discussion: """
            Anything that has a page: a model, a version, a release, what has a number (c-204, ro-7, dec-3), a prompt, a \
            traffic set, a policy, an SLO. A name that several things have is the model, unless it is such a number; model:NAME, prompt:NAME, set:NAME, \
            policy:NAME and slo:NAME say which. What is not there exits 3. With --login the address is a link that logs \
            a browser in, once.
            """,
        examples: "open",
        "open c-204",
        "open i-12",
        "open ticket-bot@8",
        "open set:week47",
        "open triage@3",
        "open --login"
    )

    @Argument(help: ArgumentHelp("Anything with a name or a number: serin help refs.", valueName: "ref"))
    var reference: String?
    @Flag(help: "Print a one-time link that logs a browser in.") var login = false
    @OptionGroup var global: GlobalOptions

    /// What is printed for programs.
    private struct Answer: Encodable { let url: String }

    func run(_ session: Session) async throws -> Exit {
        if login {
            let link: LoginLink = try await session.client.post(APIPath.loginLinks, [String: String]())
            try session.show(link, kind: "LoginLink", names: [link.url], Report { $0.line(Cell(link.url)) })
            session.printer.talk("works once, for \(NumberText.setTime(Double(link.expiresInSeconds)))")
            return .ok
        }
        let url = "\(session.server)\(try await page(session).path)"
        try session.show(Answer(url: url), kind: "Address", names: [url], Report { $0.line(Cell(url)) })
        return .ok
    }

    private func page(_ session: Session) async throws -> PagePath {
        guard let text = reference else { return .overview }
        var missing: Problem?
        do {
            if let numbered = try await numberedPage(text, session) { return numbered }
        } catch let problem as Problem where problem.status == 404 {
            // A name may look like a number: a model can be called c-1.
            missing = problem
        }
        for kind in PageKind.allCases where text.utf8.starts(with: "\(kind.rawValue):".utf8) {
            let rest = String(decoding: text.utf8.dropFirst(kind.rawValue.utf8.count + 1), as: UTF8.self)
            let name = try Reference(rest).model
            if let page = try await kind.page(of: name, session) { return page }
            throw try await nothing(rest, [kind], session)
        }
        let reference = try session.reference(text)
        var found: [(kind: PageKind, page: PagePath)] = []
        for kind in PageKind.allCases where reference.selector == .live || kind == .model || kind == .prompt {
            if let page = try await kind.page(of: reference.model, session) { found.append((kind, page)) }
        }
        guard let first = found.first else {
            if let missing { throw missing }
            throw try await nothing(reference.model.text, PageKind.allCases, session)
        }
        for other in found.dropFirst() {
            session.printer.talk(
                "\(reference.model) is a \(other.kind.rawValue) too: \(session.server)\(other.page.path)"
            )
        }
        guard first.kind == .model else { return first.page }
        switch reference.selector {
        case .live: return .model(reference.model)
        case .version(let number):
            let view: VersionView = try await session.client.get(APIPath.version(VersionID(reference.model, number)))
            return .version(view.version.id)
        case .release(let number):
            let view: ReleaseView = try await session.client.get(APIPath.release(ReleaseID(reference.model, number)))
            return .release(view.release.id)
        case .channel: return .release(try await session.release(text))
        }
    }

    /// The page of what has a number of its own; nil when `text` is no such number.
    ///
    /// - Throws: `Problem` when nothing has it.
    private func numberedPage(_ text: String, _ session: Session) async throws -> PagePath? {
        guard let page = Self.numberedPage(text) else { return nil }
        let client = session.client
        if let id = try? CanaryID(text: text) {
            let _: CanaryView = try await client.get(APIPath.canary(id))
        } else if let id = try? EvaluationID(text: text) {
            let _: EvaluationView = try await client.get(APIPath.evaluation(id.description))
        } else if let id = try? DecisionID(text: text) {
            let _: Decision = try await client.get(APIPath.decision(id))
        } else if let id = try? RolloutID(text: text) {
            let _: RolloutView = try await client.get(APIPath.rollout(id))
        } else if let id = try? IncidentID(text: text) {
            let _: IncidentView = try await client.get(APIPath.incident(id))
        } else if let id = try? DriftID(text: text) {
            let _: DriftView = try await client.get(APIPath.drift(id))
        } else if (try? BaselineID(text: text)) != nil {
            let known = try await NameSource.baselines.names(session, before: [], current: "")
            guard known.contains(text) else { throw Self.nothing("reference", text, near: known) }
        } else if let id = try? RequestID(text) {
            let _: RequestView = try await client.get(APIPath.request(id))
        }
        return page
    }

    /// The page of what has a number of its own.
    static func numberedPage(_ text: String) -> PagePath? {
        if let canary = try? CanaryID(text: text) { return .canary(canary) }
        if let evaluation = try? EvaluationID(text: text) { return .evaluation(evaluation) }
        if let decision = try? DecisionID(text: text) { return .decision(decision) }
        if let rollout = try? RolloutID(text: text) { return .rollout(rollout) }
        if let incident = try? IncidentID(text: text) { return .incident(incident) }
        if let drift = try? DriftID(text: text) { return .drift(drift) }
        if (try? BaselineID(text: text)) != nil { return .drifts(of: nil) }
        // A model may have a name of 26 small letters; a request is written in large ones.
        if let request = try? RequestID(text), request.text == text { return .request(request) }
        return nil
    }

    private func nothing(_ name: String, _ kinds: [PageKind], _ session: Session) async throws -> Problem {
        var known: [String] = []
        for kind in kinds { known += try await kind.source.names(session, before: [], current: name) }
        let sort = kinds.count == 1 ? kinds[0].rawValue : "page of anything called"
        return Self.nothing(sort, name, near: Set(known).sorted())
    }

    private static func nothing(_ sort: String, _ name: String, near known: [String]) -> Problem {
        Problem(
            status: 404,
            title: "no \(sort) \"\(name)\"",
            next: NextStep.help("refs").text,
            exit: Exit.notFound.rawValue,
            near: NearNames.nearest(to: name, in: known)
        )
    }
}

/// What has a page under a name. The first that has it is meant when nothing is said.
private enum PageKind: String, CaseIterable {
    case model
    case prompt
    case set
    case policy
    case slo

    /// Where its names come from.
    var source: NameSource {
        switch self {
        case .model: .models
        case .prompt: .prompts
        case .set: .sets
        case .policy: .policies
        case .slo: .levels
        }
    }

    /// The page of `name`; nil when nothing of this kind is called so.
    func page(of name: Name, _ session: Session) async throws -> PagePath? {
        guard try await source.names(session, before: [], current: "").contains(name.text) else { return nil }
        switch self {
        case .model: return .model(name)
        case .prompt: return .prompt(name)
        case .set: return .traffic(name)
        case .policy: return .policy(name)
        case .slo: return try await Self.levelPage(name, session)
        }
    }

    /// The page of an SLO; of the model that is set where several have one of this name.
    private static func levelPage(_ name: Name, _ session: Session) async throws -> PagePath {
        let rows: [SLORow] = try await session.all(APIPath.slos)
        let models = Set(rows.filter { $0.name == name }.map(\.model))
        let usual = session.settings.model.flatMap { try? Name($0) }
        return .slo(name, of: models.count == 1 ? models.first : usual)
    }
}
