import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// A model: where it is live, its versions and releases, and how it was checked.
public struct ModelPage: Page {
    /// A channel.
    struct Channel: Hashable, Sendable {
        let channel: HTMLText
        let release: Link
        let what: HTMLText
        let since: PageTime
        let age: HTMLText
        let badge: StatusBadge
        let loaded: HTMLText
        let health: HealthCells?
        let rollback: Link?
    }

    /// A version.
    struct Version: Hashable, Sendable {
        let version: Link
        let at: PageTime
        let by: HTMLText
        let precision: HTMLText
        let size: HTMLText
        let smoke: StatusBadge
        let card: HTMLText
        let message: HTMLText
    }

    /// A release.
    struct Release: Hashable, Sendable {
        let release: Link
        let what: HTMLText
        let settings: HTMLText
        let at: PageTime
        let badge: StatusBadge
        /// Where users get it now.
        let live: [StatusBadge]
        let why: HTMLText?
        let promote: Link?
    }

    public static let template = "model"
    public let layout: PageLayout
    let name: HTMLText
    let summary: HTMLText
    let hasChannels: Bool
    let channels: [Channel]
    let hasHolds: Bool
    let holds: [HoldLine]
    let hasSLOs: Bool
    let hasSLORows: Bool
    let slos: [SLOLine]
    let sloLines: [HTMLText]
    let elsewhere: [Link]
    let promoteCommand: HTMLText?
    let chart: QualityChart?
    let hasVersions: Bool
    let versions: [Version]
    let versionPaging: Paging?
    let hasReleases: Bool
    let releases: [Release]
    let releasePaging: Paging?
    let hasCanaries: Bool
    let canaries: [CanaryRow]
    let allCanaries: HTMLText
    let canaryCommand: HTMLText?
    let hasEvaluations: Bool
    let evaluations: [EvaluationRow]
    let evaluationCommand: HTMLText?
    let hasMoves: Bool
    let moveTable: MoveTable

