public import Digests
public import Foundation
import GRDB

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

/// The digest of a remembered answer: the one row of the file that no event says again, so that a byte of it that a disk
/// changed is noticed.
enum AnswerDigest {
    static func of(
        _ actor: String,
        _ key: String,
        _ fingerprint: Digest,
        _ first: Int,
        _ last: Int,
        _ time: Int64
    ) -> Digest {
        // Lengths before texts: no two rows have the same bytes.
        let head = "\(actor.utf8.count) \(key.utf8.count) \(first) \(last) \(time)\n"
        return Digest(of: Data(head.utf8) + Data(actor.utf8) + Data(key.utf8) + fingerprint.column)
    }

    /// All remembered answers, as ``isWhole(_:head:)`` takes them.
    static let rows = "SELECT actor, key, fingerprint, firstSeq, lastSeq, time, digest, id FROM idempotency"

    /// Whether a remembered answer is as it was written, and of a log that ends at the event `head`.
    static func isWhole(_ row: Row, head: Int) -> Bool {
        guard let fingerprint = try? row.digest(2), let actor = try? row.text(0), let key = try? row.text(1),
            let first = try? row.int(3), let last = try? row.int(4), let time = try? row.int(5)
        else { return false }
        if first > head + 1 || last > head { return false }
        // One of a build before has none.
        guard let digest = try? row.digest(6) else { return row.hasNull(atIndex: 6) }
        return of(actor, key, fingerprint, first, last, Int64(time)) == digest
    }
}
