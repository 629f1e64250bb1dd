import Wording

/// Writes the answer of a verb in the format asked for, and the talk around it.
struct Printer: Hashable, Sendable {
    let format: OutputFormat
    /// For the standard output.
    let style: TextStyle
    /// For the standard error.
    let talkStyle: TextStyle
    let isQuiet: Bool
    let isVerbose: Bool

    /// Writes the answer: `value` for programs, `names` for `-o name`, `report` for people.
    func show(_ value: some Encodable, kind: String, names: [String], report: Report) throws {
        switch format {
        case .table, .wide, .md: Streams.out(report.text(style))
        case .json: Streams.out(try Envelope(kind: kind, value: value).json())
        case .yaml: Streams.out(try Envelope(kind: kind, value: value).yaml())
        case .name: Streams.out(names.map { SafeText.line($0) + "\n" }.joined())
        }
    }

    /// Writes lines for a person to the standard error, unless `-q`.
    func talk(_ report: Report) {
        if !isQuiet { Streams.talk(report.text(talkStyle)) }
    }

    /// Writes one line for a person to the standard error, unless `-q`.
    func talk(_ text: String) { talk(Report { $0.line(Cell(text)) }) }

    /// Says what to do next, unless `-q`.
    func next(_ advice: Advice) { talk("next: \(advice.text)") }

    /// Writes a warning to the standard error, `-q` or not.
    func warn(_ text: String) {
        Streams.talk(Report { $0.line(Cell("warning: ", .notice), Cell(text)) }.text(talkStyle))
    }

    /// Writes a line that only `-v` wants.
    func detail(_ text: String) {
        if isVerbose { Streams.talk(Report { $0.line(Cell(text, .faint)) }.text(talkStyle)) }
    }
}
