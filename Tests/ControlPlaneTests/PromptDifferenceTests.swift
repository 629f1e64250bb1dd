import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// Prompts that differ are never said to be equal.
@Suite struct PromptDifferenceTests {
    private static func prompt(_ messages: [(String, String)], _ more: String = "") -> String {
        let lines = messages.map { "  - { role: \($0.0), text: \"\($0.1)\" }" }
        return """
            apiVersion: serin/v1
            kind: Prompt
            name: tp
            format: chatml
            messages:
            \(lines.joined(separator: "\n"))
            variables: { ticket: { required: true } }
            \(more)
            """
    }

    private static let first = [("system", "caf\u{e9}"), ("user", "one"), ("assistant", "two"), ("user", "{{ticket}}")]

    /// Prompts that differ from the first one.
    private static let others: [(name: String, text: String)] = [
        ("order", prompt([first[0], first[2], first[1], first[3]])),
        ("accents", prompt([("system", "cafe\u{301}")] + first.dropFirst())),
        ("settings", prompt(first, "decoding: { typicalP: 0.5 }")),
        ("deadline", prompt(first, "deadline: 30 s")),
        ("rule", prompt(first, "clientSystem: append")),
        ("schema", prompt(first, "output: { schema: { type: object } }")),
    ]

    @Test func whatDiffersIsSaid() async throws {
        let demo = try await DemoPlane()
        let prompts = demo.plane.registry.prompts
        _ = try await prompts.push(PromptPush(source: Self.prompt(Self.first)), by: DemoPlane.admin)
        for (name, text) in Self.others {
            let pushed: PromptAnswer
            do { pushed = try await prompts.push(PromptPush(source: text), by: DemoPlane.admin) } catch {
                Issue.record("\(name): \(error)")
                continue
            }
            #expect(pushed.created, "\(name)")
            let diff = try await prompts.difference(DemoPlane.known("tp"), from: 1, to: pushed.prompt.id.number)
            #expect(diff.lines.contains { $0.kind == .added }, "\(name)")
            #expect(!diff.lines.contains { $0.section == "content" }, "\(name) is shown by no part")
        }
        let same = try await prompts.difference(DemoPlane.known("tp"), from: 1, to: 1)
        #expect(!same.lines.contains { $0.kind != .same })
    }

    @Test func rowsAreEqualByBytes() {
        #expect(!DifferenceRow(group: "g", field: "f", left: "\u{e9}", right: "e\u{301}").isEqual)
        #expect(!DifferenceRow(group: "g", field: "f", left: nil, right: "").isEqual)
        #expect(DifferenceRow(group: "g", field: "f", left: "\u{e9}", right: "\u{e9}").isEqual)
    }
}
