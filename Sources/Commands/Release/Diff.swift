import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin diff`
struct Diff: Verb {
    static let configuration = CommandConfiguration.verb(
        "diff",
        "Everything that differs between two versions or releases.",
        discussion: """
            Exits 0 whether or not they differ; with --exit-code 10 when they do. -o wide shows equal rows too.
            """,
        examples: "diff ticket-bot@7 ticket-bot@8",
        "diff ticket-bot@production ticket-bot@r12 --exit-code"
    )

    @Argument(help: ArgumentHelp("The first.", valueName: "ref")) var left: String
    @Argument(help: ArgumentHelp("The second.", valueName: "ref")) var right: String
    @Flag(help: "Exit 10 when they differ.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let difference: Difference = try await session.client.get(
            APIPath.difference,
            [("left", try session.reference(left).description), ("right", try session.reference(right).description)]
        )
        try session.show(
            difference,
            kind: "Difference",
            names: [difference.left, difference.right],
            ReleaseOutput.difference(difference, showsEqual: session.printer.style.wide)
        )
        return exitCode && difference.rows.contains { !$0.isEqual } ? .checkFailed : .ok
    }
}
