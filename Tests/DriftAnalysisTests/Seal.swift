import Digests

/// The checksum at the end of stored summaries.
enum Seal {
    static func of(_ content: [UInt8]) -> [UInt8] { Array(Digest(of: content).bytes.prefix(8)) }
}
