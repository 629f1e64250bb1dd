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
