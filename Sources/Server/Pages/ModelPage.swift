import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// A model: where it is live, its versions and releases, and how it was checked.
struct ModelPage: Page {
    /// A channel.
    struct Channel: Hashable, Sendable {
        let channel: HTMLText
        let release: Link
        let what: HTMLText
        let since: Moment
        let age: HTMLText
        let mark: Mark
        let loaded: HTMLText
        let health: HealthCells?
        let rollback: Link?
    }

    /// A version.
    struct Version: Hashable, Sendable {
        let version: Link
        let at: Moment
        let by: HTMLText
        let precision: HTMLText
        let size: HTMLText
        let smoke: Mark
        let card: HTMLText
        let message: HTMLText
    }

    /// A release.
    struct Release: Hashable, Sendable {
        let release: Link
        let what: HTMLText
        let settings: HTMLText
        let at: Moment
        let mark: Mark
        let why: HTMLText?
        let promote: Link?
    }

    static let template = "model"
    let frame: Frame
    let name: HTMLText
    let summary: HTMLText
    let hasChannels: Bool
    let channels: [Channel]
    let hasHolds: Bool
    let holds: [HoldLine]
    let hasSLOs: Bool
    let slos: [SLOLine]
    let elsewhere: [Link]
    let promoteCommand: HTMLText
    let chart: QualityChart?
    let hasVersions: Bool
    let versions: [Version]
    let hasReleases: Bool
    let releases: [Release]
    let hasCanaries: Bool
    let canaries: [CanaryRow]
    let allCanaries: HTMLText
    let canaryCommand: HTMLText
    let hasEvaluations: Bool
    let evaluations: [EvaluationRow]
    let evaluationCommand: HTMLText
    let hasMoves: Bool
    let moveTable: MoveTable

    /// `health` is how the channels do, `slos` how the SLOs of the model stand.
    init(_ model: ModelView, health: [HealthRow] = [], slos: [SLORow] = [], visit: Visit) {
        let name = model.name
        frame = Frame(name.text, in: .models, command: "serin model show \(name)", visit: visit)
        self.name = HTMLText(name.text)
        let production = model.channels.first { $0.record.channel.text == "production" }
        let live = production.map { "r\($0.record.release) (\(Words.what($0.release.content))) is live in production" }
        summary = HTMLText(
            [
                live ?? "nothing is live in production", Figures.count(model.versions.count, "version"),
                Figures.count(model.releases.count, "release"),
            ].joined(separator: " · ")
        )
        hasChannels = !model.channels.isEmpty
        channels = model.channels.map { channel in
            let health = health.first { $0.model == name && $0.channel == channel.record.channel }
            return ModelPage.channel(channel, health: health, visit: visit)
        }
        holds = health.filter { $0.model == name }.compactMap(\.hold).map { HoldLine($0, visit: visit) }
        hasHolds = !holds.isEmpty
        self.slos = slos.prefix(20).map { SLOLine($0) }
        hasSLOs = !slos.isEmpty
        elsewhere = [
            Link("Requests", Href.requests(of: name)), Link("SLOs", Href.slos(of: name)),
            Link("Rollouts", Href.rollouts(of: name)), Link("Canaries", Href.canaries(of: name)),
        ]
        let newest = model.versions.first.map { "\($0.id)" } ?? "\(name)@1"
        promoteCommand = "serin promote \(newest) --to production"
        chart = QualityChart(model.evaluations, releases: model.releases)
        hasVersions = !model.versions.isEmpty
        versions = model.versions.prefix(50).map(ModelPage.version)
        let liveReleases = Set(model.channels.filter { $0.record.channel.text == "production" }.map(\.record.release))
        hasReleases = !model.releases.isEmpty
        releases = model.releases.prefix(50).map { release in
            Release(
                release: Link("r\(release.id.number)", Href.release(release.id)),
                what: HTMLText(Words.what(release.content)),
                settings: HTMLText(Words.settings(release.content.decoding)),
                at: Moment(release.createdAt),
                mark: Mark(rejected: release.rejected != nil),
                why: release.rejected.map { HTMLText($0) },
                promote: liveReleases.contains(release.id.number)
                    ? nil : ModelPage.promotion(of: release.id, visit: visit)
            )
        }
        hasCanaries = !model.canaries.isEmpty
        canaries = model.canaries.prefix(10).map { CanaryRow($0) }
        allCanaries = HTMLText(Href.canaries(of: name))
        canaryCommand = "serin canary run \(newest)"
        hasEvaluations = !model.evaluations.isEmpty
        evaluations = model.evaluations.prefix(10).map { EvaluationRow($0) }
        evaluationCommand = "serin eval run \(newest) --suite NAME"
        hasMoves = !model.moves.isEmpty
        moveTable = MoveTable(model.moves, caption: "Newest first")
    }

    /// The link to the confirmation page, for those who may.
    static func promotion(of release: ReleaseID, visit: Visit) -> Link? {
        guard visit.may(.deploy), let production = try? Name("production") else { return nil }
        return Link("Promote to production…", Href.promote(release, to: production))
    }

    private static func channel(_ view: ChannelView, health: HealthRow?, visit: Visit) -> Channel {
        let record = view.record
        let rollback = record.rollbackTo.flatMap { target -> Link? in
            guard target != record.release, visit.may(.deploy) else { return nil }
            return Link("Roll back to r\(target)…", Href.rollback(record.channel, of: record.model))
        }
        return Channel(
            channel: HTMLText(record.channel.text),
            release: Link("r\(record.release)", Href.release(view.release.id)),
            what: HTMLText(Words.what(view.release.content)),
            since: Moment(record.move.at),
            age: HTMLText(Words.age(record.move.at, at: visit.now)),
            mark: view.release.rejected == nil ? Mark(record.move) : Mark(rejected: true),
            loaded: view.loaded ? "yes" : "no",
            health: health.map { HealthCells($0) },
            rollback: rollback
        )
    }

    private static func version(_ version: VersionRecord) -> Version {
        Version(
            version: Link("@\(version.id.number)", Href.version(version.id)),
            at: Moment(version.publishedAt),
            by: HTMLText(version.publishedBy),
            precision: HTMLText(version.facts?.precision ?? "–"),
            size: HTMLText(Figures.bytes(version.manifest.sizeBytes)),
            smoke: VersionPage.smokeMark(version),
            card: HTMLText(version.card.map { "\(Figures.plainShare($0.completeness)) complete" } ?? "none"),
            message: HTMLText(version.message ?? "")
        )
    }
}
