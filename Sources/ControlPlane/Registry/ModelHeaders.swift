import Artifacts
import Digests
import LongWork
import ModelInspection
import RegistryTypes
import ReleaseRuntime
import WireFormat
import Wording

/// What model files say of themselves: read from their headers on a thread of its own, kept for the next who asks.
///
/// An actor, because headers are read one at a time: some describe far more than they are.
actor ModelHeaders {
    private let blobs: BlobStore
    private let thread = DedicatedThread()
    private var known: [Digest: InspectedModel] = [:]
    /// The digests that are known, the oldest first.
    private var order: [Digest] = []
    private static let limit = 64

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(blobs: BlobStore) { self.blobs = blobs }

    /// - Throws: ``ControlPlaneError`` of kind `badData`.
    func inspect(_ file: WeightFiles) throws -> InspectedModel {
        if let facts = known[file.digest] { return facts }
        let facts: InspectedModel
        do {
            facts = try LocalModel(paths: paths(file), adapter: file.adapter.map { blobs.path(of: $0.file.digest) })
                .facts
        } catch {
            throw Self.unreadable(file, error)
        }
        known[file.digest] = facts
        order.append(file.digest)
        if order.count > Self.limit { known[order.removeFirst()] = nil }
        return facts
    }

    /// - Throws: ``ControlPlaneError`` of kind `badData`.
    func tokenize(_ file: WeightFiles, _ request: TokenizeRequest) throws -> TokenizedText {
        do {
            return try LocalModel.tokenize(
                request.text,
                paths: paths(file),
                specials: request.specials
            )
        } catch { throw Self.unreadable(file, error) }
    }

    private func paths(_ file: WeightFiles) -> [String] { file.files.map { blobs.path(of: $0.digest) } }

    private static func unreadable(_ file: WeightFiles, _ error: any Error) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "\(file.path) cannot be read",
            why: "\(error)",
            next: "\(.inspect()) shows what a file is and every reason why it does not run here"
        )
    }
}
