import Foundation

/// What the process was given: variables, folder, and what its streams are connected to. Read once, then passed on.
struct Environment: Hashable, Sendable {
    var variables: [String: String] = [:]
    var folder = "/"
    var inputIsTerminal = false
    var outputIsTerminal = false
    var talkIsTerminal = false
    /// Character cells of the terminal, when there is one.
    var columns: Int?
    /// Lines of the terminal, when there is one.
    var rows: Int?

    /// The environment of this process.
    static func current() -> Environment {
        var size = winsize()
        let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 || ioctl(2, UInt(TIOCGWINSZ), &size) == 0
        return Environment(
            variables: ProcessInfo.processInfo.environment,
            folder: FileManager.default.currentDirectoryPath,
            inputIsTerminal: isatty(0) == 1,
            outputIsTerminal: isatty(1) == 1,
            talkIsTerminal: isatty(2) == 1,
            columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : nil,
            rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : nil
        )
    }

    /// The variable `name`; an empty one counts as not set.
    subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether `name` is set to something that does not mean no.
    func isOn(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        return !["0", "no", "false", "off"].contains(value.lowercased())
    }

    /// Whether text may hold more than ASCII: `SERIN_ASCII` is off and the locale is UTF-8.
    var drawsASCII: Bool {
        if self["SERIN_ASCII"] != nil { return isOn("SERIN_ASCII") }
        let locale = (self["LC_ALL"] ?? self["LC_CTYPE"] ?? self["LANG"] ?? "").lowercased()
        return !(locale.hasSuffix("utf-8") || locale.hasSuffix("utf8") || locale.contains("utf-8@"))
    }

    /// Whether a stream gets colours; `NO_COLOR` wins over `CLICOLOR_FORCE`, a flag over both.
    func isColoured(_ choice: ColourChoice?, toTerminal: Bool) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto, nil:
            if variables["NO_COLOR"] != nil || self["TERM"] == "dumb" {
                false
            } else if isOn("CLICOLOR_FORCE") {
                true
            } else {
                toTerminal
            }
        }
    }

    /// The folder for what serin keeps per user.
    var configurationFolder: String? {
        if let folder = self["XDG_CONFIG_HOME"], folder.isPathFromRoot { return folder + "/serin" }
        return self["HOME"].map { $0 + "/.config/serin" }
    }

    /// The folder for what serin can fetch again.
    var cacheFolder: String? {
        if let folder = self["XDG_CACHE_HOME"], folder.isPathFromRoot { return folder + "/serin" }
        return self["HOME"].map { $0 + "/.cache/serin" }
    }
}
