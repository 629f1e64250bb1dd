import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

/// Documents and prompts: all of a file or nothing of it, by those who may.
@Suite struct DocumentTests {
    static let policy = """
        apiVersion: serin/v1
        kind: Policy
        name: strict
        for: { channel: nightly, models: ["ticket-bot"] }
        gates:
          - { id: smoke, type: smoke, level: mandatory }
        onMissing: block
        """

    @Test func allOrNothing() async throws {
        let demo = try await DemoPlane()
        let head = try await demo.head()
        let broken = await expectError(.badData) {
            try await demo.apply(Self.policy + "\n---\napiVersion: serin/v1\nkind: Policy\nname: other\ngatez: []\n")
        }
        #expect(broken?.title.contains("test.yaml") == true)
        #expect(broken?.title.contains("gatez") == true)
        await expectError(.badData, "the same document twice") {
            try await demo.apply(Self.policy + "\n---\n" + Self.policy)
        }
        await expectError(.badData, "no document") { try await demo.apply("") }
        await expectError(.notAllowed) {
            try await demo.apply(Self.policy, by: Caller(name: DemoPlane.known("dev"), role: .deployer))
        }
        let planned = try await demo.apply(Self.policy, dryRun: true)
        #expect(planned.dryRun)
        #expect(planned.changes.map(\.action) == [.created])
        #expect(try await demo.head() == head)

        #expect(try await demo.apply(Self.policy).changes.map(\.action) == [.created])
        let again = try await demo.apply(Self.policy)
        #expect(again.changes.map(\.action) == [.unchanged])
        #expect(again.changes.map(\.revision) == [1])
        let stricter = try await demo.apply(Self.policy.replacingOccurrences(of: "block", with: "defer"))
        #expect(stricter.changes.map(\.revision) == [2])
        #expect(stricter.changes[0].details == ["- onMissing: block", "+ onMissing: defer"])
    }

    /// Two policies that would decide about the same thing: nobody could say which one does.
    @Test func refusesAmbiguousPolicies() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(Self.policy)
        let head = try await demo.head()
        let error = await expectError(.badData) {
            try await demo.apply(Self.policy.replacingOccurrences(of: "name: strict", with: "name: stricter"))
        }
        #expect(error?.title.contains("\"strict\"") == true)
        #expect(error?.title.contains("\"stricter\"") == true)
        #expect(try await demo.head() == head)
        let narrower = Self.policy.replacingOccurrences(of: "name: strict", with: "name: wider")
            .replacingOccurrences(of: "\"ticket-bot\"", with: "\"ticket-*\"")
        _ = try await demo.apply(narrower)
        let explained = try await demo.plane.channels.explain(
            ExplainRequest(release: DemoPlane.choice("ticket-bot@1"), channel: DemoPlane.known("nightly")),
            by: DemoPlane.admin
        )
        #expect(explained.policy?.name.text == "strict")
    }

    @Test func twoAtOnceAreOneRevision() async throws {
        let demo = try await DemoPlane()
        let answers = try await withThrowingTaskGroup(of: ApplyAnswer.self) { group in
            for _ in 0..<8 { group.addTask { try await demo.apply(Self.policy) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.changes[0].action == .created } == 1)
        #expect(answers.count { $0.changes[0].action == .unchanged } == 7)
    }

    @Test func promptsAreVersions() async throws {
        let demo = try await DemoPlane()
        let source = try String(
            contentsOf: demo.folder.appending(path: "documents/prompt.yaml"),
            encoding: .utf8
        )
        let publisher = Caller(name: DemoPlane.known("dev"), role: .publisher)
        let same = try await demo.plane.registry.prompts.push(PromptPush(source: source), by: publisher)
        #expect(!same.created)
        #expect(same.prompt.id.number == 1)
        let changed = source.replacingOccurrences(of: "Return one JSON object", with: "Give one JSON object")
        let second = try await demo.plane.registry.prompts.push(PromptPush(source: changed), by: publisher)
        #expect(second.created)
        #expect(second.prompt.id.number == 2)
        let lines = try await demo.plane.registry.prompts.difference(DemoPlane.known("triage"), from: 1, to: 2).lines
        #expect(lines.filter { $0.kind != .same }.map(\.section) == ["system", "system"])
        #expect(
            lines.filter { $0.kind == .removed }.map(\.text) == ["Return one JSON object: intent, order, priority."]
        )
        // Back to the old words is the version that has them, and says that another one is newer.
        let back = try await demo.plane.registry.prompts.push(PromptPush(source: source), by: publisher)
        #expect(!back.created && back.prompt.id.number == 1 && back.newest?.number == 2)
        await expectError(.badData, "a policy is no prompt") {
            try await demo.plane.registry.prompts.push(PromptPush(source: Self.policy), by: publisher)
        }
        await expectError(.badData) {
            try await demo.plane.registry.prompts.push(PromptPush(source: "kind: ["), by: publisher)
        }
        let missing = await expectError(.notFound) {
            try await demo.plane.registry.prompts.show(DemoPlane.known("triag"))
        }
        #expect(missing?.near == ["triage"])
        await expectError(.notFound) {
            try await demo.plane.registry.prompts.difference(DemoPlane.known("triage"), from: 1, to: 9)
        }
    }

    /// Prompts so long and so different that comparing their lines one by one would hold the server up.
    @Test func comparesHostilePrompts() async throws {
        let demo = try await DemoPlane()
        func source(_ word: String) -> String {
            let text = (0..<8_000).map { "\(word)\($0 % 10)" }.joined(separator: "\\n")
            return """
                apiVersion: serin/v1
                kind: Prompt
                name: long
                format: raw
                messages:
                  - { role: user, text: "\(text)" }
                """
        }
        _ = try await demo.plane.registry.prompts.push(PromptPush(source: source("a")), by: DemoPlane.admin)
        _ = try await demo.plane.registry.prompts.push(PromptPush(source: source("b")), by: DemoPlane.admin)
        let lines = try await demo.plane.registry.prompts.difference(DemoPlane.known("long"), from: 1, to: 2).lines
        #expect(lines.count { $0.kind == .removed } == 8_000)
        #expect(lines.count { $0.kind == .added } == 8_000)
    }
}
