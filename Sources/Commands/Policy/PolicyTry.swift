import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin policy try`
struct PolicyTry: Verb {
    static let configuration = CommandConfiguration.verb(
        "try",
        "Judge an old canary under another policy or canary document; nothing is changed.",
        discussion: """
            The file holds a policy, a canary document, or one of each. A document judges the pairs that were answered; a policy \
            decides on the facts of the decision that used the canary, else on those of now as they were for it. Exits 0 \
            whatever would differ.
            """,
        examples: "policy try production.yaml --on c-204",
        "policy try tickets.yaml --on c-204 -o json"
    )

    @Argument(
        help: ArgumentHelp("A file with a policy or a canary document; - is the standard input.", valueName: "file"),
        completion: .file()
    )
    var file: String
    @Option(help: ArgumentHelp("The canary, such as c-204.", valueName: "id")) var on: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try CanaryID(text: on)
        let source = SourceFile(name: file, text: try session.text(ofFile: file))
        try DocumentFiles.check([source])
        let trial: PolicyTrial = try await session.client.post(
            APIPath.tryOnCanary(id),
            PolicyTrialRequest(file: source)
        )
        try session.show(trial, kind: "PolicyTrial", names: [trial.canary.description], PolicyOutput.trial(trial))
        return .ok
    }
}

extension PolicyOutput {
    /// What would differ, in one table.
    static func trial(_ trial: PolicyTrial) -> Report {
        Report { report in
            report.line(
                Cell("canary \(trial.canary)", .strong),
                Cell(
                    "  \(trial.candidate) against r\(trial.baseline.number)   under \(trial.tried.joined(separator: " and "))"
                )
            )
            report.blank()
            let count = trial.differences
            report.line(
                count == 0
                    ? StatusCell.pass("nothing would differ")
                    : StatusCell.notice("\(NumberText.count(count, "line")) would differ")
            )
            for note in trial.notes { report.line(Cell("  \(note)", .faint)) }
            report.blank()
            var table = Table(
                .text(""),
                .text("WHAT"),
                .text("NAME"),
                .text("AS IT WAS"),
                .text("AS TRIED"),
                .note("FOUND"),
                indent: 2
            )
            for row in trial.rows {
                table.row(
                    row.differs ? Cell("≠", .notice) : Cell(" "),
                    Cell(row.subject.rawValue),
                    Cell(row.name),
                    Cell(row.before ?? "-"),
                    Cell(row.after ?? "-", row.differs ? .strong : .plain),
                    Cell(row.differs ? row.found ?? "" : "")
                )
            }
            report.table(table)
        }
    }
}
