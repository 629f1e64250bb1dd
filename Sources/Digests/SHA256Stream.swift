internal import COpenSSL

/// SHA-256 over bytes that arrive in pieces.
public struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer?

    /// An empty stream.
    public init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        EVP_DigestUpdate(context, base, bytes.count)
    }

    /// The digest of all bytes taken so far; the stream is used up.
    public consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        EVP_DigestFinal_ex(context, &bytes, &count)
        return Digest(unchecked: bytes)
    }
}
