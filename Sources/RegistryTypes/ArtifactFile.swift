public import Digests

/// One file of a version: its name inside the version, and the digest under which its bytes are stored.
public struct ArtifactFile: Hashable, Sendable, Codable {
    /// What the file is for.
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// Model weights the engine can load (GGUF).
        case weights
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
