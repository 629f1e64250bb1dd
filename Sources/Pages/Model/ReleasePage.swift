import Digests
import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// A release: exactly what ran, when, and who decided.
public struct ReleasePage: Page {
    public static let template = "release"
    public let layout: PageLayout
    let model: Link
    let number: HTMLText
    let name: HTMLText
    let summary: HTMLText
    let badge: StatusBadge
    /// Where users get it now.
    let live: [StatusBadge]
    let rejected: HTMLText?
    /// Why nothing here answers with it.
    let cannotRun: HTMLText?
    let promote: Link?
    let version: Link
    let prompt: Link
    let pinned: [Fact]
    let hasMoves: Bool
    let moveTable: MoveTable
    let hasDecisions: Bool
    let decisions: [DecisionRow]
    let explainCommand: HTMLText
    let hasChecks: Bool
    let canaries: [CanaryRow]
    let evaluations: [EvaluationRow]
    let canaryCommand: HTMLText?

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: ReleaseView, context: PageContext) {
        let release = view.release
        layout = PageLayout(
            "\(release.id)",
            in: .models,
            command: .releaseShow(release.id),
            context: context
        )
        model = Link(release.id.model.text, .model(release.id.model))
        number = HTMLText(String(release.id.number))
        name = "\(release.id)"
        summary = "made \(TimeText.minute(release.createdAt)) UTC by \(release.createdBy) · \(release.digest.short)"
        badge = release.badge(of: view.version)
        live = (view.liveIn ?? []).map { StatusBadge(liveIn: $0) }
        rejected = release.rejectionWords(view).map { HTMLText($0, limit: 1200) }
        promote =
            view.liveIn?.contains(.production) == true
            ? nil : ModelPage.promotion(of: release.id, version: view.version, context: context)
        cannotRun =
            view.version.lacksEngine ? HTMLText(CannotRun.words(view.version.obstacles) + ".", limit: 1200) : nil
        version = Link("\(release.version)", .version(release.version))
        prompt = Link("\(release.content.prompt)", .prompt(release.content.prompt.name))
        pinned = [
            Fact("Settings", release.content.decoding.words),
            Fact("Weights and files", release.content.manifest.description),
            Fact("Prompt", release.content.promptDigest.description),
            Fact("All together", release.digest.description),
        ]
        hasMoves = !view.moves.isEmpty
        moveTable = MoveTable(view.moves, caption: "Moves to it and away from it")
        hasDecisions = !view.decisions.isEmpty
        decisions = view.decisions.prefix(20).map { DecisionRow($0) }
        explainCommand = HTMLText(.policyExplain(.release(release.id), to: .production))
        canaries = view.canaries.prefix(20).map { CanaryRow($0) }
        evaluations = view.evaluations.prefix(20).map { EvaluationRow($0) }
        hasChecks = !canaries.isEmpty || !evaluations.isEmpty
        canaryCommand = view.version.isLoadable ? HTMLText(.canaryRun(.release(release.id))) : nil
    }
}

/// A release in a list.
struct ReleaseRow: Hashable, Sendable {
    let link: Link
    let what: HTMLText
    let badge: StatusBadge
    /// Where users get it now.
    let live: [StatusBadge]

    /// - Parameter liveIn: The channels that point to it now.
    init(_ release: ReleaseRecord, of version: VersionRecord, liveIn: [Name]) {
        link = Link("r\(release.id.number)", .release(release.id))
        what = HTMLText(release.content.words)
        badge = release.badge(of: version)
        live = liveIn.map { StatusBadge(liveIn: $0) }
    }
}

extension StatusBadge {
    /// That users of a channel get it now.
    init(liveIn channel: Name) { self.init("✔", "live in \(channel)", .ok) }
}

extension ReleaseRecord {
    /// Whether it may be used.
    ///
    /// - Parameter version: Its version; nil where that is not at hand, and then nothing is said of it.
    func badge(of version: VersionRecord?) -> StatusBadge {
        if !rejections.isEmpty { return StatusBadge("✖", RejectionWords.state(rejections), .bad) }
        guard let version else { return StatusBadge("–", "not rejected", .off) }
        if version.lacksEngine { return StatusBadge("▲", "cannot be run here", .notice) }
        return version.isLoadable
            ? StatusBadge("✔", "usable", .ok) : StatusBadge("✖", "its version cannot be loaded", .bad)
    }
}

extension ReleaseRecord {
    /// Why it was rejected, to stand after its badge, which says where; nil when it was not.
    private var rejectionReasons: String? {
        guard let last = rejections.last else { return nil }
        guard rejections.count > 1 else { return last.reason }
        return rejections.map { rejection in
            (rejection.channel.map { "in \($0): " } ?? "") + rejection.reason
        }
        .joined(separator: "; ")
    }

    /// Why it was rejected and where its end is told; nil when it was not.
    var rejectionWords: String? {
        rejectionReasons.map { "\($0). How that ends: \(NextStep.releaseShow(event.id))" }
    }

    /// Why it was rejected, what ends that, and the commands; nil when it was not.
    func rejectionWords(_ view: ReleaseView) -> String? {
        guard let reasons = rejectionReasons else { return nil }
        let ends = rejections.map { rejection in
            let end = RejectionWords.end(
                of: rejection,
                event.id,
                isRunnable: view.version.isLoadable,
                document: view.canaryDocument
            )
            return rejections.count > 1 ? "in \(rejection.channel?.text ?? "every channel") with \(end)" : "with \(end)"
        }
        return "\(reasons). It ends \(ends.joined(separator: "; "))"
    }
}

extension ReleaseContent {
    /// `@7 + triage@3`.
    var words: String { "@\(version) + \(prompt)" }
}

extension DecodingSettings {
    /// `greedy, at most 64 tokens`.
    var words: String {
        var parts = [temperature == 0 ? "greedy" : "temperature \(NumberText.plain(temperature, 6))"]
        if let topK { parts.append("top-k \(topK)") }
        if let topP { parts.append("top-p \(NumberText.plain(topP, 6))") }
        if let minP { parts.append("min-p \(NumberText.plain(minP, 6))") }
        parts += penalties.map { "\($0) \(NumberText.plain($1, 6))" }
        parts.append("at most \(NumberText.count(maxTokens, "token"))")
        if !stop.isEmpty { parts.append("stops at \(NumberText.count(stop.count, "text"))") }
        return parts.joined(separator: ", ")
    }
}
