public import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// The stored pairs of a canary, up to 50 a page and no more than a page of ordinary size holds.
public struct CanarySamplesPage: Page {
    /// A way to other pairs.
    struct Choice: Hashable, Sendable {
        let link: Link
        let isCurrent: Bool
    }

    public static let template = "canary-samples"
    public let layout: PageLayout
    let canary: Link
    let heading: HTMLText
    let summary: HTMLText
    let choices: [Choice]
    let hasPairs: Bool
    let pairs: [PairRow]
    let nothing: HTMLText
    let first: Link?
    let next: Link?

    /// The bytes that the pairs of a page may take: what comes behind them is on the next one.
    private static let limitBytes = 40_000

    /// Shows `list` to the reader whom `context` names.
    ///
    /// - Parameter isFirst: Whether it is the beginning of the run.
    public init(
        _ list: ListAnswer<CanarySample>,
        of record: CanaryRecord,
        only filter: CanarySample.Filter?,
        isFirst: Bool,
        context: PageContext
    ) {
        let page = PagePath.canarySamples(record.id, only: filter?.rawValue)
        layout = PageLayout(
            "Pairs of canary \(record.id)",
            in: .canaries,
            command: .canarySamples(record.id, only: filter?.rawValue),
            context: context
        )
        canary = Link("\(record.id)", .canary(record.id))
        heading = HTMLText("Pairs of canary \(record.id)")
        choices = ([nil] + CanarySample.Filter.allCases.map { $0 }).map { choice in
            Choice(
                link: Link(choice?.title ?? "All", .canarySamples(record.id, only: choice?.rawValue)),
                isCurrent: choice == filter
            )
        }
        var shown: [PairRow] = [], used = 0
        for sample in list.items {
            let row = PairRow(sample, baseline: record.baseline, candidate: record.candidate)
            used += row.bytes
            guard shown.isEmpty || used <= Self.limitBytes else { break }
            shown.append(row)
        }
        pairs = shown
        hasPairs = !shown.isEmpty
        let places = list.items.prefix(shown.count).map(\.place)
        let span = places.first.map { first in
            first == places.last ? ", place \(first)" : ", places \(first) to \(places.last ?? first)"
        }
        summary = HTMLText(
            "\(record.candidate) against r\(record.baseline.number), in the order of the run\(span ?? ""). Marked is what only "
                + "one side says."
        )
        nothing = HTMLText(filter.map(\.nothing) ?? "No pair is stored here.")
        self.first = isFirst ? nil : Link("First", at: page.path)
        let isCut = shown.count < list.items.count
        let last = isCut ? places.last.map(String.init) : list.next
        next = last.map { Link("Next", at: page.with([("after", $0)])) }
    }
}

extension CanarySample.Filter {
    /// The word of a link to them.
    fileprivate var title: String {
        switch self {
        case .different: "Different"
        case .worse: "Worse"
        case .better: "Better"
        case .errors: "Errors"
        }
    }

    /// That there are none.
    fileprivate var nothing: String {
        switch self {
        case .different: "No further pair was answered differently."
        case .worse: "On no further pair did a yes-or-no check that decides get worse."
        case .better: "On no further pair did a yes-or-no check that decides get better."
        case .errors: "To no further pair a side gave no answer."
        }
    }
}
