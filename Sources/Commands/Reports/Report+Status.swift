import RegistryRecords
import RegistryTypes
import WireFormat

extension Report {
    /// What is live, how it does, what waits, what moved; of one model when named.
    static func status(_ view: StatusView, model: Name?) -> Report {
        let models = view.models.filter { model == nil || $0.name == model }
        let health = view.health.filter { model == nil || $0.model == model }
        return Report { report in
            if models.isEmpty { report.line(Sign.unknown("no model yet: serin publish model.gguf --model NAME")) }
            report.table(live(models, view))
            if model != nil { for row in health { report.add(course(row)) } }
            report.add(watched(health, now: view.at))
            let incidents = view.incidents.filter { (model == nil || $0.model == model) && $0.closedAt == nil }
            if !incidents.isEmpty {
                let pages = incidents.count { $0.severity == "page" }
                let counts = [(pages, "page"), (incidents.count - pages, "ticket")].filter { $0.0 > 0 }
                report.blank()
                report.line(
                    Cell("\(Words.count(incidents.count, "incident")) open", .strong),
                    Cell(" (\(counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))")
                )
                report.table(incidentTable(Array(incidents.prefix(5)), now: view.at))
            }
            report.add(work(view, model: model))
            let moves = view.moves.filter { model == nil || $0.model == model }
            if !moves.isEmpty {
                report.blank()
                report.line("Last moves")
                report.table(Report.moves(Array(moves.prefix(model == nil ? 5 : 10))))
            }
            if !health.isEmpty {
                report.blank()
                let newest = health.compactMap(\.dataUntil).max()
                report.line(
                    Cell(newest.map { "data until \(Figures.time($0))" } ?? "no request was counted yet", .faint)
                )
            }
        }
    }

    /// How a channel does, as a cell.
    static func health(_ state: HealthRow.State) -> Cell {
        switch state {
        case .healthy: Sign.pass("healthy")
        case .watching: Sign.running("watching")
        case .burning: Sign.notice("burning")
        case .failing: Sign.fail("failing")
        case .unknown: Sign.unknown("unknown")
        }
    }

    private static func live(_ models: [ModelSummary], _ view: StatusView) -> Table {
        let contents = Dictionary(view.releases.map { ($0.id, $0.content) }) { first, _ in first }
        var table = Table(
            .text("MODEL"),
            .text("CHANNEL"),
            .text("RELEASE"),
            .spare("WHAT"),
            .spare("SINCE"),
            .text("HEALTH"),
            .figure("REQ/S"),
            .figure("P95"),
            .spareFigure("ERRORS"),
            .figure("BUDGET"),
            .spareFigure("BURN"),
            .wide("MOVED"),
            .wide("ROLLBACK TO"),
            .wide("LAST CANARY")
        )
        for model in models {
            let canary =
                model.lastCanary.map { record in
                    let state = Words.canary(record)
                    return Cell("\(state.text)  \(record.id)", state.tone)
                } ?? .nothing
            if model.channels.isEmpty {
                table.row(
                    Cell(model.name.text),
                    .nothing,
                    .nothing,
                    Cell(model.latest.map { "@\($0.id.number)" } ?? "-"),
                    .nothing,
                    Sign.unknown("not live"),
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    canary
                )
            }
            for (index, channel) in model.channels.enumerated() {
                let row = view.health.first { $0.model == channel.model && $0.channel == channel.channel }
                table.row(
                    Cell(index == 0 ? model.name.text : ""),
                    Cell(channel.channel.text),
                    Cell("r\(channel.release)"),
                    Cell(contents[ReleaseID(channel.model, channel.release)].map(Words.what) ?? "-"),
                    Cell(Figures.age(channel.move.at, view.at)),
                    health(row?.state ?? .unknown),
                    Words.known(row?.requestsPerSecond) { Figures.rate($0) },
                    Words.known(row?.p95Seconds) { Figures.milliseconds($0) },
                    Words.known(row?.errorShare) { Figures.share($0) },
                    Words.budget(row?.budgetLeft),
                    Words.known(row?.burnFast) { Figures.decimal($0, 1) },
                    moveState(channel.move),
                    Cell(channel.rollbackTo.map { "r\($0)" } ?? "-"),
                    index == 0 ? canary : ""
                )
            }
        }
        return table
    }

    /// The last half hour of a channel.
    private static func course(_ row: HealthRow) -> Report {
        Report { report in
            report.line("")
            report.line(Cell("\(row.channel)", .strong), "  ", health(row.state), Cell("  \(row.words)"))
            let requests = Sparkline.text(
                row.requestHistory.map { Double($0) },
                width: 30
            )
            if row.requestHistory.contains(where: { $0 > 0 }) {
                report.line(
                    Cell("  requests a minute  \(requests)  \(Figures.count(row.requestHistory.reduce(0, &+)))")
                )
            }
            let slow = Sparkline.text(row.p95History, width: 30)
            if !slow.isEmpty {
                let median = row.p50Seconds.map { "median \(Figures.milliseconds($0))" } ?? "median unknown"
                let tail = row.p95Seconds.map { "p95 \(Figures.milliseconds($0))" } ?? "p95 unknown"
                report.line(Cell("  p95 by minute      \(slow)  \(tail), \(median)"))
            }
            if let left = row.budgetLeft {
                let name = row.budgetSLO.map { " of \($0)" } ?? ""
                let tone = Words.budget(left).tone
                report.line(
                    Cell("  error budget       \(Figures.bar(left, width: 30))  "),
                    Cell("\(Words.left(left))\(name)", tone)
                )
            }
        }
    }

    /// Releases in their probation, and holds.
    private static func watched(_ health: [HealthRow], now: Timestamp) -> Report {
        Report { report in
            let rollouts = health.compactMap(\.rollout), holds = health.compactMap(\.hold)
            if !rollouts.isEmpty || !holds.isEmpty { report.line("") }
            for row in rollouts {
                let way = (row.previous.map { "r\($0) → " } ?? "") + "r\(row.release)"
                report.line(
                    Sign.running("\(row.id)"),
                    Cell("  \(row.model)@\(row.channel) \(way), \(row.words)   serin rollout show \(row.id) -w")
                )
            }
            for hold in holds {
                let name = "\(hold.model)@\(hold.channel)"
                report.line(
                    Sign.notice("\(name) is held"),
                    Cell(" for \(Figures.age(hold.since, now)): \(hold.reason)")
                )
                report.line(Cell("  next: \(Words.resume(hold.model, hold.channel))"))
            }
        }
    }

    /// Canaries that run and versions that are not loaded.
    private static func work(_ view: StatusView, model: Name?) -> Report {
        Report { report in
            let running = view.running.filter { model == nil || $0.record.candidate.model == model }
            let lost = view.quarantined.filter { model == nil || $0.id.name == model }
            if !running.isEmpty || !lost.isEmpty { report.line("") }
            for canary in running {
                let progress = canary.progress.map { progress in
                    let left = progress.remainingSeconds.map { "   \(Figures.clock($0)) left" } ?? ""
                    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
                    return "   \(Figures.bar(share, width: 14))  \(progress.done)/\(progress.total)\(left)"
                }
                report.line(
                    Sign.running("\(canary.record.id)"),
                    Cell("  \(canary.record.candidate) against r\(canary.record.baseline.number)\(progress ?? "")")
                )
            }
            for version in lost {
                report.line(Sign.fail("\(version.id) is not loaded: \(version.quarantined ?? "")"))
            }
        }
    }
}
