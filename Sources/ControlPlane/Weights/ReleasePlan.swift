import Catalog
import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments

/// What has to be loaded for a release: read from the log, given to the loader.
struct ReleasePlan: Sendable {
    /// The version it ships.
    let version: VersionID
    /// The weights of that version.
    let weights: WeightFiles
    /// The prompt it ships.
    let prompt: PromptDocument
    /// What it pins.
    let content: ReleaseContent
    /// The digest of what it pins.
    let digest: Digest

    /// Reads what belongs to the content of a release.
    ///
    /// - Throws: ``ControlPlaneError`` when the version is quarantined or the engine cannot run it.
    init(_ content: ReleaseContent, of model: Name, in state: CatalogState) throws {
        let version = try state.requireVersion(VersionID(model, content.version))
        guard version.quarantined == nil, version.obstacles.isEmpty, let weights = version.manifest.weights else {
            throw ControlPlaneError.cannotRun(version)
        }
        self.version = version.id
        self.weights = weights
        prompt = try state.requirePrompt(content.prompt).document
        self.content = content
        // The digest it is known by, in whichever form that was made; what is not stored yet has the one it would get.
        digest = try state.release(of: model, content: content)?.digest ?? content.digest()
    }
}
