import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin open`
struct Open: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Print the address of the page of a thing.",
        discussion: """
            With --login the address is a link that logs a browser in, once.

            Examples:
              serin open
              serin open c-204
              serin open i-12
              serin open ticket-bot@8
              serin open --login
            """
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
            session.printer.talk("works once, for \(Figures.duration(Double(link.expiresInSeconds)))")
            return .ok
        }
        let url = "\(session.server)\(try await path(session))"
        try session.show(Answer(url: url), kind: "Address", names: [url], Report { $0.line(Cell(url)) })
        return .ok
    }

    private func path(_ session: Session) async throws -> String {
        guard let text = reference else { return PageAddress.overview }
        if let canary = try? CanaryID(text: text) { return PageAddress.canary(canary) }
        if let evaluation = try? EvaluationID(text: text) { return PageAddress.evaluation(evaluation) }
        if let decision = try? DecisionID(text: text) { return PageAddress.decision(decision) }
        if let path = Self.livePath(text) { return path }
        let reference = try session.reference(text)
        if reference.selector == .live, let path = await levelPath(reference.model, session) { return path }
        return switch reference.selector {
        case .live, .channel: PageAddress.model(reference.model)
        case .version(let number): PageAddress.version(VersionID(reference.model, number))
        case .release(let number): PageAddress.release(ReleaseID(reference.model, number))
        }
    }

    /// The page of what has a number of its own after a promotion.
    static func livePath(_ text: String) -> String? {
        if let rollout = try? RolloutID(text: text) { return PageAddress.rollout(rollout) }
        if let incident = try? IncidentID(text: text) { return PageAddress.incident(incident) }
        if let drift = try? DriftID(text: text) { return PageAddress.drift(drift) }
        if (try? BaselineID(text: text)) != nil { return PageAddress.drifts }
        // A model may have a name of 26 small letters; a request is written in large ones.
        if let request = try? RequestID(text), request.text == text { return PageAddress.request(request) }
        return nil
    }

    /// The page of an SLO; nil when `name` is one of a model, or nobody can be asked.
    private func levelPath(_ name: Name, _ session: Session) async -> String? {
        let answer: ListAnswer<SLORow>? = try? await session.client.get(APIPath.slos)
        guard let rows = answer?.items, !rows.contains(where: { $0.model == name }) else { return nil }
        let models = Set(rows.filter { $0.name == name }.map(\.model))
        guard !models.isEmpty else { return nil }
        let usual = session.settings.model.flatMap { try? Name($0) }
        return PageAddress.slo(name, of: models.count == 1 ? models.first : usual)
    }
}
