import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// Looks at something again and again: drawn anew on a terminal, one line per change without one.
struct Following: Sendable {
    let session: Session
    /// Seconds between two looks.
    let everySeconds: Double
    /// When to stop looking, and what goes on then.
    struct Limit: Sendable {
        let seconds: Double
        let what: String
        let next: Advice
    }

    /// When to stop looking; nil to look without end.
    var limit: Limit?

    /// How long a server that answered before may be away: a release that kills the process is what one watches for.
    static let timeout = Duration.seconds(300)

    /// How one kind of thing is shown.
    struct Showing<View: Encodable & Sendable> {
        let kind: String
        let names: (View) -> [String]
        let report: (View) -> Report
        /// What is worth a line since the look before; nil is before the first look.
        let changes: (View?, View) -> [String]
        /// When it was read.
        let moment: (View) -> Timestamp
        /// What to exit with once it is over; nil while it is not.
        let end: (View) -> Exit?
    }

    /// Looks until it is over.
    ///
    /// - Throws: what `ask` throws; a server that is away only after ``timeout``.
    func follow<View: Encodable & Sendable>(
        _ showing: Showing<View>,
        ask: () async throws -> View
    ) async throws -> Exit {
        let environment = session.environment
        let printer = session.printer
        let redraws = environment.outputIsTerminal && environment["TERM"] != "dumb" && !printer.format.isForPrograms
        let clock = ContinuousClock()
        var known: View?
        let start = clock.now
        var awaySince: ContinuousClock.Instant?
        while true {
            do {
                let view = try await ask()
                if awaySince != nil { say("the server answers again", redraws) }
                awaySince = nil
                let changes = showing.changes(known, view)
                if redraws {
                    draw(showing.report(view), note: nil)
                } else if printer.format == .table || printer.format == .wide {
                    let time = TimeText.second(showing.moment(view))
                    for change in changes {
                        Streams.out(Report { $0.line(Cell("\(time)  \(change)")) }.text(printer.style))
                    }
                } else if known == nil || !changes.isEmpty {
                    try session.show(view, kind: showing.kind, names: showing.names(view), Report())
                }
                known = view
                if let exit = showing.end(view) { return exit }
            } catch let error as CommandsError {
                guard case .unreachable(_, let reason, _) = error, let last = known else { throw error }
                let since = awaySince ?? clock.now
                if redraws {
                    draw(showing.report(last), note: "the server does not answer (\(reason)); what stands here is old")
                } else if awaySince == nil {
                    say("the server does not answer (\(reason))", redraws)
                }
                awaySince = since
                if since.duration(to: clock.now) > Self.timeout { throw error }
            }
            if let limit, start.duration(to: clock.now) > .seconds(limit.seconds) {
                throw CommandsError.stillRunning(what: limit.what, seconds: limit.seconds, next: limit.next)
            }
            try await Task.sleep(for: .seconds(everySeconds))
        }
    }

    private func say(_ text: String, _ redraws: Bool) {
        if !redraws { session.printer.talk(text) }
    }

    /// Draws in the size the terminal has now.
    private func draw(_ report: Report, note: String?) {
        let terminal = Environment.current()
        var style = session.printer.style
        style.columns = terminal.width
        var report = report
        if let note {
            report.blank()
            report.line(StatusCell.notice(note))
        }
        Streams.out(Screen.redraw(report.text(style), columns: terminal.width, rows: terminal.rows, ascii: style.ascii))
    }
}

/// How often a verb with --watch looks.
struct WatchPace: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("How often to look. (default: 2s)", valueName: "time"))
    var every: WaitLimit?

    /// Seconds between two looks.
    var seconds: Double { every?.seconds ?? 2 }

    mutating func validate() throws {
        if let every, every.seconds < 0.2 { throw ValidationError("--every must be 200ms or more.") }
    }
}
