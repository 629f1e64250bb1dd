import Digests

/// Names of people and conversations as hashes that only the holder of the key can make: what is kept says that two
/// requests belong together, and not whose they are.
enum UnitHash {
    /// The first 64 bits of HMAC-SHA256, as 16 hexadecimal digits.
    static func text(of name: String, key: [UInt8]) -> String {
        Array(HMACSHA256.code(of: Array(name.utf8), key: key).prefix(8)).hexadecimal
    }
}
