import Foundation
import GRDB
import TestSupport
import Testing
import WireFormat

/// What a newcomer gets wrong: one clear error, the documented exit code, nothing lost.
@Suite(.serialized, .needsDemo)
struct BadInputTests {
    @Test func everyMistakeHasItsCodeAndItsNextStep() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]

        var model = try Data(contentsOf: files.appending(path: "v1/model.gguf"))
        let truncated = installation.folder.appending(path: "truncated.gguf")
        try model.prefix(model.count / 2).write(to: truncated)
        model[4] = 9
        let future = installation.folder.appending(path: "future.gguf")
        try model.write(to: future)
        let card = try installation.write("card/card.md", "---\nlicense: [apache\n---\n# x\n")
        try FileManager.default.copyItem(
            at: files.appending(path: "v1/model.gguf"),
            to: installation.folder.appending(path: "card/model.gguf")
        )
        let policy = try installation.write(
            "policy.yaml",
            "apiVersion: serin/v1\nkind: Policy\nname: p\nfor: { channel: x, modls: [\"*\"] }\ngates: []\n"
        )
        let traffic = try installation.write(
            "traffic.jsonl",
            "{\"id\":\"1\",\"variables\":{\"ticket\":\"a\"}}\n{\"id\":\"2\",\n"
        )
        let mistakes: [(arguments: [String], exit: Int32, says: String)] = [
            (["publish", truncated.path, "--model", "m"], 65, "next:"),
            (["publish", (card as NSString).deletingLastPathComponent, "--model", "m"], 65, "card.md"),
            (
                ["publish", files.appending(path: "v3").path, "--model", "ticket-bot", "--expect-version", "1"], 5,
                "exists"
            ),
            (["publish", "/nonexistent", "--model", "m"], 65, "next:"),
            (["publish", files.appending(path: "v3").path, "--model", "Bad Name"], 64, "name"),
            (["promote", "ticket-bat@1", "--to", "production"], 3, "ticket-bot"),
            (["promote", "ticket-bot@9", "--to", "production"], 3, "ticket-bot"),
            (["canary", "run", "ticket-bot@1"], 64, "itself"),
            (["canary", "show", "c-99"], 3, "next:"),
            (["policy", "explain", "nothing@1", "--to", "production"], 3, "next:"),
            (["apply", "-f", policy], 65, "modls"),
            (["policy", "lint", "-f", policy], 65, "models"),
            (["traffic", "import", traffic, "--name", "t"], 65, "line 2"),
            (["chat", "ticket-bot", "--var", "tikcet=x"], 64, "ticket"),
            (["rollback", "ticket-bot"], 5, "no release to go back to"),
            (["promote", "ticket-bot@1", "--to", "prodction"], 3, "production"),
            (["incident", "list", "--model", "ticket-bat"], 3, "ticket-bot"),
            (["rollout", "list", "ticket-bat"], 3, "ticket-bot"),
            (["canary", "list", "ticket-bat"], 3, "ticket-bot"),
            (["drift", "list", "ticket-bat"], 3, "ticket-bot"),
            (["status", "--at", "2020-01-01"], 3, "the log begins"),
            (["status", "--at", "2999-01-01"], 64, "to come"),
            (["status", "--at", "2026-11-21T10:00:00+01:00"], 3, "nothing is known of 2026-11-21T09:00:00Z"),
            (["promot", "ticket-bot@1"], 64, "promote"),
            (["promote", "ticket-bot@1", "--too", "production"], 64, "--to"),
            (["status", "--server", "http://127.0.0.1:9"], 6, "next:"),
        ]
        for mistake in mistakes {
            let outcome = try installation.run(mistake.arguments, environment: environment)
            #expect(outcome.exit == mistake.exit, "\(mistake.arguments): \(outcome.exit) \(outcome.err)")
            #expect(outcome.out.isEmpty, "\(mistake.arguments) wrote to stdout: \(outcome.out)")
            #expect(outcome.err.contains(mistake.says), "\(mistake.arguments): \(outcome.err)")
            #expect(outcome.err.utf8.split(separator: 0x0a).count <= 8, "\(mistake.arguments): \(outcome.err)")
        }
        // What only another build could read is kept, and that is said before and after.
        let kept = try installation.run("publish", future.path, "--model", "m", environment: environment)
        #expect(kept.exit == 10 && kept.out.contains("cannot be run here") && kept.err.contains("GGUF version 9"))
        let wrongKey = environment.merging(["SERIN_TOKEN": "srn_wrong"]) { $1 }
        #expect(try installation.run("status", environment: wrongKey).exit == 4)

        // A second server on the same folder, and a port that is taken.
        let second = try installation.run("serve", "--data", installation.data.path, "--port", "0")
        #expect(second.exit == 1)
        #expect(second.err.contains("in use"))
        let port = try #require(server.address.split(separator: ":").last)
        let other = try installation.run(
            "serve",
            "--data",
            installation.folder.appending(path: "other").path,
            "--port",
            String(port)
        )
        #expect(other.exit == 1)
        #expect(other.err.contains("next:"))
        #expect(!FileManager.default.fileExists(atPath: installation.folder.appending(path: "other").path))
        #expect(try installation.run("status", environment: environment).exit == 0)
        #expect(try server.stop() == .exit(0))
    }

    @Test func anEditedEventIsNamed() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let log = try DatabaseQueue(path: installation.data.appending(path: "serin.db").path)
        try log.write { database in
            try database.execute(sql: "DROP TRIGGER event_is_never_updated")
            try database.execute(sql: "UPDATE event SET actor = 'mallory' WHERE seq = 3")
        }
        try log.close()
        let check = try installation.run("server", "check", "--data", installation.data.path)
        #expect(check.exit != 0)
        #expect((check.out + check.err).contains("event #3:"), "\(check.out)\(check.err)")
        // Nothing is served from it and nobody gets a key, whatever else is whole.
        for arguments in [["serve", "--port", "0"], ["server", "key", "reset"]] {
            let refused = try installation.run(arguments + ["--data", installation.data.path])
            #expect(refused.exit == 65 && refused.out.isEmpty, "\(refused.out)\(refused.err)")
            #expect(refused.err.contains("event #3:") && refused.err.contains("next:"), "\(refused.err)")
        }
    }

    /// Bytes that rotted and are not loaded: publishing the same files again brings the right ones, as the check says.
    @Test func rottenFilesAreReplacedByPublishing() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        var server = try RunningServer(installation)
        let v2 = files.appending(path: "v2").path
        try Data(repeating: 7, count: 200_000).write(to: files.appending(path: "v2/notes.bin"))
        let publish = ["publish", v2, "--model", "ticket-bot"]
        #expect(try installation.run(publish, environment: ["SERIN_SERVER": server.address]).exit == 0)
        let token = try installation.token(server.address)
        try server.stop()
        for name in ["card.md", "notes.bin", "model.gguf"] {
            let bytes = try Data(contentsOf: files.appending(path: "v2/\(name)"))
            let blobs = FileManager.default.enumerator(
                at: installation.data.appending(path: "blobs"),
                includingPropertiesForKeys: nil
            )
            let blob = try #require(blobs?.compactMap { $0 as? URL }.first { (try? Data(contentsOf: $0)) == bytes })
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: blob.path)
            var rotten = bytes
            rotten[rotten.count / 2] ^= 1
            try rotten.write(to: blob)
            #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 65)

            server = try RunningServer(installation)
            let environment = ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
            let target = installation.folder.appending(path: "pulled-\(name)").path
            let pulled = try installation.run("model", "pull", "ticket-bot@2", "--to", target, environment: environment)
            #expect(pulled.exit != 0, "\(name): \(pulled.out)\(pulled.err)")
            let again = try installation.run(publish, environment: environment)
            #expect(again.exit == 0 && again.out.contains("already published"), "\(name): \(again.err)")
            #expect(try installation.run("version", "show", "ticket-bot@2", environment: environment).exit == 0)
            try server.stop()
            let check = try installation.run("server", "check", "--data", installation.data.path)
            #expect(check.exit == 0, "\(name): \(check.out)")
        }
    }

    /// Bytes that rotted on disk are never loaded; publishing the same files again brings the right ones.
    @Test func rottenBytesAreFoundAndReplaced() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let blobs = FileManager.default.enumerator(
            at: installation.data.appending(path: "blobs"),
            includingPropertiesForKeys: [.fileSizeKey]
        )
        let weights = try #require(
            (blobs?.compactMap { $0 as? URL } ?? []).max { left, right in
                let sizes = [left, right].map { (try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0 }
                return sizes[0] < sizes[1]
            }
        )
        var bytes = try Data(contentsOf: weights)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: weights.path)
        try bytes.write(to: weights)
        let check = try installation.run("server", "check", "--data", installation.data.path)
        #expect(check.exit != 0)
        #expect((check.out + check.err).contains("damaged"))

        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        #expect(try installation.run("chat", "ticket-bot", "hello", environment: environment).exit == 65)
        let v1 = files.appending(path: "v1").path
        let again = try installation.run("publish", v1, "--model", "ticket-bot", environment: environment)
        #expect(again.exit == 0, "\(again.err)")
        #expect(try installation.run("chat", "ticket-bot", "hello", environment: environment).exit == 0)
        try server.stop()
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
    }
}
