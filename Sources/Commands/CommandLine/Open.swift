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
            With --login the address is a link that logs a browser in, once.
            """,
        examples: "open",
        "open c-204",
        "open i-12",
        "open ticket-bot@8",
        "open triage@3",
        "open week47",
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
        if let canary = try? CanaryID(text: text) { return .canary(canary) }
        if let evaluation = try? EvaluationID(text: text) { return .evaluation(evaluation) }
        if let decision = try? DecisionID(text: text) { return .decision(decision) }
        if let page = Self.numberedPage(text) { return page }
        let reference = try session.reference(text)
        if reference.selector == .live, let page = await levelPage(reference.model, session) { return page }
        if let page = try await namedPage(reference, text, session) { return page }
        return switch reference.selector {
        case .live, .channel: .model(reference.model)
        case .version(let number): .version(VersionID(reference.model, number))
        case .release(let number): .release(ReleaseID(reference.model, number))
        }
    }

    /// The page of what has a number of its own after a promotion.
    static func numberedPage(_ text: String) -> PagePath? {
        if let rollout = try? RolloutID(text: text) { return .rollout(rollout) }
        if let incident = try? IncidentID(text: text) { return .incident(incident) }
        if let drift = try? DriftID(text: text) { return .drift(drift) }
        if (try? BaselineID(text: text)) != nil { return .drifts(of: nil) }
        // A model may have a name of 26 small letters; a request is written in large ones.
        if let request = try? RequestID(text), request.text == text { return .request(request) }
        return nil
    }

    /// The page of a prompt, a traffic set or a policy of this name; nil when it is one of a model, or nobody can be asked.
    ///
    /// - Throws: `Problem` when nothing has the name.
    private func namedPage(_ reference: Reference, _ text: String, _ session: Session) async throws -> PagePath? {
        let models: ListAnswer<ModelSummary>? = try? await session.client.get(APIPath.models)
        let name = reference.model
        guard let models, !models.items.contains(where: { $0.name == name }) else { return nil }
        let prompts: ListAnswer<PromptSummary> = try await session.client.get(APIPath.prompts)
        if prompts.items.contains(where: { $0.name == name }) {
            switch reference.selector {
            // A version has no page of its own: the prompt's lists it.
            case .live, .version: return .prompt(name)
            case .channel, .release: break
            }
        }
        let sets: ListAnswer<TrafficRecord> = try await session.client.get(APIPath.trafficSets)
        let policies: ListAnswer<DocumentRecord> = try await session.client.get(APIPath.policies)
        if reference.selector == .live {
            if sets.items.contains(where: { $0.name == name }) { return .traffic(name) }
            if policies.items.contains(where: { $0.name == name }) { return .policy(name) }
        }
        let known =
            models.items.map(\.name.text) + prompts.items.map(\.name.text) + sets.items.map(\.name.text)
            + policies.items.map(\.name.text)
        throw Problem(
            status: 404,
            title: "there is no model, prompt, traffic set or policy \"\(text)\"",
            next: NextStep.modelList.text,
            exit: Exit.notFound.rawValue,
            near: NearNames.nearest(to: name.text, in: known)
        )
    }

    /// The page of an SLO; nil when `name` is one of a model, or nobody can be asked.
    private func levelPage(_ name: Name, _ session: Session) async -> PagePath? {
        let answer: ListAnswer<SLORow>? = try? await session.client.get(APIPath.slos)
        guard let rows = answer?.items, !rows.contains(where: { $0.model == name }) else { return nil }
        let models = Set(rows.filter { $0.name == name }.map(\.model))
        guard !models.isEmpty else { return nil }
        let usual = session.settings.model.flatMap { try? Name($0) }
        return .slo(name, of: models.count == 1 ? models.first : usual)
    }
}
