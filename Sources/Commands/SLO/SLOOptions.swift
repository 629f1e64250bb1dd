import ArgumentParser
import RegistryTypes
import WireFormat

/// Which model an SLO is asked about.
struct SLOOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The model (SERIN_MODEL), where the SLO is about several.", valueName: "model"))
    var model: String?

    /// Reads the SLO `name` of the model.
    ///
    /// - Throws: `Problem`, `RegistryTypesError`.
    func read(_ name: String, _ session: Session) async throws -> SLOView {
        let model = try (model ?? session.settings.model).map { try Name($0) }
        return try await session.client.get(APIPath.slo(Name(name)), [("model", model?.text)])
    }
}
