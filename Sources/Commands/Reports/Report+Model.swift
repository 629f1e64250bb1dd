import RegistryTypes
import WireFormat

extension Report {
    /// The models.
    static func models(_ models: [ModelSummary]) -> Report {
        var table = Table(
            .text("MODEL"),
            .text("LIVE"),
            .text("LATEST"),
            .figure("VERSIONS"),
            .figure("SIZE"),
            .text("LAST CANARY"),
            .wide("PUBLISHED")
        )
        for model in models {
            let live = model.channels.map { "\($0.channel) r\($0.release)" }.joined(separator: ", ")
            table.row(
                Cell(model.name.text),
                Cell(live.isEmpty ? "-" : live),
                Cell(model.latest.map { "@\($0.id.number)" } ?? "-"),
                Cell(String(model.versions)),
                Cell(model.latest.map { Figures.bytes($0.manifest.sizeBytes) } ?? "-"),
                model.lastCanary.map { canary in
                    let state = Words.canary(canary)
                    return Cell("\(state.text)  \(canary.id)", state.tone)
                } ?? .nothing,
                Cell(model.latest.map { Figures.time($0.publishedAt) } ?? "-")
            )
        }
        return Report { $0.table(table) }
    }

    /// All about a model.
    static func model(_ view: ModelView, now: Timestamp) -> Report {
        Report { report in
            report.line(Cell(view.name.text, .strong))
            var channels = Table(
                .text("CHANNEL"),
                .text("RELEASE"),
                .text("WHAT"),
                .text("SINCE"),
                .text("STATE"),
                .text("ROLLBACK TO"),
                indent: 2
            )
            for channel in view.channels {
                channels.row(
                    Cell(channel.record.channel.text),
                    Cell("r\(channel.record.release)"),
                    Cell(Words.what(channel.release.content)),
                    Cell(Figures.age(channel.record.move.at, now)),
                    moveState(channel.record.move),
                    Cell(channel.record.rollbackTo.map { "r\($0)" } ?? "-")
                )
            }
            if view.channels.isEmpty { report.line("  no channel points to it yet") }
            report.table(channels)
            report.blank()
            report.add(versions(Array(view.versions.prefix(10)), now: now))
            if !view.canaries.isEmpty {
                report.blank()
                report.add(canaries(Array(view.canaries.prefix(5)), now: now))
            }
        }
    }

    /// How a channel came to its release, as a cell.
    static func moveState(_ move: ChannelMove) -> Cell {
        switch move.how {
        case .promoted: move.settled ? Sign.pass("settled") : Sign.running("watched")
        case .overridden: Sign.notice("override")
        case .rolledBack: Sign.pass("rolled back")
        case .returned: Sign.notice("returned")
        }
    }

    /// Moves of channels, newest first.
    static func moves(_ moves: [ChannelMove]) -> Table {
        var table = Table(
            .text("TIME"),
            .text("CHANNEL"),
            .text("MOVE"),
            .text("HOW"),
            .text("BY"),
            .long("WHY"),
            indent: 2
        )
        for move in moves {
            let why = [move.decision?.description, move.reason].compactMap { $0 }.joined(separator: ", ")
            table.row(
                Cell(Figures.time(move.at)),
                Cell("\(move.model)@\(move.channel)"),
                Cell("\(move.from.map { "r\($0) → " } ?? "")r\(move.to)"),
                moveState(move),
                Cell(move.by),
                Cell(why)
            )
        }
        return table
    }

    /// What is live, what runs, what moved; of one model when named.
    static func status(_ view: StatusView, model: Name?) -> Report {
        let now = view.at
        let models = view.models.filter { model == nil || $0.name == model }
        let contents = Dictionary(view.releases.map { ($0.id, $0.content) }) { first, _ in first }
        return Report { report in
            var table = Table(
                .text("MODEL"),
                .text("CHANNEL"),
                .text("RELEASE"),
                .text("WHAT"),
                .text("SINCE"),
                .text("STATE"),
                .text("ROLLBACK TO"),
                .text("LAST CANARY")
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
                        canary
                    )
                }
                for (index, channel) in model.channels.enumerated() {
                    let content = contents[ReleaseID(channel.model, channel.release)]
                    table.row(
                        Cell(index == 0 ? model.name.text : ""),
                        Cell(channel.channel.text),
                        Cell("r\(channel.release)"),
                        Cell(content.map(Words.what) ?? "-"),
                        Cell(Figures.age(channel.move.at, now)),
                        moveState(channel.move),
                        Cell(channel.rollbackTo.map { "r\($0)" } ?? "-"),
                        index == 0 ? canary : ""
                    )
                }
            }
            if models.isEmpty { report.line(Sign.unknown("no model yet: serin publish model.gguf --model NAME")) }
            report.table(table)
            let running = view.running.filter { model == nil || $0.record.candidate.model == model }
            if !running.isEmpty { report.blank() }
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
            for version in view.quarantined where model == nil || version.id.name == model {
                report.line(Sign.fail("\(version.id) is not loaded: \(version.quarantined ?? "")"))
            }
            let moves = view.moves.filter { model == nil || $0.model == model }
            if !moves.isEmpty {
                report.blank()
                report.line("Last moves")
                report.table(Report.moves(Array(moves.prefix(model == nil ? 5 : 10))))
            }
        }
    }
}
