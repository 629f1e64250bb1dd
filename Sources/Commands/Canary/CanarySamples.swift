import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin canary samples`
struct CanarySamples: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "samples",
        "List the stored pairs of a canary, in the order of the run.",
        discussion: """
            --only different, worse, better or errors lists fewer: worse and better are pairs on which a yes-or-no check that \
            decides came out otherwise, errors those to which a side gave no answer.
            """,
        examples: "canary samples c-204 --only worse",
        "canary samples c-204 --only different -o json --limit 0"
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Which pairs: different, worse, better or errors.", valueName: "pairs"))
    var only: PairFilter?
    @OptionGroup var global: GlobalOptions

    static let kind = "CanarySampleList"
    var empty: Advice { only == nil ? "no pair is stored" : "no such pair" }

    func ask(_ session: Session) async throws -> ListAnswer<CanarySample> {
        try await session.pages(
            APIPath.canarySamples(CanaryID(text: id)),
            [("only", only?.rawValue)],
            by: .name
        )
    }

    func name(of sample: CanarySample) -> String { sample.pair.request }
    func report(_ samples: [CanarySample], now: Timestamp) -> Report { CanaryOutput.samples(samples) }
    var page: PagePath? { (try? CanaryID(text: id)).map { .canarySamples($0, only: only?.rawValue) } }
}

/// The words after `--only`.
enum PairFilter: String, CaseIterable, ExpressibleByArgument, Sendable {
    case different
    case worse
    case better
    case errors
}

extension CanaryOutput {
    /// Pairs with what both sides said.
    static func samples(_ samples: [CanarySample]) -> Report {
        var table = Table(
            .figure("PLACE"),
            .text("REQUEST"),
            .text(""),
            .long("BASE"),
            .long("CANARY"),
            .wide("EXPECTED"),
            .wide("ASKED")
        )
        func said(_ side: CanaryReport.Side) -> Cell {
            side.said.map { Cell(DisplayWidth.cut($0, to: 200)) }
                ?? Cell("(\(side.error ?? "no answer"))", .notice)
        }
        for sample in samples {
            table.row(
                Cell(NumberText.count(sample.place)),
                Cell(sample.pair.request),
                word(sample),
                said(sample.pair.baseline),
                said(sample.pair.candidate),
                Cell(sample.pair.expected.map { DisplayWidth.cut($0, to: 200) } ?? "-"),
                Cell(DisplayWidth.cut(sample.pair.input, to: 200))
            )
        }
        return Report { $0.table(table) }
    }

    /// How the sides of a pair compare.
    private static func word(_ sample: CanarySample) -> Cell {
        switch (sample.pair.worse.isEmpty, sample.better.isEmpty) {
        case (false, false): StatusCell.notice("worse and better")
        case (false, true): StatusCell.fail("worse")
        case (true, false): StatusCell.pass("better")
        case (true, true): sample.isDifferent ? StatusCell.unknown("different") : Cell("same", .faint)
        }
    }
}
