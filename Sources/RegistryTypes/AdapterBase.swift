/// What an adapter's version is laid over: the weights of another version, which are part of what it is.
public struct AdapterBase: Hashable, Sendable, Codable {
    /// The version whose weights they are.
    public let version: VersionID
    /// The files of its weights, sorted by path: a version's files never change, and these are named by their digests.
    public let files: [ArtifactFile]

    /// A base.
    ///
    /// - Throws: ``RegistryTypesError/badManifest(_:)`` where `files` are not the weights of one model.
    public init(version: VersionID, files: [ArtifactFile]) throws(RegistryTypesError) {
        guard !files.isEmpty else { throw .badManifest("its base \(version) has no weights") }
        guard files.allSatisfy({ $0.role == .weights }) else {
            throw .badManifest("its base \(version) lists a file that is no weights")
        }
        guard Set(files.map(\.path)).count == files.count, files.count <= 1000 else {
            throw .badManifest("its base \(version) lists a file twice, or more than 1,000 of them")
        }
        self.version = version
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        try Manifest.requireOneModel(self.files.map(\.path))
    }

    private enum CodingKeys: String, CodingKey { case version, files }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            version: values.decode(VersionID.self, forKey: .version),
            files: values.decode([ArtifactFile].self, forKey: .files)
        )
    }
}
