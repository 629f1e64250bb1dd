import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin model`
struct ModelGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "model",
        "The models and their versions.",
        [ModelList.self, ModelShow.self, ModelVersions.self, ModelPull.self]
    )
}

/// `serin model list`
struct ModelList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List the models.",
        examples: "model list",
        "model list -o name"
    )

    @OptionGroup var global: GlobalOptions

    static let kind = "ModelList"
    var empty: Advice { "no model yet: \(.publish(.weights))" }

    func ask(_ session: Session) async throws -> ListAnswer<ModelSummary> { try await session.list(APIPath.models) }
    func name(of model: ModelSummary) -> String { model.name.text }
    func report(_ models: [ModelSummary], now: Timestamp) -> Report { ModelOutput.list(models) }
}

/// `serin model show`
struct ModelShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a model: its channels, versions and canaries.",
        examples: "model show ticket-bot"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "Model"

    func ask(_ session: Session) async throws -> ModelView {
        try await session.client.get(APIPath.model(session.model(model)))
    }

    func name(of view: ModelView) -> String { view.name.text }
    func report(_ view: ModelView, now: Timestamp) -> Report { ModelOutput.show(view, now: now) }
    func page(of view: ModelView) -> PagePath? { .model(view.name) }
}

/// `serin model versions`
struct ModelVersions: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "versions",
        "List the versions of a model, newest first.",
        examples: "model versions ticket-bot",
        "model versions ticket-bot -o json"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "VersionList"
    var empty: Advice { "no version yet" }

    func ask(_ session: Session) async throws -> ListAnswer<VersionRecord> {
        try await session.list(APIPath.versions(session.model(model)))
    }

    func name(of version: VersionRecord) -> String { version.id.description }
    func report(_ versions: [VersionRecord], now: Timestamp) -> Report { VersionOutput.list(versions, now: now) }
}
