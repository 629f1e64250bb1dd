import ArgumentParser
import AsyncHTTPClient
import Foundation
import RegistryTypes
import WireFormat
import Wording

/// One run of a verb: settles the settings, opens the connection, listens for Ctrl-C, reports what went wrong.
struct VerbRun {
    let global: GlobalOptions

    /// Runs `verb` and returns its exit code; nothing is thrown past here.
    func perform(_ verb: some Verb) async -> Exit {
        let environment = Environment.current()
        let now = Timestamp(Date())
        let settings: Settings
        let token: Token?
        do {
            settings = try Settings(global, environment, now: now)
            token = try Token.find(for: settings.server, file: global.tokenFile, environment)
            try Self.checkFormat(settings.printer.format, of: verb)
        } catch {
            let format = global.output ?? .table
            let style = TextStyle(ascii: environment.drawsASCII, now: now)
            return Self.report(error, format: format, style: style, isVerbose: global.verbose)
        }
        let printer = settings.printer
        printer.detail(
            "server \(settings.server) (\(settings.serverOrigin.rawValue)), token \(token?.origin ?? "none")"
        )
        if token != nil, settings.server.scheme == "http", !settings.server.isLoopback {
            printer.warn("the token travels unencrypted to \(settings.server); use https://")
        }
        let work = WorkInHand()
        return await Self.untilInterrupted(work: work, printer: printer) {
            do {
                return try await HTTPClient.withHTTPClient(configuration: RegistryClient.configuration) { http in
                    let client = RegistryClient(
                        http: http,
                        server: settings.server,
                        serverOrigin: settings.serverOrigin,
                        token: token,
                        detail: { printer.detail($0) }
                    )
                    return try await verb.run(
                        Session(settings: settings, environment: environment, client: client, work: work)
                    )
                }
            } catch is CancellationError {
                return .interrupted
            } catch {
                return Self.report(
                    error,
                    format: printer.format,
                    style: printer.talkStyle,
                    isVerbose: printer.isVerbose
                )
            }
        }
    }

    /// Before anything is done: a verb without a Markdown report must not do its work and then have no answer.
    private static func checkFormat<Work: Verb>(_ format: OutputFormat, of verb: Work) throws(CommandsError) {
        guard format == .md, !Work.writesMarkdown else { return }
        throw .badArgument(
            name: "-o",
            value: format.rawValue,
            problem: "only reports that leave the terminal are Markdown",
            example: "\(NextStep.incidentExport(IncidentID(12))) -o md"
        )
    }

    private static func untilInterrupted(
        work: WorkInHand,
        printer: Printer,
        _ body: @escaping @Sendable () async -> Exit
    ) async -> Exit {
        await withTaskGroup(of: Exit?.self) { group in
            let interruptions = Interruption.first()
            group.addTask { await body() }
            group.addTask {
                for await _ in interruptions { return nil }
                return .interrupted
            }
            guard let first = await group.next() else { return .error }
            guard first == nil else {
                group.cancelAll()
                return first ?? .error
            }
            let note = work.current
            let line = Report { report in
                report.line("stopped", Cell(note.map { " waiting: \($0.what)" } ?? ""))
                if let note { report.line(Cell("next:  ", .faint), Cell(note.next.text)) }
            }
            Streams.talk("\n" + line.text(printer.talkStyle))
            if work.isReading {
                HiddenInput.restore()
                exit(Int32(Exit.interrupted.rawValue))
            }
            group.cancelAll()
            return .interrupted
        }
    }

    /// Writes `error` to the standard error and returns its exit code.
    static func report(_ error: any Error, format: OutputFormat, style: TextStyle, isVerbose: Bool) -> Exit {
        let report = ErrorReport(error)
        Streams.talk(format.isForPrograms ? report.json() : report.text(style, isVerbose: isVerbose))
        return Exit(rawValue: report.exit) ?? .error
    }
}
