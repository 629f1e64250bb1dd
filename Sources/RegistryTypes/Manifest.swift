/// The immutable content of a version: its files and where it came from. Equal content has an equal digest.
public struct Manifest: DigestedContent, Hashable, Sendable, Codable {
    /// Where a version came from.
    public struct Lineage: Hashable, Sendable, Codable {
        /// The version it was made from, such as `ticket-bot@7`.
        public let from: VersionID
        /// How: `fine-tune`, `quantize`, `distill`, or another word.
        public let method: Name?

        /// A step from one version to the next.
        public init(from: VersionID, method: Name?) {
            self.from = from
            self.method = method
        }
    }

    /// The files, sorted by path.
    public let files: [ArtifactFile]
    /// Where the version came from, when told.
    public let lineage: Lineage?

    /// A manifest of `files`.
    ///
    /// - Throws: ``RegistryTypesError/badManifest(_:)`` when there is no file, the same name occurs twice, or there
    ///   is more than one card or more than one weights file.
    public init(files: [ArtifactFile], lineage: Lineage? = nil) throws(RegistryTypesError) {
        guard !files.isEmpty else { throw .badManifest("it lists no file") }
        guard files.count <= 1000 else { throw .badManifest("it lists more than 1,000 files") }
        guard Set(files.map(\.path)).count == files.count else { throw .badManifest("two files have the same name") }
        guard files.count(where: { $0.role == .card }) <= 1 else { throw .badManifest("it lists more than one card") }
        guard files.count(where: { $0.role == .weights }) <= 1 else {
            throw .badManifest("it lists more than one weights file; one GGUF file per version can be loaded")
        }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.lineage = lineage
    }

    /// The weights the engine loads, when the version has any.
    public var weights: ArtifactFile? { files.first { $0.role == .weights } }
    /// The model card, when the version has one.
    public var card: ArtifactFile? { files.first { $0.role == .card } }
    /// The bytes of all files together.
    public var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }

    private enum CodingKeys: String, CodingKey { case files, lineage }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            files: values.decode([ArtifactFile].self, forKey: .files),
            lineage: values.decodeIfPresent(Lineage.self, forKey: .lineage)
        )
    }
}
