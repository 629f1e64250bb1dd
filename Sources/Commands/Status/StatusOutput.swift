import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What `serin status` prints.
enum StatusOutput {
    /// What is live, how it does, what waits, what moved; of one model when named.
    static func show(_ view: StatusView, model: Name?) -> Report {
        let models = view.models.filter { model == nil || $0.name == model }
        let health = view.health.filter { model == nil || $0.model == model }
        return Report { report in
            for notice in view.notices ?? [] { report.line(Self.notice(notice)) }
            if models.isEmpty { report.line(StatusCell.unknown("no model yet: \(NextStep.publish(.weights))")) }
            report.table(live(models, view))
            if model != nil { for row in health { report.add(course(row)) } }
            report.add(watched(health, now: view.at))
            let incidents = view.incidents.filter { (model == nil || $0.model == model) && $0.closedAt == nil }
            if !incidents.isEmpty {
                let pages = incidents.count { $0.severity == "page" }
                let counts = [(pages, "page"), (incidents.count - pages, "ticket")].filter { $0.0 > 0 }
                // An older server does not say how many there are besides those that it sends.
                let all = max(incidents.count, view.openIncidents?.count ?? 0)
                let sent = all > incidents.count ? "of the newest \(incidents.count): " : ""
                report.blank()
                report.line(
                    Cell("\(NumberText.count(all, "incident")) open", .strong),
                    Cell(" (\(sent)\(counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))")
                )
                report.table(IncidentOutput.table(Array(incidents.prefix(5)), now: view.at))
                if all > 5 {
                    let step = NextStep.incidentList(model: model, open: true)
                    report.line(Cell("  and \(NumberText.count(all - 5, "other")): \(step)", .faint))
                }
            }
            report.add(work(view, model: model))
            let moves = view.moves.filter { model == nil || $0.model == model }
            if !moves.isEmpty {
                report.blank()
                report.line("Last moves")
                report.table(ModelOutput.moves(Array(moves.prefix(model == nil ? 5 : 10))))
            }
            if !health.isEmpty {
                report.blank()
                let newest = health.compactMap(\.dataUntil).max()
                report.line(
                    Cell(newest.map { "data until \(TimeText.second($0))" } ?? "no request was counted yet", .faint)
                )
            }
        }
    }

    /// What is to be known of the data folder, as a cell.
    private static func notice(_ notice: StoreNotice) -> Cell {
        switch notice.weight {
        case .readOnly: StatusCell.fail(notice.sentence)
        case .impaired: StatusCell.notice(notice.sentence)
        case .passed: StatusCell.unknown(notice.sentence)
        }
    }

    /// How a channel does, as a cell.
    static func health(_ state: HealthRow.State) -> Cell {
        switch state {
        case .healthy: StatusCell.pass("healthy")
        case .watching: StatusCell.running("watching")
        case .burning: StatusCell.notice("burning")
        case .failing: StatusCell.fail("failing")
        case .unknown: StatusCell.unknown("unknown")
        case .noTraffic: StatusCell.unknown("no traffic")
        case .missingTraffic: StatusCell.notice("missing traffic")
        }
    }

    /// What was live at a moment.
    static func past(_ view: PastStatusView) -> Report {
        Report { report in
            report.line(
                Cell("At \(TimeText.second(view.at))", .strong),
                Cell("   event \(NumberText.count(view.event)) was the newest")
            )
            if let misdated = view.misdated {
                report.line(
                    StatusCell.notice(
                        "the clock stepped back: event \(NumberText.count(misdated)) is dated later and stands before; this is by the order of the log"
                    )
                )
            }
            if view.channels.isEmpty { report.line(StatusCell.unknown("no channel pointed anywhere")) }
            var table = Table(
                .text("MODEL"),
                .text("CHANNEL"),
                .text("RELEASE"),
                .text("WHAT"),
                .text("SINCE"),
                .text("HOW"),
                .text("BY"),
                .text("HELD"),
                .note("WHY")
            )
            for channel in view.channels {
                table.row(
                    Cell(channel.move.model.text),
                    Cell(channel.move.channel.text),
                    Cell("r\(channel.move.to)"),
                    Cell(ReportWords.what(channel.content)),
                    Cell(TimeText.second(channel.move.at)),
                    ModelOutput.moveState(channel.move),
                    Cell(channel.move.by),
                    channel.hold == nil ? .nothing : StatusCell.notice("held"),
                    Cell(channel.hold ?? channel.move.reason ?? "")
                )
            }
            report.table(table)
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
            func cell(_ canary: CanaryRecord?) -> Cell {
                canary.map { record in
                    let state = ReportWords.canary(record)
                    return Cell("\(state.text)  \(record.id) of r\(record.candidate.number)", state.tone)
                } ?? .nothing
            }
            if model.channels.isEmpty {
                table.row(
                    Cell(model.name.text),
                    .nothing,
                    .nothing,
                    Cell(model.latest.map { "@\($0.id.number)" } ?? "-"),
                    .nothing,
                    StatusCell.unknown("not live"),
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    .nothing,
                    cell(model.lastCanary)
                )
            }
            for (index, channel) in model.channels.enumerated() {
                let row = view.health.first { $0.model == channel.model && $0.channel == channel.channel }
                table.row(
                    Cell(index == 0 ? model.name.text : ""),
                    Cell(channel.channel.text),
                    Cell("r\(channel.release)"),
                    Cell(contents[ReleaseID(channel.model, channel.release)].map(ReportWords.what) ?? "-"),
                    Cell(NumberText.elapsed(view.at.seconds(since: channel.move.at))),
                    health(row?.state ?? .unknown),
                    ReportWords.known(row?.requestsPerSecond) { NumberText.rate($0) },
                    ReportWords.known(row?.p95Seconds) { NumberText.duration($0) },
                    ReportWords.known(row?.errorShare) { NumberText.share($0) },
                    ReportWords.budget(row?.budgetLeft),
                    ReportWords.known(row?.burnFast) { NumberText.burn($0) },
                    ModelOutput.moveState(channel.move),
                    Cell(ModelOutput.rollback(channel)),
                    cell(model.canary(of: channel))
                )
            }
        }
        return table
    }

