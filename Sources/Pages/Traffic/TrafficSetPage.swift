import Digests
import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// A traffic set: what is in it and who used it.
public struct TrafficSetPage: Page {
    /// A request.
    struct Request: Hashable, Sendable {
        let id: HTMLText
        let variables: [Fact]
        let expected: HTMLText?
    }

    /// How often a tag has a value.
    struct Tag: Hashable, Sendable {
        let tag: HTMLText
        let value: HTMLText
        let count: HTMLText
        let share: HTMLText
    }

    public static let template = "traffic-set"
    public let layout: PageLayout
    let name: HTMLText
    let summary: HTMLText
    let facts: [Fact]
    let sampleCaption: HTMLText
    let sample: [Request]
    let hasTags: Bool
    let tagsCaption: HTMLText
    let tags: [Tag]
    let hasUses: Bool
    let uses: [CanaryRow]
    let canaryCommand: HTMLText

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: TrafficView, context: PageContext) {
        let set = view.record
        layout = PageLayout(
            "Traffic \(set.name)",
            in: .traffic,
            command: .trafficShow(set.name),
            context: context
        )
        name = HTMLText(set.name.text)
        summary = HTMLText(
            [
                set.event.requestsText(different: view.different),
                "\(NumberText.count(set.labelled)) with an expected answer",
                NumberText.bytes(set.sizeBytes),
            ].joined(separator: " · ")
        )
        var facts = [
            Fact("Digest", set.digest.description),
            Fact("Origin", set.frozenFrom.map { "frozen from captured requests: \($0)" } ?? "imported from a file"),
            Fact(
                set.frozenFrom == nil ? "Imported" : "Frozen",
                "\(TimeText.minute(set.importedAt)) UTC by \(set.importedBy)"
            ),
        ]
        if let format = set.format { facts.append(Fact("Read as", format)) }
        if let notTaken = set.notTakenWords { facts.append(Fact("Not taken", notTaken)) }
        if let left = set.leftOutWords { facts.append(Fact("Left out", left)) }
        self.facts = facts
        sampleCaption = HTMLText(
            "The first \(NumberText.count(view.sample.count)) of \(NumberText.count(set.requests))"
        )
        let shown = view.sample.prefix(10)
        let count = shown.reduce(0) { $0 + min(Self.firstTexts + Self.lastTexts, RequestTexts($1).asked.count) }
        let limit = min(600, Self.textBytes / max(1, count))
        sample = shown.map { request in
            Request(
                id: HTMLText(request.id, limit: 100),
                variables: Self.texts(of: request, limit: limit),
                expected: request.expected.map { HTMLText($0) }
            )
        }
        hasTags = !view.tags.isEmpty
        tagsCaption = "Most frequent first"
        tags = view.tags.prefix(30).map { tag in
            Tag(
                tag: HTMLText(tag.tag, limit: 100),
                value: HTMLText(tag.value, limit: 200),
                count: HTMLText(NumberText.count(tag.count)),
                share: HTMLText(
                    set.requests > 0 ? NumberText.share(Double(tag.count) / Double(set.requests)) : NumberText.unknown
                )
            )
        }
        hasUses = !view.usedBy.isEmpty
        uses = view.usedBy.map { CanaryRow($0) }
        canaryCommand = HTMLText(.canaryRun(traffic: set.name))
    }

    /// Texts of a request that are shown, and of a long conversation the turns at its end.
    private static let (firstTexts, lastTexts) = (2, 8)

    /// The bytes of HTML that all texts together may take.
    private static let textBytes = 24_000

    /// Variables or turns, each text under its name.
    private static func texts(of request: TrafficRequest, limit: Int) -> [Fact] {
        let parts = RequestTexts(request).asked
        func facts(_ parts: some Collection<RequestTexts.Part>) -> [Fact] {
            parts.map { Fact(HTMLText($0.name, limit: 100), HTMLText($0.text, limit: limit)) }
        }
        let left = parts.count - firstTexts - lastTexts
        guard left > 0 else { return facts(parts) }
        return facts(parts.prefix(firstTexts)) + [Fact("…", "\(NumberText.count(left, "text")) more")]
            + facts(parts.suffix(lastTexts))
    }
}
