import Foundation
import StrictJSON

extension Event {
    /// The entry as whoever reads the log is shown it: its facts without what is a secret, or the hash of one. ``hash``
    /// stays that of what is stored.
    public var shown: Event {
        let secret = RegistryEvent.secretMembers(of: kind)
        guard !secret.isEmpty else { return self }
        return Event(
            seq: seq,
            time: time,
            actor: actor,
            kind: kind,
            subject: subject,
            body: Self.text(body, without: secret),
            previous: previous,
            hash: hash
        )
    }

    /// What cannot be read, and so not be looked through, is shown as nothing.
    private static func text(_ body: String, without secret: Set<String>) -> String {
        guard case .object(let members)? = try? JSONText.parse(body) else { return "{}" }
        let shown = JSONValue.object(members.filter { !secret.contains($0.key) })
        return (try? CanonicalJSON.encode(shown)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
