import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin canary recompute`
struct CanaryRecompute: Verb {
    static let configuration = CommandConfiguration.verb(
        "recompute",
        "Judge the stored pairs of a canary again; exits 65 when the report does not come out as stored.",
        discussion: """
            Nothing is answered again, and nothing is changed. What an older build did not write is named and is no difference; \
            other rules of the judge are.
            """,
        examples: "canary recompute c-204",
        "canary recompute c-204 -o json"
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: RecomputedCanary = try await session.client.post(
            APIPath.recomputeCanary(CanaryID(text: id)),
            [String: String]()
        )
        try session.show(
            answer,
            kind: "RecomputedCanary",
            names: [answer.canary.description],
            Self.report(answer)
        )
        return answer.isSame ? .ok : .badData
    }

    /// The sentence, and every difference by name.
    static func report(_ answer: RecomputedCanary) -> Report {
        Report { report in
            report.line(
                Cell("canary \(answer.canary)", .strong),
                Cell("  \(answer.candidate) against r\(answer.baseline.number)")
            )
            report.blank()
            report.line((answer.isSame ? StatusCell.pass : StatusCell.fail)(answer.sentence))
            if let reason = answer.reason { report.line(Cell("  \(reason)")) }
            if !answer.differences.isEmpty {
                var table = Table(.text("MEMBER"), .text("STORED"), .note("NOW"), indent: 2)
                for difference in answer.differences {
                    table.row(
                        Cell(difference.member),
                        Cell(DisplayWidth.cut(difference.stored, to: 60)),
                        Cell(difference.recomputed.map { DisplayWidth.cut($0, to: 60) } ?? "not there")
                    )
                }
                report.blank()
                report.table(table)
                let hidden = answer.differenceCount - answer.differences.count
                if hidden > 0 { report.line(Cell("  and \(NumberText.count(hidden)) more", .faint)) }
            }
            if !answer.added.isEmpty, !answer.isSame {
                report.line(Cell("  not written by the build of then: \(answer.added.joined(separator: ", "))", .faint))
            }
            report.blank()
            report.line(Cell("stored      \(answer.evidence)", .faint))
            report.line(Cell("recomputed  \(answer.recomputedEvidence)", .faint))
        }
    }
}
