import ArgumentParser
import Digests
import RegistryTypes
import WireFormat
import Wording

/// `serin quarantine`
struct QuarantineGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "quarantine",
        "Weights that are not loaded any more, because they ended the server process.",
        [QuarantineList.self, QuarantineLift.self]
    )
}

/// `serin quarantine list`
struct QuarantineList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List weights that are not loaded any more.",
        discussion: """
            Weights are quarantined when three server processes in a row ended while they loaded them, the later ones with \
            nothing else being loaded. One that was live is replaced by the last settled release that can be loaded; where \
            there is none, it is not quarantined but tried again, less and less often.
            """,
        examples: "quarantine list",
        "quarantine list -o name"
    )

    @OptionGroup var global: GlobalOptions

    static let kind = "QuarantineList"
    var empty: Advice { "nothing is quarantined" }
    var page: PagePath? { nil }

    func ask(_ session: Session) async throws -> ListAnswer<QuarantineRow> {
        try await session.client.get(APIPath.quarantine)
    }

    func name(of row: QuarantineRow) -> String { row.subject }

    func report(_ rows: [QuarantineRow], now: Timestamp) -> Report {
        var table = Table(.text("WEIGHTS"), .text("VERSIONS"), .text("SINCE"), .long("WHY"))
        for row in rows {
            table.row(
                Cell(row.weights.short),
                Cell(row.versions.isEmpty ? "not published" : row.versions.map(\.description).joined(separator: ", ")),
                Cell(NumberText.elapsed(now.seconds(since: row.since))),
                Cell(row.reason)
            )
        }
        return Report { report in
            report.table(table)
            for row in rows {
                let subject: NextStep.QuarantineSubject =
                    row.versions.first.map { .version($0) } ?? .weights(row.weights)
                report.line(Cell("  to try \(row.subject) again: \(NextStep.quarantineLift(subject))"))
            }
        }
    }
}

/// `serin quarantine lift`
struct QuarantineLift: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "lift",
        "Have quarantined weights loaded again.",
        discussion: """
            What is live with them is tried at once. Should they end the process again, they are counted anew.
            """,
        examples: "quarantine lift ticket-bot@2 --reason \"a power cut\""
    )

    @Argument(help: ArgumentHelp("A version, or the digest of weights that were never published.", valueName: "ref"))
    var ref: String
    @Option(help: ArgumentHelp("Why, for those who come after.", valueName: "text")) var reason: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Quarantine"

    mutating func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason TEXT must not be empty.") }
    }

    func ask(_ session: Session) async throws -> QuarantineRow {
        try await session.client.post(
            APIPath.liftQuarantine,
            LiftQuarantineRequest(subject: ref, reason: reason)
        )
    }

    func name(of row: QuarantineRow) -> String { row.subject }
    func page(of row: QuarantineRow) -> PagePath? { row.versions.first.map { .version($0) } }

    func report(_ row: QuarantineRow, now: Timestamp) -> Report {
        Report { report in
            report.line(StatusCell.pass("\(row.subject) may be loaded again"))
            report.line(Cell("  before: \(row.reason)"))
        }
    }
}
