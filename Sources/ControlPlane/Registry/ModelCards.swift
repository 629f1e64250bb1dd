import Artifacts
import Foundation
import RegistryTypes
import UserDocuments
import Wording

/// Cards as blobs.
struct ModelCards: Sendable {
    let blobs: BlobStore

    /// The text of a card and what it holds.
    func card(_ file: ArtifactFile) throws -> (text: String, summary: CardSummary) {
        let limitBytes: Int64 = 1 << 20
        guard file.sizeBytes <= limitBytes else {
            throw ControlPlaneError(
                .badData,
                "card \(file.path) is larger than 1 MiB",
                next: "move long text into a file of its own"
            )
        }
        do {
            let data = try blobs.read(file.digest)
            let card = try ModelCard(bytes: Array(data), file: file.path)
            return (String(decoding: data, as: UTF8.self), card.summary)
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as DocumentError {
            throw ControlPlaneError(.badData, error.description, next: "correct the card, then publish again")
        }
    }
}
