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
              serin open ticket-bot@8
              serin open --login
            """
    )

    @Argument(help: ArgumentHelp("A model, version, release, canary, evaluation or decision.", valueName: "ref"))
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
        let url = "\(session.server)\(try path(session))"
        try session.show(Answer(url: url), kind: "Address", names: [url], Report { $0.line(Cell(url)) })
        return .ok
    }

    private func path(_ session: Session) throws -> String {
        guard let text = reference else { return PageAddress.overview }
        if let canary = try? CanaryID(text: text) { return PageAddress.canary(canary) }
        if let evaluation = try? EvaluationID(text: text) { return PageAddress.evaluation(evaluation) }
        if let decision = try? DecisionID(text: text) { return PageAddress.decision(decision) }
        let reference = try session.reference(text)
        return switch reference.selector {
        case .live, .channel: PageAddress.model(reference.model)
        case .version(let number): PageAddress.version(VersionID(reference.model, number))
        case .release(let number): PageAddress.release(ReleaseID(reference.model, number))
        }
    }
}
