import Digests
import RegistryTypes

/// Secrets that work until a moment, each of a key, by their hashes: only those are kept, so that the time of a look-up
/// says nothing about the secret.
///
/// One key has so many and no more: its oldest makes room for its next. However many logins a key asks for, those of
/// other keys stay.
struct LoginTable<Value> {
    /// The most of one key.
    static var maxOfOneKey: Int { 20 }
    /// The most in all; beyond them the key that has the most gives up its oldest.
    static var maxEntries: Int { 10_000 }

    private struct Entry {
        let name: Name
        let expires: Timestamp
        let value: Value
    }

    private var entries: [Digest: Entry] = [:]
    /// The hashes of each key, the oldest first.
    private var ofKey: [Name: [Digest]] = [:]

    /// How many are kept.
    var count: Int { entries.count }

    /// Takes in a secret of the key `name`.
    mutating func add(_ secret: String, of name: Name, expires: Timestamp, now: Timestamp, _ value: Value) {
        for hash in ofKey[name] ?? [] where entries[hash].map({ $0.expires <= now }) ?? true { remove(hash) }
        if ofKey[name, default: []].count >= Self.maxOfOneKey { removeOldest(of: name) }
        if entries.count >= Self.maxEntries {
            for (hash, entry) in entries where entry.expires <= now { remove(hash) }
        }
        if entries.count >= Self.maxEntries,
            let fullest = ofKey.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })
        {
            removeOldest(of: fullest.key)
        }
        let hash = Self.hash(secret)
        entries[hash] = Entry(name: name, expires: expires, value: value)
        ofKey[name, default: []].append(hash)
    }

    /// What a secret stands for; nil when it is unknown or too old.
    func value(of secret: String, now: Timestamp) -> Value? {
        entries[Self.hash(secret)].flatMap { $0.expires > now ? $0.value : nil }
    }

    /// Ends a secret.
    mutating func remove(secret: String) { remove(Self.hash(secret)) }

    private mutating func removeOldest(of name: Name) {
        if let oldest = ofKey[name]?.first { remove(oldest) }
    }

    private mutating func remove(_ hash: Digest) {
        guard let entry = entries.removeValue(forKey: hash) else { return }
        ofKey[entry.name]?.removeAll { $0 == hash }
        if ofKey[entry.name]?.isEmpty == true { ofKey[entry.name] = nil }
    }

    private static func hash(_ secret: String) -> Digest { Digest(of: Array(secret.utf8)) }
}
