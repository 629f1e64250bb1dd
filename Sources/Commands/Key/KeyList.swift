import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin key list`
struct KeyList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the keys.",
        discussion: """
            Examples:
              serin key list
            """,
        aliases: ["ls"]
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<KeyRecord> = try await session.list(APIPath.keys)
        try session.showList(answer, kind: "KeyList", names: \.name.text, empty: "no key") {
            .keys($0, now: session.printer.style.now)
        }
        return .ok
    }
}
