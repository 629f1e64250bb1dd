import Foundation
import TestSupport
import Testing

/// The workflow of docs/ci.md, run as it is printed there: each `run:` part by a shell, with the variables that CI gives it.
@Suite(.serialized, .needsDemo) struct CITests {
    /// A step of the workflow that runs something.
    private struct Step {
        let name: String
        var condition = ""
        var script = ""
    }

    /// The steps of the page's workflow, in their order.
    private static func steps() throws -> [Step] {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/ci.md"), encoding: .utf8)
        let yaml = try #require(text.firstMatch(of: /(?s)```yaml\n(.*?)```/)).1
        var steps: [Step] = []
        var isScript = false
        for line in yaml.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.trimmingCharacters(in: .whitespaces)
            if words.hasPrefix("- name: ") {
                steps.append(Step(name: String(words.dropFirst(8))))
                isScript = false
            } else if steps.isEmpty {
                continue
            } else if words.hasPrefix("if: ") {
                steps[steps.count - 1].condition = String(words.dropFirst(4))
            } else if words.hasPrefix("run: ") {
                isScript = words == "run: |"
                if !isScript { steps[steps.count - 1].script = String(words.dropFirst(5)) }
            } else if isScript {
                steps[steps.count - 1].script += words + "\n"
            }
        }
        return steps
    }

    /// A server of the demo, and a checkout with one of its models.
    private final class Site {
        let installation: Installation
        let server: RunningServer
        private let checkout: URL

        init(_ version: String) throws {
            installation = try Installation()
            let files = installation.folder.appending(path: "files")
            #expect(try installation.run("demo", "create", files.path).exit == 0)
            server = try RunningServer(installation)
            try server.waitUntilReady()
            checkout = installation.folder.appending(path: "checkout")
            try FileManager.default.createDirectory(at: checkout, withIntermediateDirectories: true)
            let model = checkout.appending(path: "model")
            try FileManager.default.copyItem(at: files.appending(path: version), to: model)
        }

        /// What a step wrote into the checkout.
        func text(_ name: String) throws -> String {
            try String(contentsOf: checkout.appending(path: name), encoding: .utf8)
        }

        /// Runs the steps of an event until one fails, without the comment, which is GitHub's.
        ///
        /// - Returns: The names of the steps that ran, each with its exit code.
        func run(_ event: String, requests: Int) throws -> [String] {
            let variables = installation.folder.appending(path: "variables")
            try Data().write(to: variables)
            var environment = [
                "PATH": Installation.binary.deletingLastPathComponent().path + ":/usr/bin:/bin",
                "SERIN_SERVER": server.address, "SERIN_TOKEN": try installation.token(server.address),
                "MODEL": "ticket-bot", "GITHUB_ENV": variables.path, "GITHUB_SHA": "4f1c2d9",
                "GITHUB_STEP_SUMMARY": checkout.appending(path: "summary.md").path,
            ]
            var ran: [String] = []
            for step in try CITests.steps() where step.name != "comment" {
                guard step.condition.isEmpty || step.condition == "github.event_name == '\(event)'" else { continue }
                let script = try installation.write(
                    "checkout/step.sh",
                    step.script.replacing("--requests 2000", with: "--requests \(requests)")
                )
                let log = checkout.appending(path: "\(step.name).log")
                let process = try ChildProcess(
                    "/bin/bash",
                    ["-c", "cd \(checkout.path) && bash \(script)"],
                    environment: installation.environment(environment),
                    output: log,
                    errors: log
                )
                let exit = try process.waitForEnd(within: .seconds(300)).number
                ran.append("\(step.name) \(exit)")
                guard exit == 0 else { break }
                for line in try String(contentsOf: variables, encoding: .utf8).split(separator: "\n") {
                    let parts = line.split(separator: "=", maxSplits: 1)
                    environment[String(parts[0])] = String(parts[1])
                }
            }
            return ran
        }
    }

    @Test func thePageHasTheseSteps() throws {
        #expect(try Self.steps().map(\.name) == ["publish", "compare", "comment", "promote"])
        for step in try Self.steps() { #expect(!step.script.isEmpty, "\(step.name)") }
    }

    @Test func aBadModelEndsTheJob() throws {
        let site = try Site("v2")
        #expect(try site.run("pull_request", requests: 200) == ["publish 0", "compare 10"])
        #expect(try site.text("summary.md").contains("**FAIL"))
        #expect(try site.text("canary.xml").contains("<failure"))
        // Who merges it all the same does not get it live; 2,000 pairs again.
        if Checkout.isFullRun {
            let pushed = try site.run("push", requests: 200)
            #expect(pushed.first == "publish 0" && pushed.last?.hasPrefix("promote 1") == true, "\(pushed)")
        }
        #expect(try site.server.stop() == .exit(0))
    }

    @Test(.enabled(if: Checkout.isFullRun, "2,000 pairs: part of bin/test --full release"))
    func aGoodModelIsPromotedWithTheCanaryOfItsPullRequest() throws {
        let site = try Site("v3")
        #expect(try site.run("pull_request", requests: 2_000) == ["publish 0", "compare 0"])
        #expect(try site.run("push", requests: 2_000) == ["publish 0", "promote 0"])
        let canaries = try site.installation.run(
            ["canary", "list", "-o", "name"],
            environment: [
                "SERIN_SERVER": site.server.address, "SERIN_TOKEN": try site.installation.token(site.server.address),
            ]
        )
        #expect(canaries.out == "c-1\n", "\(canaries.out)")
        #expect(try site.server.stop() == .exit(0))
    }
}
