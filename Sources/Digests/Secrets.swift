internal import COpenSSL

/// Bytes nobody can guess, from libcrypto.
public enum RandomBytes {
    /// `count` random bytes.
    ///
    /// - Throws: ``DigestsError/noRandomBytes``.
    public static func make(count: Int) throws(DigestsError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .noRandomBytes }
        return bytes
    }
}

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

/// Comparison that takes the same time wherever the first difference is.
public enum ConstantTime {
    /// Whether the two are equal; unequal lengths are unequal.
    public static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && (left.isEmpty || CRYPTO_memcmp(left, right, left.count) == 0)
    }
}
