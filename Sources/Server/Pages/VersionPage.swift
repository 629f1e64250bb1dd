import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// A version: what it is, where it is from, and whether it may go to production.
struct VersionPage: Page {
    /// The answer to "may it go to production?".
    struct Answer: Hashable, Sendable {
        let mark: Mark
        let title: HTMLText
        let sentence: HTMLText
        let promote: Link?
    }

    /// A file.
    struct File: Hashable, Sendable {
        let path: HTMLText
        let role: HTMLText
        let size: HTMLText
        let digest: HTMLText
        let href: HTMLText
    }

    static let template = "version"
    let frame: Frame
    let model: Link
    let number: HTMLText
    let name: HTMLText
    let summary: HTMLText
    let quarantine: HTMLText?
    let verdict: Answer?
    let gateTable: GateTable?
    let hasFacts: Bool
    let facts: [Fact]
    let provenance: [Fact]
    let smoke: Mark
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
    let canaryCommand: HTMLText

    init(_ view: VersionView, visit: Visit) {
        let version = view.version
        frame = Frame(
            "\(version.id)",
            in: .models,
            command: "serin version show \(version.id)",
            visit: visit
        )
        model = Link(version.id.name.text, Href.model(version.id.name))
        number = HTMLText(String(version.id.number))
        name = "\(version.id)"
        var summary = ["\(Figures.bytes(version.manifest.sizeBytes))", version.digest.short]
        if let previous = view.previous {
            summary[0] += " (@\(previous.id.number): \(Figures.bytes(previous.manifest.sizeBytes)))"
        }
        summary += view.channels.map { "live in \($0.channel)" }
        if let message = version.message { summary.append("“\(message)”") }
        self.summary = HTMLText(summary.joined(separator: " · "))
        quarantine = version.quarantined.map { HTMLText($0) }
        verdict = view.decision.map {
            VersionPage.answer($0, version: version.id, channels: view.channels, visit: visit)
        }
        gateTable = view.decision.flatMap { GateTable($0) }
        facts = version.facts.map(VersionPage.facts) ?? []
        hasFacts = version.facts != nil
        provenance = VersionPage.provenance(version)
        smoke = VersionPage.smokeMark(version)
        smokeWords = HTMLText(VersionPage.smokeWords(version.smoke))
        filesCaption = "Stored once under the SHA-256 of their bytes"
        files = version.manifest.files.prefix(100).map { file in
            File(
                path: HTMLText(file.path),
                role: HTMLText(file.role.rawValue),
                size: HTMLText(Figures.bytes(file.sizeBytes)),
                digest: HTMLText(file.digest.short),
                href: HTMLText("/blobs/\(file.digest)")
            )
        }
        cardWords = HTMLText(VersionPage.cardWords(version.card))
        card = view.cardText.map { HTMLText($0, limit: 12_000) }
        hasReleases = !view.releases.isEmpty
        releases = view.releases.prefix(20).map { ReleaseRow($0) }
        canaries = view.canaries.prefix(20).map { CanaryRow($0) }
        evaluations = view.evaluations.prefix(20).map { EvaluationRow($0) }
        hasChecks = !canaries.isEmpty || !evaluations.isEmpty
        canaryCommand = "serin canary run \(version.id)"
    }

    /// How the smoke run of `version` ended.
    static func smokeMark(_ version: VersionRecord) -> Mark {
        if version.quarantined != nil { return Mark("✖", "not loaded any more", .bad) }
        guard let smoke = version.smoke else { return Mark("–", "not run", .off) }
        return smoke.passed ? Mark("✔", "pass", .ok) : Mark("✖", "fail", .bad)
    }

    private static func answer(
        _ decision: Decision,
        version: VersionID,
        channels: [ChannelRecord],
        visit: Visit
    ) -> Answer {
        let isLive = channels.contains { $0.channel == decision.channel }
        let met = decision.gates.count { $0.state.isMet }
        let names = decision.blockers.map(\.id.text).joined(separator: ", ")
        let sentence =
            decision.blockers.isEmpty
            ? "\(met) of \(Figures.count(decision.gates.count, "gate")) of policy \(decision.policy?.description ?? "–") met."
            : "\(Figures.count(decision.blockers.count, "gate stands", plural: "gates stand")) in the way: \(names)."
        let title: String
        switch decision.outcome {
        case _ where isLive: title = "It is live in \(decision.channel)"
        case .allowed: title = "It may go to \(decision.channel)"
        case .refused: title = "It may not go to \(decision.channel)"
        case .waiting: title = "It may not go to \(decision.channel) yet"
        }
        let mark = isLive && decision.outcome != .allowed ? Mark("▲", "live", .notice) : Mark(decision)
        let promote =
            isLive || !visit.may(.deploy)
            ? nil : Link("Promote to \(decision.channel)…", Href.promote(version, to: decision.channel))
        return Answer(mark: mark, title: HTMLText(title), sentence: HTMLText(sentence), promote: promote)
    }

    private static func facts(_ facts: ModelFacts) -> [Fact] {
        var rows = [
            Fact("Architecture", facts.architecture),
            Fact("Parameters", Figures.scaled(facts.parameterCount)),
            Fact("Precision", facts.precision),
            Fact(
                "Shape",
                "\(facts.layerCount) layers, width \(Figures.count(facts.width)), \(facts.headCount) heads (\(facts.keyValueHeadCount) for keys)"
            ),
            Fact("Context", Figures.count(facts.contextLength, "token")),
            Fact("Tokenizer", "\(facts.tokenizer), \(Figures.count(facts.vocabularySize, "token"))"),
            Fact(
                "Tensors",
                facts.tensorTypes.sorted { $0.key < $1.key }.map { "\(Figures.count($0.value)) \($0.key)" }
                    .joined(separator: ", ")
            ),
        ]
        if let license = facts.license { rows.append(Fact("Licence in the file", license)) }
        return rows
    }

    private static func provenance(_ version: VersionRecord) -> [Fact] {
        var rows = [
            Fact("Published by", version.publishedBy),
            Fact("Published at", "\(Moment(version.publishedAt).minute.html) UTC"),
        ]
        if let lineage = version.manifest.lineage {
            rows.append(Fact("Made from", "\(lineage.from)" + (lineage.method.map { ", \($0)" } ?? "")))
        }
        rows.append(Fact("Digest", version.digest.description))
        return rows
    }

    private static func smokeWords(_ smoke: SmokeResult?) -> String {
        guard let smoke else { return "A version without weights is stored and never loaded." }
        if let problem = smoke.problem { return problem }
        var parts: [String] = []
        if let seconds = smoke.loadSeconds { parts.append("loads in \(Figures.duration(seconds))") }
        if let rate = smoke.tokensPerSecond, rate.isFinite {
            parts.append("\(Figures.count(Int(min(rate, 1e12)))) tokens/s")
        }
        if let bytes = smoke.residentBytes { parts.append("\(Figures.bytes(bytes)) in memory") }
        if let roundTrip = smoke.tokenizerRoundTrip {
            parts.append(roundTrip ? "tokenizer round trip ok" : "tokenizer changes text")
        }
        return parts.joined(separator: ", ")
    }

    private static func cardWords(_ card: CardSummary?) -> String {
        guard let card else {
            return "This version has no card. A card says what a model is for and what it cannot do."
        }
        var text = "\(Figures.plainShare(card.completeness)) complete"
        if let license = card.license { text += ", licence \(license)" }
        return card.missing.isEmpty ? text + "." : text + ". Missing: \(card.missing.joined(separator: ", "))."
    }
}
