public import Digests
public import Foundation

/// What a client sends with a command so that sending it again does not do it again. Keys belong to their actor.
public struct IdempotencyKey: Hashable, Sendable {
    /// The key as sent.
    public let text: String
    /// The SHA-256 of what was asked: the same key with another request is an error.
    public let fingerprint: Digest

    /// A key for `request`, any bytes that are equal for equal requests.
    ///
    /// - Throws: ``CatalogError/badKey(_:)`` unless `text` is 1 to 200 printable ASCII characters.
    public init(_ text: String, for request: Data) throws(CatalogError) {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .badKey(text)
        }
        self.text = text
        fingerprint = Digest(of: request)
    }

    /// How long answers are kept, at least while they are among the last ``keptCount``.
    static let keptMilliseconds: Int64 = 7 * 24 * 3_600_000
    static let keptCount = 10_000
}
