import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin prompt diff`
struct PromptDiffVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two versions of a prompt line by line.",
        discussion: """
            Examples:
              serin prompt diff triage@3 triage@4
              serin prompt diff triage@3 triage@4 --exit-code
            """
    )

    @Argument(help: ArgumentHelp("The first, such as triage@3.", valueName: "prompt")) var left: String
    @Argument(help: ArgumentHelp("The second; a number alone means the same prompt.", valueName: "prompt")) var right:
        String
    @Flag(help: "Exit 10 when they differ.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let from = try session.promptReference(left)
        let to = try session.promptReference(
            right.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "\(from.name)@\(right)" : right
        )
        guard from.name == to.name, let first = from.number, let second = to.number else {
            throw CommandsError.badArgument(
                name: "prompt",
                value: "\(left) \(right)",
                problem: "two numbered versions of one prompt are compared",
                example: "serin prompt diff triage@3 triage@4"
            )
        }
        let diff: PromptDiff = try await session.client.get(
            APIPath.promptDiff(from.name),
            [("from", String(first)), ("to", String(second))]
        )
        try session.show(
            diff,
            kind: "PromptDiff",
            names: [diff.from.id.description, diff.to.id.description],
            .promptDiff(diff)
        )
        session.talkAddress("page", .promptDiff(from.name, from: first, to: second))
        return exitCode && diff.lines.contains { $0.kind != .same } ? .checkFailed : .ok
    }
}
