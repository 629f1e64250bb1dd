import Inference
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What an adapter is laid over, found on the server before anything is sent.
extension Session {
    /// The version that `--base` names, when this adapter may be laid over it. Whether each matrix fits, the server says: it
    /// has the base.
    ///
    /// - Throws: `Problem`; ``CommandsError`` for what is no model that runs, or of another architecture.
    func adapterBase(_ text: String, for adapter: AdapterDescription, file: String) async throws -> AdapterBase {
        let id = try await version(text)
        let view: VersionView = try await client.get(APIPath.version(id))
        let version = view.version
        func refusal(_ problem: String) -> CommandsError {
            .badArgument(name: "--base", value: text, problem: problem, example: "\(NextStep.publish(base: .some))")
        }
        guard version.manifest.base == nil else {
            throw refusal("\(id) is an adapter itself, and an adapter is laid over a model")
        }
        guard version.isLoadable, let weights = version.manifest.weights, let facts = version.facts else {
            let why = version.quarantined ?? version.smoke?.problem ?? version.obstacles.joined(separator: "; ")
            throw refusal("\(id) does not run here, so that nothing can be laid over it: \(why)")
        }
        guard facts.architecture == adapter.architecture else {
            throw CommandsError.badFile(
                path: file,
                problem: "was made for architecture \(adapter.architecture), and \(id) is \(facts.architecture)",
                next: "name the model that it was made for"
            )
        }
        return try AdapterBase(version: id, files: weights.files)
    }

    /// The only version on the server that is what the file of an adapter calls its base; nil when there is none, or more.
    ///
    /// - Throws: `Problem`.
    func likelyBase(of adapter: AdapterDescription) async throws -> VersionID? {
        let names = adapter.baseNames
        guard !names.isEmpty else { return nil }
        let models: ListAnswer<ModelSummary> = try await client.pages(APIPath.models, by: .name, limit: Int.max)
        let found = models.items.compactMap { model -> VersionID? in
            guard let latest = model.latest, latest.isLoadable, latest.manifest.base == nil,
                latest.facts?.architecture == adapter.architecture
            else { return nil }
            let isNamed = names.contains { name in
                name.lowercased() == model.displayName?.text.lowercased()
                    || (try? DisplayName(name).identifier) == model.name || (try? Name(name)) == model.name
            }
            return isNamed ? latest.id : nil
        }
        return found.count == 1 ? found[0] : nil
    }
}
