import Catalog
import RegistryRecords
import RegistryTypes
import UserDocuments

/// Lists as people read them: the newest on top.
extension CatalogState {
    /// The versions of a model, newest first.
    func newestVersions(of model: Name) throws -> [VersionRecord] { try versions(of: model).reversed() }

    /// The releases of a model, newest first.
    func newestReleases(of model: Name) throws -> [ReleaseRecord] { try releases(of: model).reversed() }

    /// The versions of a prompt, newest first.
    func newestPrompts(of prompt: Name) throws -> [PromptRecord] { try promptVersions(of: prompt).reversed() }

    /// The revisions of a document, newest first.
    func newestRevisions(_ kind: DocumentKind, _ name: Name) throws -> [DocumentRecord] {
        try revisions(kind, name).reversed()
    }
}
