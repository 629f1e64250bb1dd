import Foundation
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// An error as a person and a program see it: what, why, next, and the exit code.
struct ErrorReport: Hashable, Sendable, Encodable {
    /// RFC 9457's type; the exit code tells the kind.
    var type = "about:blank"
    var title: String
    var detail: String?
    var next: String?
    var near: [String]?
    var exit: Int
    /// The HTTP status, when a server answered.
    var status: Int?
    var requestID: String?

    /// The three lines at most; `-v` adds the status and the request.
    func text(_ style: TextStyle, isVerbose: Bool) -> String {
        var report = Report()
        let first = title.lines.filter { !$0.isEmpty }
        report.line(Cell("error: ", .bad), Cell(first.first ?? "unknown error"))
        for line in first.dropFirst() { report.line(Cell("       "), Cell(line)) }
        var why = [detail].compactMap { $0 }.filter { !$0.isEmpty }
        if let near, !near.isEmpty, !(detail ?? "").contains(near[0]) {
            why.append("near names: " + near.prefix(3).joined(separator: ", "))
        }
        if !why.isEmpty { report.line(Cell("why:   ", .faint), Cell(why.joined(separator: "; "))) }
        if let next, !next.isEmpty { report.line(Cell("next:  ", .faint), Cell(next)) }
        if isVerbose, let status {
            report.line(Cell("       HTTP \(status)\(requestID.map { ", request \($0)" } ?? "")", .faint))
        }
        return report.text(style)
    }

    /// One JSON object.
    func json() -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "{\"exit\":\(exit)}\n" }
        return SafeText.json(data) + "\n"
    }
}

extension ErrorReport {
    /// What any error means for the person at the keyboard.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self.init(problem)
        case let error as CommandsError: self.init(error)
        case let error as DocumentError: self.init(CommandsError.badDocuments(error.diagnostics))
        case let error as RegistryTypesError:
            self.init(title: "\(error)", next: NextStep.help("refs").text, exit: Exit.usage.rawValue)
        case let error as DecodingError:
            self.init(title: "an answer could not be read", detail: "\(error)", exit: Exit.error.rawValue)
        case let error as any CustomStringConvertible & Error:
            self.init(title: error.description, exit: Exit.error.rawValue)
        default: self.init(title: "\(error)", exit: Exit.error.rawValue)
        }
    }

    private init(_ problem: Problem) {
        self.init(
            title: problem.title,
            detail: problem.detail,
            next: problem.next,
            near: problem.near.isEmpty ? nil : problem.near,
            exit: Self.exit(of: problem).rawValue,
            status: problem.status,
            requestID: problem.requestID
        )
        if problem.status == 401 { next = next ?? "\(NextStep.login)        or: export SERIN_TOKEN=…" }
    }

    /// The code a problem asks for; one that means success or is not known would hide it.
    private static func exit(of problem: Problem) -> Exit {
        let known = Exit(rawValue: problem.exit) ?? .error
        return known == .ok ? .error : known
    }

    private init(_ title: String, why: String? = nil, next: Advice? = nil, _ exit: Exit) {
        self.init(title: title, detail: why, next: next?.text, exit: exit.rawValue)
    }

    private init(_ error: CommandsError) {
        switch error {
        case .badServer(let text):
            self.init(
                "\"\(text)\" is no address of a server",
                why: "it must be http:// or https://, a host and perhaps a port",
                next: "--server \(ServerAddress.standard)        or: export SERIN_SERVER=…",
                .usage
            )
        case .badSetting(let name, let value, let allowed):
            self.init(
                "\(name) is \"\(value)\", which is not known",
                why: "known: \(allowed.joined(separator: ", "))",
                next: "\(.help("environment"))",
                .usage
            )
        case .badArgument(let name, let value, let problem, let example):
            self.init("\(name) \"\(value)\" cannot be used", why: problem, next: "such as \(example)", .usage)
        case .missingArgument(let what, let next): self.init(what, next: next, .usage)
        case .unreachable(let server, let reason, let origin):
            self.init(
                "cannot reach \(server) (\(reason))",
                why: origin == .standard
                    ? "no server is running there; SERIN_SERVER is not set, so the default was used"
                    : "no server answers at this address, which comes from \(origin.rawValue)",
                next: origin == .standard
                    ? "\(.serve())        or: export SERIN_SERVER=…"
                    : "check \(origin.rawValue), or that the server runs",
                .unreachable
            )
        case .noAnswer(let server, let seconds):
            self.init(
                "\(server) did not answer in \(seconds) s",
                why: "it is busy, or something between here and there drops what is sent",
                next: "\(.status())        (what was asked for may have been done)",
                .timedOut
            )
        case .unexpectedAnswer(let server, let path, let status, let problem):
            self.init(
                "\(server) gave an answer that is not serin's (HTTP \(status) for \(path))",
                why: problem,
                next: "check the address; \(.whoAmI) shows the build of the server",
                .error
            )
        case .stillRunning(let what, let seconds, let next):
            self.init(
                "\(what) still runs after \(NumberText.setTime(seconds))",
                why: "--timeout ended the waiting; the work goes on",
                next: next,
                .timedOut
            )
        case .file(let path, let problem):
            self.init("\(path): \(problem)", next: "check the path, and that you may read it", .badData)
        case .unwritable(let path, let problem):
            self.init("\(path): \(problem)", next: "check the folder, its mode and the free space", .error)
        case .badFile(let path, let problem, let next): self.init("\(path): \(problem)", next: next, .badData)
        case .nothingToPublish(let path):
            self.init(
                "\(path) holds no file to publish",
                why: "hidden files are left out",
                next: "\(.publish(.weightsAndCard))",
                .badData
            )
        case .badCredentials(let path, let problem):
            self.init(
                "the stored login is damaged: \(problem)",
                why: path,
                next: "delete the file, then: \(.login)",
                .badData
            )
        case .badToken(let origin):
            self.init("the token from \(origin) has characters that no token has", next: "\(.login)", .notAllowed)
        case .wouldAsk(let question, let flag):
            self.init(
                "\(question)",
                why: "there is nobody to ask: the input is no terminal, or --no-input is set",
                next: "add \(flag)",
                .usage
            )
        case .declined: self.init("nothing was changed", why: "the answer was no", .error)
        case .uploadBroke(let file, let attempts, let problem):
            self.init(
                "the upload of \(file) broke \(NumberText.count(attempts, "time"))",
                why: problem,
                next: "run the same command again: it goes on where it stopped",
                .unreachable
            )
        case .badDocuments(let diagnostics):
            self.init(
                diagnostics.map(\.description).joined(separator: "\n"),
                next: "correct the lines named above",
                .badData
            )
        case .noDocument(let path, let kind):
            self.init(
                "\(path) holds no \(kind)",
                why: "a document starts with apiVersion: serin/v1 and kind: \(kind)",
                .badData
            )
        }
    }
}
