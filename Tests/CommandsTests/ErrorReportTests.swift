import RegistryTypes
import Testing
import UserDocuments
import WireFormat
import Wording

@testable import Commands

/// Every error in its three lines, and its exit code.
struct ErrorReportTests {
    static func errors() throws -> [(String, any Error)] {
        let server = try ServerAddress("http://127.0.0.1:7470")
        return [
            ("bad server", CommandsError.badServer("ftp://x")),
            ("bad setting", CommandsError.badSetting(name: "SERIN_OUTPUT", value: "xml", allowed: ["table", "json"])),
            (
                "bad argument",
                CommandsError.badArgument(
                    name: "--set",
                    value: "x",
                    problem: "it must be KEY=VALUE",
                    example: "--set temperature=0.2"
                )
            ),
            ("missing argument", CommandsError.missingArgument(what: "no model is named", next: "name one")),
            (
                "unreachable by default",
                CommandsError.unreachable(server, reason: "connection refused", origin: .standard)
            ),
            (
                "unreachable by variable",
                CommandsError.unreachable(server, reason: "connection refused", origin: .environment)
            ),
            ("no answer", CommandsError.noAnswer(server, seconds: 600)),
            (
                "not serin",
                CommandsError.unexpectedAnswer(server, path: "/api/v1/status", status: 200, problem: "it is not JSON")
            ),
            (
                "still running",
                CommandsError.stillRunning(what: "canary c-204", seconds: 600, next: "serin canary watch c-204")
            ),
            ("file", CommandsError.file(path: "model.gguf", problem: "no such file or directory")),
            ("unwritable", CommandsError.unwritable(path: "credentials.json", problem: "no space left on device")),
            ("bad file", CommandsError.badFile(path: "x.gguf", problem: "is no GGUF file", next: "convert it")),
            ("nothing to publish", CommandsError.nothingToPublish(path: "empty")),
            (
                "bad credentials",
                CommandsError.badCredentials(
                    path: "/h/credentials.json",
                    problem: "it is not the JSON that serin writes"
                )
            ),
            ("bad token", CommandsError.badToken(origin: "SERIN_TOKEN")),
            ("would ask", CommandsError.wouldAsk(question: "Revoke key ci?", flag: "--yes")),
            ("declined", CommandsError.declined),
            (
                "upload broke",
                CommandsError.uploadBroke(file: "model.gguf", attempts: 5, problem: "connection reset by peer")
            ),
            (
                "documents",
                CommandsError.badDocuments([
                    Diagnostic(file: "p.yaml", line: 7, message: "unknown key \"requre\"", near: "require"),
                    Diagnostic(file: "p.yaml", line: 9, message: "no gate"),
                ])
            ),
            ("no document", CommandsError.noDocument(path: "empty", kind: "YAML file")),
            ("reference", RegistryTypesError.badReference("A@B@C")),
            (
                "not found",
                Problem(
                    status: 404,
                    title: "there is no model \"ticket-bt\"",
                    next: "serin model list",
                    exit: 3,
                    near: ["ticket-bot"],
                    requestID: "q-1"
                )
            ),
            ("not logged in", Problem(status: 401, title: "a key is needed", exit: 4)),
            (
                "not allowed",
                Problem(
                    status: 403,
                    title: "role reader may not promote",
                    detail: "deployer is needed",
                    next: "ask an admin",
                    exit: 4
                )
            ),
            ("says it is fine", Problem(status: 500, title: "x", exit: 0)),
            ("unknown code", Problem(status: 500, title: "x", exit: 77)),
            ("hostile", Problem(status: 500, title: "a\u{1b}[2Jb\nc", detail: "d\re", exit: 1)),
        ]
    }

    @Test func texts() throws {
        for (name, ascii) in [("errors.txt", false), ("errors-ascii.txt", true)] {
            let style = TextStyle(ascii: ascii, now: Timestamp(milliseconds: 0))
            let text = try ErrorReportTests.errors().map { name, error in
                let report = ErrorReport(error)
                return "# \(name): exit \(report.exit)\n\(report.text(style, isVerbose: true))"
            }.joined(separator: "\n")
            try Stored.expect(text, as: name)
        }
    }

    @Test func noErrorUsesTheCodeOfAVerdict() throws {
        for (name, error) in try ErrorReportTests.errors() {
            let exit = ErrorReport(error).exit
            #expect(!(10...13).contains(exit) && exit != 0, "\(name)")
        }
    }

    @Test func programsGetOneJSONObject() {
        let report = ErrorReport(Problem(status: 404, title: "no", next: "do", exit: 3, near: ["a"], requestID: "q-1"))
        #expect(
            report.json()
                == #"{"exit":3,"near":["a"],"next":"do","requestID":"q-1","status":404,"title":"no","type":"about:blank"}"#
                + "\n"
        )
    }
}
