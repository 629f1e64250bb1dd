import RegistryRecords
public import RegistryTypes
public import WireFormat
import Wording

/// What is live, what runs, what moved last, and what waits for a person.
public struct OverviewPage: Page {
    /// A channel.
    struct Channel: Hashable, Sendable {
        let model: Link
        let channel: HTMLText
        let release: Link
        let what: HTMLText
        let since: PageTime
        let age: HTMLText
        let badge: StatusBadge
        let health: HealthCells?
        let canary: CanaryRow?
    }

    /// Something a person should look at.
    struct Attention: Hashable, Sendable {
        let text: HTMLText
        let link: Link
    }

    /// A canary or an evaluation that runs or waits.
    struct Running: Hashable, Sendable {
        let link: Link
        let what: HTMLText
        let done: HTMLText
        let total: HTMLText
        let words: HTMLText
    }

    public static let template = "overview"
    public let layout: PageLayout
    let summary: HTMLText
    let hasAttention: Bool
    let attentionTitle: HTMLText
    let attention: [Attention]
    let hasChannels: Bool
    let channels: [Channel]
    let idle: IdleChannels?
    let isNothingLive: Bool
    let publishCommand: HTMLText
    let hasRunning: Bool
    let running: [Running]
    let rollouts: [RolloutLine]
    let hasMoves: Bool
    let moveTable: MoveTable
    let paging: Paging?

    /// Shows `status`, of the models behind `after`, to the reader whom `context` names.
    public init(_ status: StatusView, after: Name? = nil, context: PageContext) {
        let attention = OverviewPage.attention(status, context: context)
        // Open incidents that were not sent need a person too.
        let count = attention.count + max(0, (status.openIncidents?.count ?? 0) - status.incidents.count)
        let title = attention.isEmpty ? "Overview" : "▲ \(count) · Overview"
        let newest = status.health.compactMap(\.dataUntil).max()
        layout = PageLayout(
            title,
            in: .overview,
            command: .status(),
            freshness: status.health.isEmpty ? nil : PageLayout.Freshness(newest: newest),
            context: context
        )
        let live = status.channelCount ?? status.models.reduce(0) { $0 + $1.channels.count }
        let list = ListAnswer(items: status.models, next: status.next)
        paging = Paging(list, NamedPart(after: after), of: .overview) { $0.name }
        summary = HTMLText(
            [
                NumberText.count(status.modelCount ?? status.models.count, "model"),
                NumberText.count(live, "live channel"),
                "\(NumberText.count(status.head, "event")) in the log", "build \(status.build)",
            ].joined(separator: " · ")
        )
        hasAttention = !attention.isEmpty
        attentionTitle = HTMLText(
            count == 1 ? "1 thing needs a person" : "\(count) things need a person"
        )
        self.attention = Array(attention.prefix(10))
        let shown = Set(status.models.map(\.name))
        let idle = IdleChannels(status.health.filter { shown.contains($0.model) })
        self.idle = idle
        isNothingLive = live == 0
        publishCommand = HTMLText(.publish(.weights))
        channels = status.models.flatMap { model in
            model.channels.filter { idle?.holds($0.model, $0.channel) != true }.map { channel in
                let release = status.releases.first { $0.id == ReleaseID(channel.model, channel.release) }
                return Channel(
                    model: Link(model.name.text, .model(model.name)),
                    channel: HTMLText(channel.channel.text),
                    release: Link("r\(channel.release)", .release(ReleaseID(channel.model, channel.release))),
                    what: HTMLText(release.map { $0.content.words } ?? "unknown"),
                    since: PageTime(channel.move.at),
                    age: HTMLText(NumberText.elapsed(status.at.seconds(since: channel.move.at))),
                    badge: channel.move.badge,
                    health: status.health.first { $0.model == channel.model && $0.channel == channel.channel }
                        .map { HealthCells($0) },
                    canary: model.canary(of: channel).map { CanaryRow($0) }
                )
            }
        }
        hasChannels = !channels.isEmpty
        let canaries = status.running.map { view in
            let progress = view.progress ?? WorkProgress(done: 0, total: view.record.requests, elapsedSeconds: 0)
            let row = ProgressRow(progress, unit: "pairs", path: nil)
            return Running(
                link: Link("\(view.record.id)", .canary(view.record.id)),
                what: "\(view.record.candidate) against r\(view.record.baseline.number)",
                done: row.done,
                total: row.total,
                words: row.words
            )
        }
        let evaluations = (status.runningEvaluations ?? []).map { evaluation in
            let row = ProgressRow(
                evaluation.progress ?? WorkProgress(done: 0, total: 0, elapsedSeconds: 0),
                unit: "cases",
                path: nil
            )
            return Running(
                link: Link("\(evaluation.id)", .evaluation(evaluation.id)),
                what: "\(evaluation.release) on \(evaluation.suite)",
                done: row.done,
                total: row.total,
                words: row.words
            )
        }
        running = canaries + evaluations
        rollouts = status.health.compactMap(\.rollout).map { RolloutLine($0) }
        hasRunning = !running.isEmpty || !rollouts.isEmpty
        moveTable = MoveTable(status.moves, caption: "Newest first")
        hasMoves = !status.moves.isEmpty
    }

