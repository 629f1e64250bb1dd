import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin policy`
struct PolicyGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "policy",
        "What must hold before a channel moves.",
        [PolicyList.self, PolicyShow.self, PolicyExplain.self, PolicyTry.self, PolicyLint.self]
    )
}

/// `serin policy list`
struct PolicyList: ListVerb {
    static let configuration = CommandConfiguration.verb("list", "List the policies.", examples: "policy list")

    @OptionGroup var global: GlobalOptions

    static let kind = "PolicyList"
    var empty: Advice { "no policy: \(.apply())" }

    func ask(_ session: Session) async throws -> ListAnswer<DocumentRecord> { try await session.list(APIPath.policies) }
    func name(of policy: DocumentRecord) -> String { policy.name.text }
    func report(_ policies: [DocumentRecord], now: Timestamp) -> Report { PolicyOutput.list(policies, now: now) }
}

/// `serin policy show`
struct PolicyShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a policy as written, and what it decided.",
        examples: "policy show production"
    )

    @Argument(help: ArgumentHelp("The policy.", valueName: "name")) var name: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Policy"

    func ask(_ session: Session) async throws -> PolicyView {
        try await session.client.get(APIPath.policy(Name(name)))
    }

    func name(of view: PolicyView) -> String { view.record.name.text }
    func report(_ view: PolicyView, now: Timestamp) -> Report { PolicyOutput.show(view) }
    func page(of view: PolicyView) -> PagePath? { .policy(view.record.name) }
}

/// `serin policy explain`
struct PolicyExplain: Verb {
    static let configuration = CommandConfiguration.verb(
        "explain",
        "Say what a policy answers about a release, gate by gate.",
        discussion: "Exits 0 when the channel may move, 13 when not. --decision shows a stored one and exits 0.",
        examples: "policy explain ticket-bot@8 --to production",
        "policy explain --decision dec-1190"
    )

    @Argument(help: ArgumentHelp("A version or a release.", valueName: "ref")) var reference: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var to = "production"
    @OptionGroup var release: ReleaseOptions
    @Option(help: ArgumentHelp("A stored decision, such as dec-1190.", valueName: "id")) var decision: String?
    @OptionGroup var global: GlobalOptions

    /// What is printed for programs; a decision has a kind of its own, so it stands one level below.
    private struct Answer: Encodable { let decision: Decision }

    mutating func validate() throws {
        if (reference == nil) == (decision == nil) {
            throw ValidationError("Name a release, or a decision with --decision.")
        }
    }

    func run(_ session: Session) async throws -> Exit {
        if let decision {
            let id = try DecisionID(text: decision)
            try show(try await session.client.get(APIPath.decision(id)), name: id.description, session)
            session.talkAddress("page", .decision(id))
            return .ok
        }
        let channel = try Name(to)
        let answer: Decision = try await session.client.post(
            APIPath.explain,
            ExplainRequest(
                release: try release.choice(session.reference(reference ?? ""), channel: channel),
                channel: channel
            )
        )
        try show(answer, name: answer.release.description, session)
        return switch answer.outcome {
        case .allowed: .ok
        case .waiting: .waiting
        case .refused: .refused
        }
    }

    private func show(_ decision: Decision, name: String, _ session: Session) throws {
        let report = DecisionOutput.explanation(decision)
        try session.show(Answer(decision: decision), kind: "Decision", names: [name], report)
    }
}

/// `serin policy lint`
struct PolicyLint: Verb {
    static let configuration = CommandConfiguration.verb(
        "lint",
        "Check files with policies, canaries, prompts and SLOs; asks no server.",
        discussion: "Exits 65 with file, line and near name for everything that is wrong.",
        examples: "policy lint Policies/",
        "policy lint -f production.yaml -f canary.yaml",
        "policy lint production.yaml -o json"
    )

    @OptionGroup var documents: DocumentPaths
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit { try documents.lint(session, kind: "document") { _ in true } }
}
