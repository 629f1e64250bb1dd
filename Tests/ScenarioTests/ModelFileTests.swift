import Foundation
import TestSupport
import Testing
import WireFormat

/// Model files and releases looked at through the real binary: without a server first, then with one.
@Suite(.serialized, .needsDemo)
struct ModelFileTests {
    @Test func aFileNeedsNoServer() throws {
        let installation = try Installation()
        let demo = Checkout.demo
        let first = demo.appending(path: "v1").path, second = demo.appending(path: "v2/model.gguf").path
        let text = try installation.write(
            "text.txt",
            String(repeating: "{\"intent\":\"track\",\"order\":\"48213\"}\n", count: 30)
        )
        // Nothing listens there.
        let environment = ["SERIN_SERVER": "http://127.0.0.1:9"]
        func run(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        let facts = try run("inspect", first, "-o", "json")
        #expect(facts.exit == 0, "\(facts.err)")
        #expect(try facts.json(InspectedModel.self).runs)
        let tokens = try run("tokenize", first, "Order 48213", "-o", "json")
        #expect(try tokens.json(TokenizedText.self).roundTrip)
        let answer = try run("run", first, "Order", "--max-tokens", "4", "-q")
        #expect(answer.exit == 0 && !answer.out.isEmpty, "\(answer.err)")
        #expect(try run("run", first, "Order", "--max-tokens", "4", "-q").out == answer.out)
        let score = try run("score", first, "--text", text, "-o", "json")
        #expect(try score.json(TextScore.self).fit.perplexity != nil)
        let same = try run("compare", first, first, "--text", text, "-o", "json").json(ModelComparison.self)
        #expect(same.figures?.maxDivergence == 0 && same.figures?.agreement == 1)
        let other = try run("compare", first, second, "--text", text)
        #expect(other.exit == 0 && other.out.contains("KL divergence") && !other.out.contains("exactly 0"))
        let lines = other.out.utf8.split(separator: 0x0a).count
        #expect(lines <= 12, "ten lines that a reader understands, not \(lines)")

        let broken = try installation.write("broken.gguf", "GGUF")
        for (arguments, exit, says) in [
            (["inspect", broken], Int32(65), "broken.gguf"),
            (["inspect", installation.folder.appending(path: "no.gguf").path], 65, "no such file"),
            (["run", broken, "hi"], 65, "next:"),
            (["run", first, "hi", "--top-p", "0"], 64, "--top-p"),
            (["run", "ticket-bot", "hi", "--raw"], 64, "--raw"),
            (["compare", first, second], 64, "--text"),
            (["compare", first, second, "--traffic", "week47"], 64, "publish the file"),
            (["compare", first, "ticket-bot@1", "--text", text], 6, "next:"),
            (["score", first, "--text", broken + ".txt"], 65, "no such file"),
            (["inspect", "ticket-bot@1"], 6, "next:"),
        ] {
            let outcome = try installation.run(arguments, environment: environment)
            #expect(outcome.exit == exit, "\(arguments): \(outcome.exit) \(outcome.err)")
            #expect(outcome.out.isEmpty && outcome.err.contains(says), "\(arguments): \(outcome.err)")
        }
    }

    @Test func interruptedAnswersStop() throws {
        let installation = try Installation()
        let file = Checkout.demo.appending(path: "v1/model.gguf").path
        let text = try installation.write("long.txt", String(repeating: "Order 48213 arrived broken. ", count: 40_000))
        let reader = try installation.start(["score", file, "--text", text, "--progress", "plain"], environment: [:])
        try eventually("it reads, or ends") { !reader.isRunning || reader.err.contains("score") }
        reader.send(SIGINT)
        let outcome = try reader.outcome(within: .seconds(60))
        #expect(outcome.exit == 130 && outcome.out.isEmpty, "\(outcome.exit) \(outcome.err)")
    }

    @Test func releasesAreReadByTheServer() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        func run(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        let published = try run("publish", files.appending(path: "v2").path, "--model", "ticket-bot")
        #expect(published.exit == 0, "\(published.err)")
        let offline = try run("inspect", files.appending(path: "v2").path, "-o", "json").json(InspectedModel.self)
        #expect(try run("inspect", "ticket-bot@2", "-o", "json").json(InspectedModel.self) == offline)
        let comparison = try run(
            "compare",
            "ticket-bot@1",
            "ticket-bot@2",
            "--traffic",
            "week47",
            "--requests",
            "8"
        )
        #expect(comparison.exit == 0 && comparison.out.contains("8 requests of week47"), "\(comparison.err)")
        #expect(comparison.err.contains("/readings/"), "it must say where the page is: \(comparison.err)")
        // What the server says of two versions is what their files say here, bit for bit.
        let text = try installation.write("text.txt", "{\"intent\":\"track\",\"order\":\"48213\"}")
        let there = try run("compare", "ticket-bot@1", "ticket-bot@2", "--text", text, "-o", "json")
        let here = try run(
            "compare",
            files.appending(path: "v1").path,
            files.appending(path: "v2").path,
            "--text",
            text,
            "-o",
            "json"
        )
        #expect(try there.json(ModelComparison.self).figures == here.json(ModelComparison.self).figures)
        // A file beside a release: its weights come here once, and the figures are the same once more.
        for _ in 1...2 {
            let mixed = try run(
                "compare",
                "ticket-bot@1",
                files.appending(path: "v2").path,
                "--text",
                text,
                "-o",
                "json"
            )
            let found = try mixed.json(ModelComparison.self)
            #expect(found.figures == (try here.json(ModelComparison.self)).figures, "\(mixed.err)")
            #expect(found.baseline == "ticket-bot@1" && found.candidate == "model.gguf")
        }
        let set = try run("compare", "ticket-bot@1", files.appending(path: "v2").path, "--traffic", "week47")
        #expect(set.exit == 64 && set.err.contains("publish the file"), "\(set.err)")
        #expect(try run("run", "ticket-bot", "Order 48213 arrived broken").out.contains("48213"))
        #expect(try run("compare", "ticket-bot@1", "ticket-bot@9", "--text", text).exit == 3)
        #expect(try server.stop() == .exit(0))
    }
}
