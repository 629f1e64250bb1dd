import ArgumentParser
import RegistryTypes
import Testing

@testable import Commands

struct SettingsTests {
    private func settings(_ arguments: [String] = [], _ environment: Environment = Environment()) throws -> Settings {
        try Settings(GlobalOptions.parse(arguments), environment, now: Timestamp(milliseconds: 0))
    }

    @Test func flagsWinOverVariablesOverDefaults() throws {
        let variables = Environment(variables: [
            "SERIN_SERVER": "https://models.example", "SERIN_OUTPUT": "yaml", "SERIN_MODEL": "ticket-bot",
        ])
        #expect(try settings().server.description == "http://127.0.0.1:7470")
        #expect(try settings().serverOrigin == .standard)
        #expect(try settings([], variables).server.description == "https://models.example")
        #expect(try settings([], variables).serverOrigin == .environment)
        #expect(try settings([], variables).printer.format == .yaml)
        #expect(try settings([], variables).model == "ticket-bot")
        let flagged = try settings(["--server", "http://other:1", "-o", "name"], variables)
        #expect(flagged.server.description == "http://other:1")
        #expect(flagged.serverOrigin == .flag)
        #expect(flagged.printer.format == .name)
    }

    @Test func unknownVariablesAreNamed() {
        #expect(
            throws: CommandsError.badSetting(
                name: "SERIN_OUTPUT",
                value: "xml",
                allowed: ["table", "wide", "json", "yaml", "name", "md", "junit", "html"]
            )
        ) { try settings([], Environment(variables: ["SERIN_OUTPUT": "xml"])) }
    }

    @Test(
        arguments: [
            ([], Environment(talkIsTerminal: true), .bar), ([], Environment(), .none),
            ([], Environment(variables: ["TERM": "dumb"], talkIsTerminal: true), .none),
            (["-q"], Environment(talkIsTerminal: true), .none), (["--progress", "plain"], Environment(), .plain),
            (["-q", "--progress", "bar"], Environment(), .bar),
        ] as [([String], Environment, ProgressChoice)]
    )
    func progress(arguments: [String], environment: Environment, choice: ProgressChoice) throws {
        #expect(try settings(arguments, environment).progress == choice)
    }

    @Test(
        arguments: [
            ([], Environment(inputIsTerminal: true), true), ([], Environment(), false),
            (["--no-input"], Environment(inputIsTerminal: true), false),
            ([], Environment(variables: ["SERIN_NO_INPUT": "1"], inputIsTerminal: true), false),
            ([], Environment(variables: ["SERIN_NO_INPUT": "0"], inputIsTerminal: true), true),
        ] as [([String], Environment, Bool)]
    )
    func questions(arguments: [String], environment: Environment, mayAsk: Bool) throws {
        #expect(try settings(arguments, environment).mayAsk == mayAsk)
    }

    @Test func widthsComeFromColumnsOnlyOnATerminal() throws {
        let terminal = Environment(variables: ["COLUMNS": "60"], outputIsTerminal: true, columns: 100)
        #expect(try settings([], terminal).printer.style.columns == 60)
        #expect(try settings([], Environment(outputIsTerminal: true, columns: 100)).printer.style.columns == 100)
        #expect(try settings([], Environment(variables: ["COLUMNS": "60"])).printer.style.columns == nil)
    }

    @Test(arguments: [["--limit", "-1"], ["-q", "-v"], ["-o", "xml"], ["--color", "green"]])
    func refusedFlags(arguments: [String]) {
        #expect(throws: (any Error).self) { try GlobalOptions.parse(arguments) }
    }

    @Test(
        arguments: [
            ("90", 90), ("90s", 90), ("10m", 600), ("10 min", 600), ("1.5h", 5400), ("7d", 604_800), ("500ms", 0.5),
            ("0", nil), ("-1s", nil), ("1e9h", nil), ("9999d", nil), ("", nil), ("m", nil), ("10 minutes", nil),
            ("٣m", nil),
        ] as [(String, Double?)]
    )
    func waits(text: String, seconds: Double?) { #expect(WaitLimit(argument: text)?.seconds == seconds) }
}
