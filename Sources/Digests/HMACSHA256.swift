internal import COpenSSL

/// Message authentication with SHA-256 (RFC 2104), for tokens that a page hands out and takes back.
public enum HMACSHA256 {
    /// The 32-byte code of `message` under `key`.
    public static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &count)
        return code
    }
}
