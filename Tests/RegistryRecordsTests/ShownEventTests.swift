import Digests
import Foundation
import RegistryTypes
import StrictJSON
import Testing

@testable import RegistryRecords

/// What is shown of the log holds no secret, and no hash of one.
struct ShownEventTests {
    private static func event(_ kind: String, _ body: String) -> Event {
        let zero = Digest(of: [UInt8]())
        return Event(
            seq: 1,
            time: Timestamp(milliseconds: 0),
            actor: "admin",
            kind: kind,
            subject: "ci",
            body: body,
            previous: zero,
            hash: Digest(of: Array(body.utf8))
        )
    }

    @Test func theHashOfATokenIsShownToNobody() throws {
        let hash = Digest(of: Array("srn_secret".utf8))
        let made = KeyCreated(name: try Name("ci"), role: .caller, tokenHash: hash, capture: .redacted)
        let stored = Self.event(KeyCreated.kind, String(decoding: try made.stored(), as: UTF8.self))
        #expect(stored.body.contains(hash.hexadecimal))
        let shown = stored.shown
        #expect(shown.body == #"{"capture":"redacted","form":"rfc8785","name":"ci","role":"caller"}"#)
        #expect(shown.hash == stored.hash && shown.seq == stored.seq)
        #expect(shown.shown == shown)
    }

    /// What cannot be looked through is not shown; what has no secret is shown as it is, also of kinds that nobody knows.
    @Test(arguments: [
        ("key.created", "{\"tokenHash\":", "{}"), ("key.created", "[]", "{}"),
        ("key.revoked", #"{"name":"ci"}"#, #"{"name":"ci"}"#), ("later.kind", "{\"a\":", "{\"a\":"),
    ])
    func whatIsShown(kind: String, body: String, shown: String) {
        #expect(Self.event(kind, body).shown.body == shown)
    }

    /// A new event with a secret must say so: no member may be called after one without being on the list.
    @Test func membersThatSoundSecretAreOnTheList() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/RegistryRecords")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var found: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.starts(with: ["public", "let"]), let name = words.dropFirst(2).first else { continue }
                let member = name.lowercased()
                let isSecret = ["token", "secret", "password", "cookie"].contains { member.contains($0) }
                // What models read and write has the same name.
                guard isSecret, !member.contains("tokens"), !member.contains("tokeniz") else { continue }
                found.insert(String(name.prefix { $0 != ":" }))
            }
        }
        #expect(found == KeyCreated.secretMembers)
    }
}
