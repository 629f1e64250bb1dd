import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin release`
struct ReleaseGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "release",
        "Releases: a version with its prompt and settings.",
        [ReleaseList.self, ReleaseShow.self]
    )
}

/// `serin release list`
struct ReleaseList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List the releases of a model, newest first.",
        examples: "release list ticket-bot"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "ReleaseList"
    var empty: Advice { "no release yet: \(.promote())" }

    func ask(_ session: Session) async throws -> ListAnswer<ReleaseRecord> {
        try await session.pages(APIPath.releases(session.model(model)))
    }

    func name(of release: ReleaseRecord) -> String { release.id.description }
    func report(_ releases: [ReleaseRecord], now: Timestamp) -> Report { ReleaseOutput.list(releases, now: now) }
}

/// `serin release show`
struct ReleaseShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a release: what it pins, where it was live, what was found.",
        examples: "release show ticket-bot@r12",
        "release show ticket-bot@production"
    )

    @Argument(help: ArgumentHelp("A release or a channel.", valueName: "ref")) var reference: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Release"

    func ask(_ session: Session) async throws -> ReleaseView {
        try await session.client.get(APIPath.release(session.release(reference)))
    }

    func name(of view: ReleaseView) -> String { view.release.id.description }
    func report(_ view: ReleaseView, now: Timestamp) -> Report { ReleaseOutput.show(view, now: now) }
    func page(of view: ReleaseView) -> PagePath? { .release(view.release.id) }
}
