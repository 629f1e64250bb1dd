import ArgumentParser
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin rollout show`
struct RolloutShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a rollout: triggers, what both releases answered, what became of it.",
        discussion: """
            With --watch looks until it ends and exits 0 when the release settled, 10 when it was taken back.

            Examples:
              serin rollout show ro-7
              serin rollout show ro-7 -w
            """
    )

    @Argument(help: ArgumentHelp("A rollout, such as ro-7.", valueName: "id")) var id: String
    @Flag(name: .shortAndLong, help: "Look until it ends; without a terminal, one line per change.") var watch = false
    @OptionGroup var pace: WatchPace
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try RolloutID(text: id)
        guard watch else {
            let view: RolloutView = try await session.client.get(APIPath.rollout(id))
            try session.show(view, kind: "Rollout", names: [id.description], .rollout(view))
            session.talkAddress("page", .rollout(id))
            return .ok
        }
        session.work.set(.init(what: "rollout \(id) goes on", next: "serin rollout show \(id)"))
        let showing = Following.Showing<RolloutView>(
            kind: "Rollout",
            names: { [$0.row.id.description] },
            report: { .rollout($0) },
            changes: RolloutChanges.lines,
            moment: \.at,
            end: RolloutChanges.exit
        )
        let exit = try await Following(session: session, everySeconds: pace.seconds).follow(showing) {
            try await session.client.get(APIPath.rollout(id))
        }
        session.talkAddress("page", .rollout(id))
        return exit
    }
}