    /// `health` is how the channels do, `slos` how the SLOs of the model stand.
    public init(_ model: ModelView, health: [HealthRow] = [], slos: [SLORow] = [], context: PageContext) {
        let name = model.name
        layout = PageLayout(name.text, in: .models, command: .modelShow(name), context: context)
        self.name = HTMLText(name.text)
        let production = model.channels.first { $0.record.channel.text == "production" }
        let live = production.map { "r\($0.record.release) (\($0.release.content.words)) is live in production" }
        summary = HTMLText(
            ((model.displayName.map { ["known as \($0)"] } ?? []) + [
                live ?? "nothing is live in production",
                NumberText.count(model.versionCount ?? model.versions.count, "version"),
                NumberText.count(model.releaseCount ?? model.releases.count, "release"),
            ]).joined(separator: " · ")
        )
        hasChannels = !model.channels.isEmpty
        channels = model.channels.map { channel in
            let health = health.first { $0.model == name && $0.channel == channel.record.channel }
            return ModelPage.channel(channel, health: health, context: context)
        }
        holds = health.filter { $0.model == name }.compactMap(\.hold).map { HoldLine($0, context: context) }
        hasHolds = !holds.isEmpty
        let fold = SLOFold(slos, keepsIdle: true)
        self.slos = fold.rows.prefix(20).map { SLOLine($0) }
        hasSLORows = !self.slos.isEmpty
        let cut =
            fold.rows.count > 20 ? ["\(NumberText.count(fold.rows.count - 20)) more are on the page of its SLOs"] : []
        sloLines = (fold.lines + cut).map { HTMLText($0, limit: 600) }
        hasSLOs = !slos.isEmpty
        elsewhere = [
            Link("Requests", .requests(of: name)), Link("SLOs", .slos(of: name)),
            Link("Rollouts", .rollouts(of: name)), Link("Canaries", .canaries(of: name)),
        ]
        // The newest one that runs: a command about another one would be refused. An older part does not hold it.
        let isNewest = model.versions.first?.id.number == model.versionCount ?? model.versions.first?.id.number
        let newest = isNewest ? model.versions.first { $0.isLoadable }?.id : nil
        promoteCommand = newest.map { HTMLText(.promote(.version($0), to: .production)) }
        chart = QualityChart(model.evaluations, releases: model.releases)
        hasVersions = !model.versions.isEmpty
        versions = model.versions.prefix(50).map(ModelPage.version)
        let liveReleases = Set(model.channels.filter { $0.record.channel.text == "production" }.map(\.record.release))
        hasReleases = !model.releases.isEmpty
        let all = model.versions + (model.otherVersions ?? [])
        let versions = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        versionPaging = Paging(
            newest: model.versions.map(\.id.number),
            of: model.versionCount,
            what: "version",
            on: .model(name),
            field: "versions"
        )
        releasePaging = Paging(
            newest: model.releases.map(\.id.number),
            of: model.releaseCount,
            what: "release",
            on: .model(name),
            field: "releases"
        )
        releases = model.releases.prefix(50).map { release in
            Release(
                release: Link("r\(release.id.number)", .release(release.id)),
                what: HTMLText(release.content.words),
                settings: HTMLText(release.content.decoding.words),
                at: PageTime(release.createdAt),
                badge: release.badge(of: versions[release.version]),
                live: model.channels.map(\.record).filter { $0.release == release.id.number }
                    .map { StatusBadge(liveIn: $0.channel) },
                why: release.rejectionWords.map { HTMLText($0) },
                promote: liveReleases.contains(release.id.number)
                    ? nil : ModelPage.promotion(of: release.id, version: versions[release.version], context: context)
            )
        }
        hasCanaries = !model.canaries.isEmpty
        canaries = model.canaries.prefix(10).map { CanaryRow($0) }
        allCanaries = HTMLText(PagePath.canaries(of: name).path)
        canaryCommand = newest.map { HTMLText(.canaryRun(.version($0))) }
        hasEvaluations = !model.evaluations.isEmpty
        evaluations = model.evaluations.prefix(10).map { EvaluationRow($0) }
        evaluationCommand = newest.map { HTMLText(.evaluationRun(.version($0))) }
        hasMoves = !model.moves.isEmpty
        moveTable = MoveTable(model.moves, caption: "Newest first")
    }

    /// The link to the confirmation page, for those who may. What cannot be run here goes out only where a policy says so,
    /// which that page tells; what cannot be loaded any more goes nowhere.
    static func promotion(of release: ReleaseID, version: VersionRecord? = nil, context: PageContext) -> Link? {
        guard context.may(.promote), version.map({ $0.isLoadable || $0.lacksEngine }) ?? true else { return nil }
        return Link(
            version?.lacksEngine == true ? "Cannot be run here; what the policy says…" : "Promote to production…",
            .promote(
                Reference(model: release.model, selector: .release(release.number)),
                channel: .production,
                model: release.model
            )
        )
    }

    private static func channel(_ view: ChannelView, health: HealthRow?, context: PageContext) -> Channel {
        let record = view.record
        return Channel(
            channel: HTMLText(record.channel.text),
            release: Link("r\(record.release)", .release(view.release.id)),
            what: HTMLText(view.release.content.words),
            since: PageTime(record.move.at),
            age: HTMLText(NumberText.elapsed(context.now.seconds(since: record.move.at))),
            badge: record.move.badge,
            loaded: view.loaded ? "yes" : "no",
            health: health.map { HealthCells($0) },
            rollback: Link(rollbackOf: record, context: context)
        )
    }

    private static func version(_ version: VersionRecord) -> Version {
        Version(
            version: Link("@\(version.id.number)", .version(version.id)),
            at: PageTime(version.publishedAt),
            by: HTMLText(version.publishedBy),
            precision: HTMLText(version.precision ?? "–"),
            size: HTMLText(NumberText.bytes(version.manifest.sizeBytes)),
            smoke: VersionPage.smokeBadge(version),
            card: HTMLText(version.card.map { "\(NumberText.share($0.completeness)) complete" } ?? "none"),
            message: HTMLText(version.message ?? "", limit: 240)
        )
    }
}
