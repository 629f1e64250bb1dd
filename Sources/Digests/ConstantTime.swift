internal import COpenSSL

/// Comparison that takes the same time wherever the first difference is.
public enum ConstantTime {
    /// Whether the two are equal; unequal lengths are unequal.
    public static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && (left.isEmpty || CRYPTO_memcmp(left, right, left.count) == 0)
    }
}
