public import Digests

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
    /// What its weights are laid over, which makes it a version of kind *adapter*; nil for a model by itself.
    public let base: AdapterBase?

    /// A manifest of `files`.
    ///
    /// - Throws: ``RegistryTypesError/badManifest(_:)`` when there is no file, the same name occurs twice, there is more
    ///   than one card, several weights files that are not all files of one split model, or a base and not one adapter.
    public init(
        files: [ArtifactFile],
        lineage: Lineage? = nil,
        base: AdapterBase? = nil
    ) throws(RegistryTypesError) {
        guard !files.isEmpty else { throw .badManifest("it lists no file") }
        guard files.count <= 1000 else { throw .badManifest("it lists more than 1,000 files") }
        guard Set(files.map(\.path)).count == files.count else { throw .badManifest("two files have the same name") }
        guard files.count(where: { $0.role == .card }) <= 1 else { throw .badManifest("it lists more than one card") }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        try Self.requireOneModel(self.files.filter { $0.role == .weights }.map(\.path))
        if let missing = ShardName.missing(in: self.files.filter { $0.role == .safetensors }.map(\.path)) {
            throw .badManifest("\(missing) is missing: a split model is published with all of its files")
        }
        if let base, files.count(where: { $0.role == .weights }) != 1 {
            throw .badManifest("it names the base \(base.version), so its weights are one file, the adapter")
        }
        self.lineage = lineage
        self.base = base
    }

    /// The weights in the engine's format, when the version has any; an adapter's with those of its base.
    public var weights: WeightFiles? { WeightFiles(files.filter { $0.role == .weights }, over: base) }
    /// The model card, when the version has one.
    public var card: ArtifactFile? { files.first { $0.role == .card } }
    /// The bytes of all files together.
    public var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }

    /// Several files of weights must be all files of one split model.
    static func requireOneModel(_ paths: [String]) throws(RegistryTypesError) {
        guard paths.count > 1 else { return }
        let names = paths.map { ShardName($0) }
        guard let first = names[0], names.allSatisfy({ $0?.prefix == first.prefix && $0?.count == first.count }) else {
            throw .badManifest(
                "it lists more than one model (\(paths.prefix(3).joined(separator: ", "))); a version holds one, in one GGUF file or split in several"
            )
        }
        if let missing = ShardName.missing(in: paths) {
            throw .badManifest("\(missing) is missing: a split model is published with all of its files")
        }
    }

    private enum CodingKeys: String, CodingKey { case files, lineage, base }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            files: values.decode([ArtifactFile].self, forKey: .files),
            lineage: values.decodeIfPresent(Lineage.self, forKey: .lineage),
            base: values.decodeIfPresent(AdapterBase.self, forKey: .base)
        )
    }
}

/// One file of a version: its name inside the version, and the digest under which its bytes are stored.
public struct ArtifactFile: Hashable, Sendable, Codable {
    /// What the file is for.
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// Model weights in GGUF, the format that the engine loads.
        case weights
        /// Model weights in safetensors: kept with the facts of their header, never loaded.
        case safetensors
        /// The part of a model that sees pictures (GGUF, "mmproj"): kept beside its weights, never loaded.
        case vision
        /// The model card (Markdown with YAML front matter).
        case card
        /// Anything else: kept, never loaded.
        case opaque
    }

    /// The name inside the version, such as `model.gguf`; parts are separated by `/`.
    public let path: String
    /// The SHA-256 of the bytes.
    public let digest: Digest
    /// The number of bytes.
    public let sizeBytes: Int64
    /// What the file is for.
    public let role: Role

    /// A file of a version.
    ///
    /// - Throws: ``RegistryTypesError/badFileName(_:)`` when a part is empty, starts with a dot, or holds a byte
    ///   other than a letter, digit, `.`, `_`, `-`, `+`; ``RegistryTypesError/badManifest(_:)`` for a negative size.
    public init(path: String, digest: Digest, sizeBytes: Int64, role: Role) throws(RegistryTypesError) {
        guard ArtifactFile.isValid(path: path) else { throw .badFileName(path) }
        guard sizeBytes >= 0 else { throw .badManifest("size of \(path) is negative") }
        self.path = path
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.role = role
    }

    /// Whether `path` may name a file inside a version.
    public static func isValid(path: String) -> Bool {
        let parts = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
        return path.utf8.count <= 255
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != 0x2e
                    && part.allSatisfy { byte in
                        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
                            || (0x30...0x39).contains(byte) || [0x2e, 0x5f, 0x2d, 0x2b].contains(byte)
                    }
            }
    }

    private enum CodingKeys: String, CodingKey { case path, digest, sizeBytes, role }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            path: values.decode(String.self, forKey: .path),
            digest: values.decode(Digest.self, forKey: .digest),
            sizeBytes: values.decode(Int64.self, forKey: .sizeBytes),
            role: values.decode(Role.self, forKey: .role)
        )
    }
}
