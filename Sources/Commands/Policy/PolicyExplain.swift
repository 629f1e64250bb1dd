import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin policy explain`
struct PolicyExplain: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a policy answers about a release, gate by gate.",
        discussion: """
            Exits 0 when the channel may move, 13 when not. --decision shows a stored one and exits 0.

            Examples:
              serin policy explain ticket-bot@8 --to production
              serin policy explain --decision dec-1190
            """
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
            let stored: Decision = try await session.client.get(APIPath.decision(id))
            try session.show(Answer(decision: stored), kind: "Decision", names: [id.description], .explained(stored))
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
        try session.show(
            Answer(decision: answer),
            kind: "Decision",
            names: [answer.release.description],
            .explained(answer)
        )
        return switch answer.outcome {
        case .allowed: .ok
        case .waiting: .waiting
        case .refused: .refused
        }
    }
}
