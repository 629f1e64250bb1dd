import Digests
import RegistryTypes

/// The hash that chains the log; its form is written down in `Registry/migrations/001_event_log.sql`.
enum EventHash {
    /// What comes before the first entry.
    static let origin = [UInt8](repeating: 0, count: 32)

    static func of(
        seq: Int,
        time: Timestamp,
        actor: String,
        kind: String,
        subject: String,
        body: String,
        previous: Digest
    ) -> Digest {
        var entry: [UInt8] = []
        entry.reserveCapacity(128 + actor.utf8.count + kind.utf8.count + subject.utf8.count + body.utf8.count)
        func add(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { entry.append(contentsOf: $0) } }
        add(Int64(seq))
        add(time.milliseconds)
        for text in [actor, kind, subject, body] {
            add(Int64(text.utf8.count))
            entry.append(contentsOf: text.utf8)
        }
        entry.append(contentsOf: previous.bytes)
        var stream = SHA256Stream()
        entry.withUnsafeBytes { stream.update($0) }
        return stream.finish()
    }
}
