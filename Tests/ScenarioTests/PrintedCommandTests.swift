import Foundation
import TestSupport
import Testing

/// What is printed as the next step works as it is printed.
@Suite(.needsDemo) struct PrintedCommandTests {
    /// The words after `next:` that begin with `serin`, up to a comma or the end of the line.
    private static func next(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            line.range(of: "serin ").map { String(line[$0.upperBound...]) }
        }
    }

    /// Without any prompt, with several, and with one that is live.
    @Test func publishSaysWhatIsMissing() throws {
        let installation = try Installation()
        let server = try RunningServer(installation, data: installation.folder.appending(path: "a"))
        let environment = ["SERIN_SERVER": server.address]
        func ask(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        let weights = Checkout.demo.appending(path: "v1").path
        let first = try ask("publish", weights, "--model", "ticket-bot")
        #expect(first.exit == 0 && first.err.contains("serin prompt push") && first.err.contains("--prompt NAME@1"))
        let prompt = Checkout.demo.appending(path: "documents/prompt.yaml")
        #expect(try ask("prompt", "push", prompt.path).exit == 0)
        let one = try ask("publish", weights, "--model", "ticket-bot")
        #expect(one.exit == 0 && !one.err.contains("--prompt"), "\(one.err)")
        let text = try String(contentsOf: prompt, encoding: .utf8)
        let other = try installation.write(
            "other.yaml",
            text.replacingOccurrences(of: "name: triage", with: "name: apart")
        )
        #expect(try ask("prompt", "push", other).exit == 0)
        let several = try ask("publish", weights, "--model", "ticket-bot")
        // Which of several it is, only a person knows: they are named.
        #expect(several.err.contains("--prompt NAME, which is one of apart, triage"), "\(several.err)")
        let printed = try #require(Self.next(several.err).first { $0.hasPrefix("promote ") })
            .replacing(", which is one of apart, triage", with: "").replacing("NAME", with: "apart")
        let moved = try run(printed: printed, installation, environment)
        // What the policy says is another matter: the command is one, and what it names is there.
        #expect(![3, 64, 65].contains(moved.exit), "\(printed): \(moved.exit) \(moved.err)")

        // Pages of what is no model.
        for (name, page) in [
            ("triage", "/prompts/triage"), ("triage@1", "/prompts/triage"), ("ticket-bot", "/models/ticket-bot"),
            ("production", "/policies/production"),
        ] {
            let opened = try ask("open", name)
            #expect(opened.exit == 0 && opened.out.hasSuffix(page + "\n"), "\(name): \(opened.out)\(opened.err)")
        }
        let nothing = try ask("open", "triag")
        #expect(nothing.exit == 3 && nothing.err.contains("triage"), "\(nothing.err)")
        try server.stop()
    }

    private func run(
        printed: String,
        _ installation: Installation,
        _ environment: [String: String]
    ) throws -> Installation.Outcome {
        let words = printed.split(separator: " ").map(String.init)
        return try installation.run(words, environment: environment)
    }
}
