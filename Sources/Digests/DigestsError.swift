/// What can be wrong with a digest or with libcrypto.
public enum DigestsError: Error, Equatable, Sendable {
    /// The text or the bytes are not a SHA-256 digest.
    case badDigest(String)
    /// The system's random source gave nothing.
    case noRandomBytes
}

extension DigestsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badDigest(let text):
            "\"\(String(decoding: text.utf8.prefix(80), as: UTF8.self))\" is not a digest: expected sha256: and 64 hexadecimal digits in lower case"
        case .noRandomBytes:
            "the system's random source gave no bytes: check /dev/urandom and the OpenSSL configuration"
        }
    }
}