    /// The last half hour of a channel.
    private static func course(_ row: HealthRow) -> Report {
        Report { report in
            report.line("")
            // What the state says already is not said again.
            let words = row.words == row.state.rawValue ? "" : "  \(row.words)"
            report.line(Cell("\(row.channel)", .strong), "  ", health(row.state), Cell(words))
            let requests = BlockChart.line(
                row.requestHistory.map { Double($0) },
                width: 30
            )
            if row.requestHistory.contains(where: { $0 > 0 }), !requests.isEmpty {
                report.line(
                    Cell("  requests a minute  \(requests)  \(NumberText.count(row.requestHistory.reduce(0, &+)))")
                )
            }
            let slow = BlockChart.line(row.p95History, width: 30)
            if !slow.isEmpty {
                let median = row.p50Seconds.map { "median \(NumberText.duration($0))" } ?? "median unknown"
                let tail = row.p95Seconds.map { "p95 \(NumberText.duration($0))" } ?? "p95 unknown"
                report.line(Cell("  p95 by minute      \(slow)  \(tail), \(median)"))
            }
            if let left = row.budgetLeft {
                let name = row.budgetSLO.map { " of \($0)" } ?? ""
                let tone = ReportWords.budget(left).tone
                report.line(
                    Cell("  error budget       \(BlockChart.bar(left, width: 30))  "),
                    Cell("\(NumberText.budgetLeft(left))\(name)", tone)
                )
            }
        }
    }

    /// Releases in their probation, and holds.
    private static func watched(_ health: [HealthRow], now: Timestamp) -> Report {
        Report { report in
            let rollouts = health.compactMap(\.rollout), holds = health.compactMap(\.hold)
            let unloaded = health.compactMap(\.unloaded)
            if !rollouts.isEmpty || !holds.isEmpty || !unloaded.isEmpty { report.line("") }
            for row in unloaded {
                report.line(StatusCell.fail("\(row.model)@\(row.channel) \(row.words)"), Cell(": \(row.why)"))
                report.line(Cell("  next: \(row.next)"))
            }
            for row in rollouts {
                let way = (row.previous.map { "r\($0) → " } ?? "") + "r\(row.release)"
                report.line(
                    StatusCell.running("\(row.id)"),
                    Cell(
                        "  \(row.model)@\(row.channel) \(way), \(row.words)   \(NextStep.rolloutShow(row.id, watch: true))"
                    )
                )
            }
            for hold in holds {
                let name = "\(hold.model)@\(hold.channel)"
                report.line(
                    StatusCell.notice("\(name) is held"),
                    Cell(" for \(NumberText.elapsed(now.seconds(since: hold.since))): \(hold.reason)")
                )
                report.line(Cell("  next: \(NextStep.rolloutResume(hold.model, channel: hold.channel))"))
            }
        }
    }

    /// Canaries that run and versions that are not loaded.
    private static func work(_ view: StatusView, model: Name?) -> Report {
        Report { report in
            let running = view.running.filter { model == nil || $0.record.candidate.model == model }
            let evaluations = (view.runningEvaluations ?? []).filter { model == nil || $0.release.model == model }
            let lost = view.quarantined.filter { model == nil || $0.id.name == model }
            if !running.isEmpty || !evaluations.isEmpty || !lost.isEmpty { report.line("") }
            for canary in running {
                let progress = canary.progress.map { progress in
                    let left = progress.remainingSeconds.map { "   \(NumberText.clock($0)) left" } ?? ""
                    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
                    return
                        "   \(BlockChart.bar(share, width: 14))  \(NumberText.count(progress.done))/\(NumberText.count(progress.total))\(left)"
                }
                report.line(
                    StatusCell.running("\(canary.record.id)"),
                    Cell("  \(canary.record.candidate) against r\(canary.record.baseline.number)\(progress ?? "")")
                )
            }
            for evaluation in evaluations {
                report.line(
                    StatusCell.running("\(evaluation.id)"),
                    Cell(
                        "  \(evaluation.release) on \(evaluation.suite)   \(evaluation.progress?.words("cases") ?? "")"
                    )
                )
            }
            for version in lost {
                report.line(StatusCell.fail("\(version.id) is quarantined: \(version.quarantined ?? "")"))
                report.line(Cell("  next: \(NextStep.quarantineLift(.version(version.id)))"))
            }
        }
    }
}
