import Foundation
import GGUF
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Low-rank adapters through the real binary: files without a server first, then versions of kind adapter.
@Suite(.serialized, .needsDemo)
struct AdapterTests {
    private static func write(_ data: Data, _ name: String, _ installation: Installation) throws -> String {
        let url = installation.folder.appending(path: name)
        try data.write(to: url)
        return url.path
    }

    @Test func anAdapterIsLaidOverAFile() throws {
        let installation = try Installation()
        let base = Checkout.demoWeights.path
        let strong = try Self.write(ModelFiles.adapter(strength: 0.5), "strong.gguf", installation)
        let zero = try Self.write(ModelFiles.adapter(strength: 0), "zero.gguf", installation)
        let other = try Self.write(
            ModelFiles.adapter(strength: 1, ["general.architecture": .string("qwen2")]),
            "other.gguf",
            installation
        )
        let text = try installation.write("text.txt", String(repeating: "{\"intent\":\"track\"}\n", count: 20))
        func run(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: ["SERIN_SERVER": "http://127.0.0.1:9"])
        }
        let facts = try run("inspect", strong, "-o", "json").json(InspectedModel.self)
        #expect(!facts.runs && facts.reasons.count == 1 && facts.adapter?.ranks == [4] && facts.adapter?.alpha == 8)
        #expect(try run("inspect", strong).out.contains("rank 4, alpha 8"))
        let same = try run("compare", base, base, "--adapter", zero, "--text", text, "-o", "json")
        #expect(try same.json(ModelComparison.self).figures?.maxDivergence == 0, "\(same.err)")
        let apart = try run("compare", base, base, "--adapter", strong, "--text", text, "-o", "json")
        #expect(try (apart.json(ModelComparison.self).figures?.maxDivergence ?? 0) > 0, "\(apart.err)")
        let plain = try run("run", base, "Order", "--max-tokens", "8", "-q")
        #expect(try run("run", base, "Order", "--max-tokens", "8", "-q", "--adapter", zero).out == plain.out)
        #expect(try run("run", base, "Order", "--max-tokens", "8", "-q", "--adapter", strong).exit == 0)
        #expect(try run("score", base, "--text", text, "--adapter", strong, "-o", "json").exit == 0)
        for (arguments, exit, says) in [
            (["run", strong, "hi"], Int32(65), "it needs the model that it was made for"),
            (["run", base, "hi", "--adapter", other], 65, "made for architecture qwen2"),
            (["run", base, "hi", "--adapter", base], 65, "general.type is not"),
            (["run", base, "hi", "--adapter", text], 65, "next:"),
            (["run", "ticket-bot", "hi", "--adapter", strong], 64, "--adapter"),
            (
                ["compare", base, base, "--adapter", installation.folder.path + "/no.gguf", "--text", text], 65,
                "no.gguf"
            ),
        ] {
            let outcome = try installation.run(arguments, environment: ["SERIN_SERVER": "http://127.0.0.1:9"])
            #expect(outcome.exit == exit, "\(arguments): \(outcome.exit) \(outcome.err)")
            #expect(outcome.out.isEmpty && outcome.err.contains(says), "\(arguments): \(outcome.err)")
        }
    }

    @Test func anAdapterIsPublishedComparedPromotedAndKept() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        var server = try RunningServer(installation)
        // Later the server has another address, for which nobody is logged in.
        let token = try installation.token(server.address)
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: ["SERIN_SERVER": server.address, "SERIN_TOKEN": token])
        }
        let zero = try Self.write(ModelFiles.adapter(strength: 0), "zero.gguf", installation)
        let small = try Self.write(
            ModelFiles.adapter(strength: 0.002, ["general.base_model.0.name": .string("Ticket-Bot")]),
            "small.gguf",
            installation
        )
        let card = installation.folder.appending(path: "files/v1/card.md").path
        // Without a base it is kept, and how to name one is said: the only model that is what its file calls its base.
        let kept = try serin("publish", small, "--model", "tickets-lora")
        #expect(kept.exit == 10 && kept.err.contains("--base ticket-bot@1"), "\(kept.err)")
        #expect(try serin("chat", "tickets-lora@1", "hi").exit != 0)

        let published = try serin("publish", small, "--model", "ticket-bot", "--base", "ticket-bot@production")
        #expect(published.exit == 0 && published.out.contains("ticket-bot@1"), "\(published.out) \(published.err)")
        #expect(try serin("publish", small, "--model", "ticket-bot", "--base", "ticket-bot@1").out.contains("already"))
        let view = try serin("version", "show", "ticket-bot@2", "-o", "json").json(VersionView.self)
        #expect(view.version.manifest.base?.version == VersionID(try Name("ticket-bot"), 1))
        #expect(view.version.adapter?.ranks == [4] && view.version.adapter?.matrixCount ?? 0 > 0)
        #expect(view.version.isLoadable && view.inspection?.runs == true && view.inspection?.adapter?.alpha == 8)
        #expect(try serin("version", "show", "ticket-bot@2").out.contains("rank 4, alpha 8"))
        #expect(try serin("diff", "ticket-bot@1", "ticket-bot@2").out.contains("adapter over"))

        // One that changes nothing: every bit is the base's, and so is every answer.
        #expect(try serin("publish", zero, "--card", card, "--model", "ticket-bot", "--base", "ticket-bot@1").exit == 0)
        let text = try installation.write("text.txt", "{\"intent\":\"track\",\"order\":\"48213\"}")
        let same = try serin("compare", "ticket-bot@1", "ticket-bot@3", "--text", text, "-o", "json")
        #expect(try same.json(ModelComparison.self).figures?.maxDivergence == 0, "\(same.err)")
        let apart = try serin("compare", "ticket-bot@1", "ticket-bot@2", "--text", text, "-o", "json")
        #expect(try apart.json(ModelComparison.self).figures?.maxDivergence ?? 0 > 0, "\(apart.err)")
        #expect(try serin("tokenize", "ticket-bot@2", "Order 48213").exit == 0)
        #expect(try serin("score", "ticket-bot@2", "--text", text).exit == 0)
        #expect(
            try serin("run", "ticket-bot@3", "Order 48213 arrived broken").out
                == serin("run", "ticket-bot@1", "Order 48213 arrived broken").out
        )

        let canary = try serin("canary", "run", "ticket-bot@3", "--requests", "300", "--seed", "7", "-o", "json")
        let report = try #require(try canary.json(CanaryView.self).report, "\(canary.err)")
        #expect(report.judgment.checks.filter { !$0.timed }.allSatisfy { $0.verdict != .fail })
        let moved = try serin("promote", "ticket-bot@3", "--to", "production", "--override", "--reason", "test")
        #expect(moved.exit == 0, "\(moved.err)")
        let answer = try serin("chat", "ticket-bot", "Order 48213 arrived broken")
        #expect(answer.exit == 0 && answer.out.contains("48213"), "\(answer.err)")

        #expect(try server.stop() == .exit(0))
        let collected = try installation.run("server", "gc", "--data", installation.data.path)
        #expect(collected.exit == 0, "\(collected.err)")
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
        #expect(try installation.run("server", "rebuild", "--data", installation.data.path).exit == 0)
        server = try RunningServer(installation)
        try server.waitUntilReady()
        let later = try serin("chat", "ticket-bot", "Order 48213 arrived broken")
        #expect(later.out == answer.out, "\(later.err)")
        #expect(try server.stop() == .exit(0))
    }

    @Test func whatDoesNotFitIsRefusedByName() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let server = try RunningServer(installation)
        func publish(_ data: Data, over base: String) throws -> Installation.Outcome {
            let path = try Self.write(data, "lora.gguf", installation)
            return try installation.run(
                ["publish", path, "--model", "ticket-bot", "--base", base],
                environment: ["SERIN_SERVER": server.address]
            )
        }
        let good = try ModelFiles.adapter(strength: 0.002)
        #expect(try publish(good, over: "ticket-bot@1").exit == 0)
        for (data, base, exit, says) in [
            (good, "ticket-bot@9", Int32(3), "ticket-bot@9"),
            (good, "ticket-bot@2", 64, "is an adapter itself"),
            (try Data(contentsOf: Checkout.demoWeights), "ticket-bot@1", 65, "holds no adapter"),
            (
                try ModelFiles.adapter(strength: 1, ["general.architecture": .string("qwen3")]), "ticket-bot@1", 65,
                "was made for architecture qwen3"
            ),
            (
                try ModelFiles.adapter(strength: 1, ["adapter.lora.alpha": .float32(.nan)]), "ticket-bot@1", 65,
                "adapter.lora.alpha is nan"
            ),
            (
                try ModelFiles.adapter(strength: 1) { $0.replacing("blk.0.", with: "blk.90.") }, "ticket-bot@1", 65,
                "the base has no matrix blk.90."
            ),
            (try ModelFiles.adapter(strength: .infinity), "ticket-bot@1", 65, "a value that is not finite"),
        ] {
            let outcome = try publish(data, over: base)
            #expect(outcome.exit == exit, "\(says): \(outcome.exit) \(outcome.err)")
            #expect(outcome.out.isEmpty && outcome.err.contains(says), "\(says): \(outcome.err)")
        }
        // Nothing of that was kept.
        let list = try installation.run(
            ["model", "versions", "ticket-bot", "-o", "name"],
            environment: ["SERIN_SERVER": server.address]
        )
        #expect(list.out.split(separator: "\n").count == 2, "\(list.out) \(list.err)")
        #expect(try server.stop() == .exit(0))
    }
}
