import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// A version: what it is, where it is from, and whether it may go to production.
public struct VersionPage: Page {
    /// The answer to "may it go to production?".
    struct Answer: Hashable, Sendable {
        let badge: StatusBadge
        let title: HTMLText
        let sentence: HTMLText
        let promote: Link?
    }

    /// Why the engine here does not run it.
    struct Obstacles: Hashable, Sendable {
        let reasons: [HTMLText]
    }

    /// A file.
    struct File: Hashable, Sendable {
        let path: HTMLText
        let role: HTMLText
        let size: HTMLText
        let digest: HTMLText
        let href: HTMLText
    }

    public static let template = "version"
    public let layout: PageLayout
    let model: Link
    let number: HTMLText
    let name: HTMLText
    let summary: HTMLText
    let quarantine: HTMLText?
    let cannotRun: Obstacles?
    let verdict: Answer?
    let gateTable: GateTable?
    let hasFacts: Bool
    let facts: [Fact]
    let file: FileFacts?
    let comparison: CompareForm?
    let provenance: [Fact]
    let smoke: StatusBadge
    let smokeWords: HTMLText
    let filesCaption: HTMLText
    let files: [File]
    let cardWords: HTMLText
    let card: HTMLText?
    let hasReleases: Bool
    let releases: [ReleaseRow]
    let hasChecks: Bool
    let canaries: [CanaryRow]
    let evaluations: [EvaluationRow]
    let canaryCommand: HTMLText?

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: VersionView, context: PageContext) {
        let version = view.version
        layout = PageLayout(
            "\(version.id)",
            in: .models,
            command: .versionShow(version.id),
            context: context
        )
        model = Link(version.id.name.text, .model(version.id.name))
        number = HTMLText(String(version.id.number))
        name = "\(version.id)"
        var summary = ["\(NumberText.bytes(version.manifest.sizeBytes))", version.digest.short]
        if let previous = view.previous {
            summary[0] += " (@\(previous.id.number): \(NumberText.bytes(previous.manifest.sizeBytes)))"
        }
        summary += view.channels.map { "live in \($0.channel)" }
        if let name = view.displayName { summary.append("known as \(name)") }
        if let message = version.message { summary.append("“\(message)”") }
        self.summary = HTMLText(summary.joined(separator: " · "))
        quarantine = version.quarantined.map {
            HTMLText("\($0). To try it again: \(NextStep.quarantineLift(.version(version.id)))")
        }
        let obstacles = version.obstacles
        cannotRun = obstacles.isEmpty ? nil : Obstacles(reasons: obstacles.prefix(50).map { HTMLText($0) })
        verdict = view.decision.map {
            VersionPage.answer($0, version: version.id, channels: view.channels, context: context)
        }
        gateTable = view.decision.flatMap { GateTable($0) }
        file = view.inspection.map { FileFacts($0) }
        // The same facts from the same header, said twice, would be one too many.
        facts =
            view.inspection.map(FileFacts.facts)
            ?? (version.facts.map(VersionPage.facts) ?? [])
            + (version.cannotRun?.header.map { VersionPage.facts($0, besides: version.facts) } ?? [])
        hasFacts = !facts.isEmpty
        comparison = CompareForm(view, context: context)
        provenance = VersionPage.provenance(view)
        smoke = VersionPage.smokeBadge(version)
        smokeWords = HTMLText(VersionPage.smokeWords(version))
        filesCaption = "Stored once under the SHA-256 of their bytes"
        files = version.manifest.files.prefix(100).map { file in
            File(
                path: HTMLText(file.path),
                role: HTMLText(file.role.rawValue),
                size: HTMLText(NumberText.bytes(file.sizeBytes)),
                digest: HTMLText(file.digest.short),
                href: HTMLText(PagePath.blob(file.digest).path)
            )
        }
        cardWords = HTMLText(([VersionPage.cardWords(version.card)] + (view.notes ?? [])).joined(separator: " · "))
        card = view.cardText.map { HTMLText($0, limit: 12_000) }
        hasReleases = !view.releases.isEmpty
        releases = view.releases.prefix(20).map { release in
            let liveIn = view.channels.filter { $0.release == release.id.number }.map(\.channel)
            return ReleaseRow(release, of: view.version, liveIn: liveIn)
        }
        canaries = view.canaries.prefix(20).map { CanaryRow($0) }
        evaluations = view.evaluations.prefix(20).map { EvaluationRow($0) }
        hasChecks = !canaries.isEmpty || !evaluations.isEmpty
        canaryCommand = version.isLoadable ? HTMLText(.canaryRun(.version(version.id))) : nil
    }

    /// How the smoke run of `version` ended.
    static func smokeBadge(_ version: VersionRecord) -> StatusBadge {
        if version.quarantined != nil { return StatusBadge("✖", "not loaded any more", .bad) }
        guard let smoke = version.smoke else {
            return StatusBadge("–", version.obstacles.isEmpty ? "not run" : "cannot be run here", .off)
        }
        return smoke.passed ? StatusBadge("✔", "pass", .ok) : StatusBadge("✖", "fail", .bad)
    }

    private static func answer(
        _ decision: Decision,
        version: VersionID,
        channels: [ChannelRecord],
        context: PageContext
    ) -> Answer {
        let isLive = channels.contains { $0.channel == decision.channel }
        let met = decision.gates.count { $0.state.isMet }
        let names = decision.blockers.map(\.id.text).joined(separator: ", ")
        var sentence =
            decision.blockers.isEmpty
            ? "\(met) of \(NumberText.count(decision.gates.count, "gate")) of policy \(decision.policy?.description ?? "–") met."
            : "\(NumberText.count(decision.blockers.count, "gate stands", plural: "gates stand")) in the way: \(names)."
        if let words = decision.withoutEngine { sentence += " \(words)" }
        let title: String
        switch decision.outcome {
        case _ where isLive: title = "It is live in \(decision.channel)"
        case .allowed: title = "It may go to \(decision.channel)"
        case .refused: title = "It may not go to \(decision.channel)"
        case .waiting: title = "It may not go to \(decision.channel) yet"
        }
        let badge = isLive && decision.outcome != .allowed ? StatusBadge("▲", "live", .notice) : decision.badge
        let promote =
            // What no engine here runs, no override gets past this policy: a button would lead to a refusal.
            isLive || decision.needsEngine || !context.may(.promote)
            ? nil
            : Link(
                "Promote to \(decision.channel)…",
                .promote(
                    Reference(model: version.name, selector: .version(version.number)),
                    channel: decision.channel,
                    model: version.name
                )
            )
        return Answer(badge: badge, title: HTMLText(title), sentence: HTMLText(sentence), promote: promote)
    }

    private static func facts(_ facts: ModelFacts) -> [Fact] {
        var rows = [
            Fact("Architecture", facts.architecture),
            Fact("Parameters", NumberText.scaled(facts.parameterCount)),
            Fact("Precision", facts.precision),
            Fact(
                "Shape",
                "\(facts.layerCount) layers, width \(NumberText.count(facts.width)), \(facts.headCount) heads (\(facts.keyValueHeadCount) for keys)"
            ),
            Fact("Context", NumberText.count(facts.contextLength, "token")),
            Fact("Tokenizer", "\(facts.tokenizer), \(NumberText.count(facts.vocabularySize, "token"))"),
            Fact(
                "Tensors",
                facts.tensorTypes.sorted { $0.key < $1.key }.map { "\(NumberText.count($0.value)) \($0.key)" }
                    .joined(separator: ", ")
            ),
        ]
        if let license = facts.license { rows.append(Fact("Licence in the file", license)) }
        return rows
    }

    /// What a header says of weights that are not run here, without what `known` says already.
    private static func facts(_ header: WeightsHeader, besides known: ModelFacts?) -> [Fact] {
        var rows = [Fact("Format", header.format.rawValue)]
        if known == nil {
            if let architecture = header.architecture { rows.append(Fact("Architecture", architecture)) }
            rows.append(Fact("Parameters", NumberText.scaled(header.parameterCount)))
            rows.append(Fact("Precision", header.precision.isEmpty ? "–" : header.precision))
            let types = header.tensorTypes.sorted { $0.key < $1.key }.map { "\(NumberText.count($0.value)) \($0.key)" }
            rows.append(Fact("Tensors", types.isEmpty ? "none" : types.joined(separator: ", ")))
        }
        guard !header.shapes.isEmpty else { return rows }
        let shapes = header.shapes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12)
        rows.append(Fact("Shapes", shapes.map { "\(NumberText.count($0.value)) of \($0.key)" }.joined(separator: ", ")))
        return rows
    }

    private static func provenance(_ view: VersionView) -> [Fact] {
        let version = view.version
        var rows = [
            Fact("Published by", version.publishedBy),
            Fact("Published at", "\(TimeText.minute(version.publishedAt)) UTC"),
        ]
        if let lineage = version.lineage {
            rows.append(Fact("Made from", "\(lineage.from)" + (lineage.method.map { ", \($0)" } ?? "")))
        }
        if let base = version.manifest.base { rows.append(Fact("Adapter over", base.version.description)) }
        if view.inspection == nil, let adapter = version.adapter {
            rows.append(Fact("Adapter", InspectedText.words(adapter)))
        }
        rows.append(Fact("Digest", version.digest.description))
        return rows
    }

    private static func smokeWords(_ version: VersionRecord) -> String {
        guard let smoke = version.smoke else {
            return version.obstacles.isEmpty
                ? "Nothing is known of a smoke test." : "A version that cannot be run here is kept and never loaded."
        }
        if let problem = smoke.problem { return problem }
        var parts: [String] = []
        if let seconds = smoke.loadSeconds { parts.append("loads in \(NumberText.duration(seconds))") }
        if let rate = smoke.tokensPerSecond, rate.isFinite {
            parts.append("\(NumberText.count(Int(min(rate, 1e12)))) tokens/s")
        }
        if let bytes = smoke.residentBytes { parts.append("\(NumberText.bytes(bytes)) in memory") }
        if let roundTrip = smoke.tokenizerRoundTrip {
            parts.append(roundTrip ? "tokenizer round trip ok" : "tokenizer changes text")
        }
        if smoke.dependsOnInput == true { parts.append("answers depend on the input") }
        return parts.joined(separator: ", ")
    }

    private static func cardWords(_ card: CardSummary?) -> String {
        guard let card else {
            return "This version has no card. A card says what a model is for and what it cannot do."
        }
        var text = "\(NumberText.share(card.completeness)) complete"
        if let license = card.license { text += ", licence \(license)" }
        return card.missing.isEmpty ? text + "." : text + ". Missing: \(card.missing.joined(separator: ", "))."
    }
}

extension Decision {
    /// The gate about what no engine here runs; nil where one does.
    private var engine: GateResult? { gates.first { $0.type == "engine" } }

    /// Whether it is refused because nothing here runs it: nobody gets past that.
    var needsEngine: Bool { engine?.blocks == true }

    /// What the policy says of a release that no engine here runs, in a sentence; nil where one does.
    var withoutEngine: String? {
        engine.map {
            $0.blocks
                ? "It needs \($0.required)."
                : "\(CanaryVerdict.capitalised($0.required)): nothing here loads it or answers with it."
        }
    }
}
