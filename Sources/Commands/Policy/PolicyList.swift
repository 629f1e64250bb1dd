import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin policy list`
struct PolicyList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the policies.",
        discussion: """
            Examples:
              serin policy list
            """,
        aliases: ["ls"]
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<DocumentRecord> = try await session.list(APIPath.policies)
        try session.showList(answer, kind: "PolicyList", names: \.name.text, empty: "no policy: serin apply -f FILE") {
            .policies($0, now: session.printer.style.now)
        }
        return .ok
    }
}