    /// What waits for a person: open incidents, holds, overrides that are live, verdicts that need a decision,
    /// versions that are not loaded.
    private static func attention(_ status: StatusView, context: PageContext) -> [Attention] {
        var items = (status.notices ?? []).filter { notice in
            switch notice.weight {
            case .impaired: true
            // It stands above every page.
            case .readOnly: context.readOnly == nil
            case .passed: false
            }
        }
        .map { notice in
            Attention(text: HTMLText(notice.sentence), link: Link("Look", .onCall))
        }
        items += status.incidents.filter { $0.closedAt == nil }.map { incident in
            let age = NumberText.duration(max(0, status.at.seconds(since: incident.openedAt)))
            return Attention(
                text: "Incident \(incident.id) (\(incident.severity), open for \(age)): \(incident.title).",
                link: Link("Look", .incident(incident.id))
            )
        }
        items += status.health.compactMap(\.hold).map { hold in
            Attention(
                text: "\(hold.model)@\(hold.channel) is held, no promotion until a person lifts it: \(hold.reason).",
                link: context.may(.liftHold)
                    ? Link("Lift the hold…", .resume(channel: hold.channel, model: hold.model))
                    : Link("Look", .model(hold.model))
            )
        }
        let overridden = status.models.flatMap(\.channels).filter { $0.move.how == .overridden }
        for channel in overridden + (status.overridden ?? []) {
            items.append(
                Attention(
                    text:
                        "\(channel.model)@\(channel.channel) runs r\(channel.release) against its policy, by override of \(channel.move.by).",
                    link: Link(rollbackOf: channel, context: context) ?? Link("Look", .model(channel.model))
                )
            )
        }
        for model in status.models {
            if let canary = model.lastCanary, canary.verdict == .marginal || canary.verdict == .inconclusive {
                items.append(
                    Attention(
                        text:
                            "Canary \(canary.id) of \(canary.candidate) is \(canary.verdict?.rawValue ?? "undecided").",
                        link: Link("Look", .canary(canary.id))
                    )
                )
            }
        }
        items += status.health.compactMap(\.unloaded).map { row in
            Attention(
                text: "\(row.model)@\(row.channel): \(row.words). Next: \(row.next). Why: \(row.why)",
                link: Link("Look", .model(row.model))
            )
        }
        for version in status.quarantined {
            items.append(
                Attention(
                    text:
                        "\(version.id) is quarantined: \(version.quarantined ?? "no reason is known"). To try it again: \(NextStep.quarantineLift(.version(version.id)))",
                    link: Link("Look", .version(version.id))
                )
            )
        }
        return items
    }
}
