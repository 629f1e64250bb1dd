import RegistryTypes

/// What a verb works with, from flag, environment and default, in this order.
struct Settings: Hashable, Sendable {
    /// Where a value came from.
    enum Origin: String, Hashable, Sendable {
        case flag = "--server"
        case environment = "SERIN_SERVER"
        case standard = "default"
    }

    var server: ServerAddress
    var serverOrigin: Origin
    var printer: Printer
    var progress: ProgressChoice
    /// Whether a question may be asked.
    var mayAsk: Bool
    /// Whether questions are answered with yes.
    var saysYes: Bool
    /// Rows of a list; 0 for all.
    var limit: Int
    /// The model when none is named.
    var model: String?

    /// Decides the settings.
    ///
    /// - Throws: ``CommandsError/badServer(_:)``, ``CommandsError/badSetting(name:value:allowed:)``.
    init(_ options: GlobalOptions, _ environment: Environment, now: Timestamp) throws(CommandsError) {
        if let flag = options.server {
            (server, serverOrigin) = (try ServerAddress(flag), .flag)
        } else if let variable = environment["SERIN_SERVER"] {
            (server, serverOrigin) = (try ServerAddress(variable), .environment)
        } else {
            (server, serverOrigin) = (try ServerAddress(ServerAddress.standard), .standard)
        }

        let usual: OutputFormat? = try Settings.choice("SERIN_OUTPUT", environment)
        let format = options.output ?? usual ?? .table
        let ascii = environment.drawsASCII
        printer = Printer(
            format: format,
            style: TextStyle(
                ascii: ascii,
                colour: environment.isColoured(options.color, toTerminal: environment.outputIsTerminal),
                wide: format == .wide,
                columns: environment.outputIsTerminal ? environment.width : nil,
                now: now
            ),
            talkStyle: TextStyle(
                ascii: ascii,
                colour: environment.isColoured(options.color, toTerminal: environment.talkIsTerminal),
                columns: environment.talkIsTerminal ? environment.width : nil,
                now: now
            ),
            isQuiet: options.quiet,
            isVerbose: options.verbose
        )
        let canDraw = environment.talkIsTerminal && environment["TERM"] != "dumb"
        progress = options.progress ?? (options.quiet ? .none : canDraw ? .bar : .none)
        mayAsk = environment.inputIsTerminal && !options.noInput && !environment.isOn("SERIN_NO_INPUT")
        saysYes = options.yes
        limit = options.limit ?? 30
        model = environment["SERIN_MODEL"]
    }

    private static func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String,
        _ environment: Environment
    ) throws(CommandsError) -> Value? where Value.RawValue == String {
        guard let text = environment[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw .badSetting(name: name, value: text, allowed: Value.allCases.map(\.rawValue))
        }
        return value
    }
}

extension Environment {
    /// Character cells of a line: `COLUMNS`, else what the terminal says.
    var width: Int? {
        if let text = self["COLUMNS"], let value = Int(text), value >= 20 { return value }
        return columns
    }
}
