import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin traffic list`
struct TrafficList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the traffic sets.",
        discussion: """
            Examples:
              serin traffic list
            """,
        aliases: ["ls"]
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<TrafficRecord> = try await session.list(APIPath.trafficSets)
        try session.showList(
            answer,
            kind: "TrafficList",
            names: \.name.text,
            empty: "no traffic set yet: serin traffic import FILE, or: serin traffic freeze NAME"
        ) {
            .trafficSets($0, now: session.printer.style.now)
        }
        return .ok
    }
}
