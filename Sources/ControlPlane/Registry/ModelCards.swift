import Artifacts
import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// Cards as blobs.
struct ModelCards: Sendable {
    let blobs: BlobStore

    /// The text of a card, what it holds, and what its writer should mend.
    func card(_ file: ArtifactFile) throws -> (text: String, summary: CardSummary, warnings: [String]) {
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
            return (String(decoding: data, as: UTF8.self), card.summary, card.warnings.map(\.description))
        } catch let error as ArtifactsError {
            throw ControlPlaneError.lost("the bytes of \(file.path)", file.digest, error, next: "\(.publish())")
        } catch let error as DocumentError {
            throw ControlPlaneError(.badData, error.description, next: "correct the card, then publish again")
        }
    }
}
