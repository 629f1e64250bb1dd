import Digests
public import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// All traffic sets, and the captured requests that the next one can be frozen from.
public struct TrafficSetsPage: Page {
    /// A set.
    struct Row: Hashable, Sendable {
        let link: Link
        let requests: HTMLText
        let labelled: HTMLText
        let size: HTMLText
        let digest: HTMLText
        let origin: HTMLText
        let at: PageTime
        let by: HTMLText
    }

    /// A day of captured requests.
    struct Day: Hashable, Sendable {
        let day: HTMLText
        let requests: HTMLText
        let withTexts: HTMLText
        let size: HTMLText
        let problem: HTMLText?
        let isFilled: Bool
    }

    /// The form that freezes captured requests.
    struct FreezeForm: Hashable, Sendable {
        let name: HTMLText
        let model: HTMLText
        let since: HTMLText
        let sample: HTMLText
        let seed: HTMLText
    }

    public static let template = "traffic-sets"
    public let layout: PageLayout
    let summary: HTMLText
    let hasRows: Bool
    /// That there is nothing at all, not only in this part.
    let hasNone: Bool
    let rows: [Row]
    let hasCapture: Bool
    let capture: HTMLText
    let hasDays: Bool
    let days: [Day]
    let problem: FormProblem?
    let form: FreezeForm?
    let paging: Paging?
    let search: NameSearch?

    /// `fields` are what the form held when it came back with `problem`.
    public init(
        _ list: ListAnswer<TrafficRecord>,
        part: NamedPart = NamedPart(),
        capture: CaptureView? = nil,
        problem: String? = nil,
        fields: [String: String] = [:],
        context: PageContext
    ) {
        layout = PageLayout("Traffic sets", in: .traffic, command: .trafficList, context: context)
        let sets = list.items
        summary = Paging.summary(list, part, "set")
        paging = Paging(list, part, of: .trafficSets) { $0.name }
        search = NameSearch(list, part, what: "set")
        hasRows = !sets.isEmpty
        hasNone = sets.isEmpty && search == nil
        rows = sets.map { set in
            Row(
                link: Link(set.name.text, .traffic(set.name)),
                requests: HTMLText(NumberText.count(set.requests)),
                labelled: HTMLText(NumberText.count(set.labelled)),
                size: HTMLText(NumberText.bytes(set.sizeBytes)),
                digest: HTMLText(set.digest.short),
                origin: HTMLText(set.frozenFrom ?? "imported", limit: 160),
                at: PageTime(set.importedAt),
                by: HTMLText(set.importedBy)
            )
        }
        hasCapture = capture != nil
        self.capture = HTMLText(
            capture.map {
                "\(CaptureWords.standing($0)). Days are deleted after \(NumberText.count($0.keepDays, "day")); redaction rules version \($0.redactionVersion)."
            } ?? ""
        )
        days = (capture?.days ?? []).prefix(62).map { day in
            Day(
                day: HTMLText(day.day),
                requests: HTMLText(NumberText.count(day.requests)),
                withTexts: HTMLText(NumberText.count(day.withTexts)),
                size: HTMLText(NumberText.bytes(day.bytes)),
                problem: day.problem.map { HTMLText($0) },
                isFilled: day.requests > 0
            )
        }
        hasDays = !days.isEmpty
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: Link("The form", at: "#freeze")) }
        // Without a captured request there is nothing to freeze.
        form =
            context.may(.freezeTraffic) && (problem != nil || days.contains { $0.isFilled })
            ? FreezeForm(
                name: HTMLText(fields["name"] ?? ""),
                model: HTMLText(fields["model"] ?? ""),
                since: HTMLText(fields["since"] ?? "24h"),
                sample: HTMLText(fields["sample"] ?? ""),
                seed: HTMLText(fields["seed"] ?? "")
            ) : nil
    }
}
