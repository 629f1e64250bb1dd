import ArgumentParser
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin prompt render`
struct PromptRenderVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "render",
        "Show a prompt as a model reads it: the text and its tokens, before anything runs.",
        discussion: """
            Special tokens stand in brackets of their own; what the request brings is never one of them, whatever it \
            spells. Without PROMPT and -f it is the prompt of the release that REF names. TEXT fills the one variable \
            of the prompt; where it has several, name them with --var.
            """,
        examples: "prompt render triage@3 --model ticket-bot@8 --text \"Hello\"",
        "prompt render -f triage.yaml --model ticket-bot --var ticket=\"Hi\""
    )

    @Argument(help: ArgumentHelp("A pushed prompt, such as triage@3.", valueName: "prompt")) var prompt: String?
    @Option(
        name: .customShort("f"),
        help: ArgumentHelp("A YAML file instead of a pushed prompt.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var file: String?
    @Option(help: ArgumentHelp("Whose tokenizer and template (SERIN_MODEL).", valueName: "ref")) var model: String?
    @Option(name: .customLong("var"), help: ArgumentHelp("A variable of the prompt.", valueName: "key=value"))
    var variables: [String] = []
    @Option(help: ArgumentHelp("The value of the only variable.", valueName: "text")) var text: String?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if prompt != nil && file != nil { throw ValidationError("-f and PROMPT exclude each other.") }
        if text != nil && !variables.isEmpty { throw ValidationError("--text and --var exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        guard let named = model ?? session.settings.model else {
            throw CommandsError.missingArgument(
                what: "no model is named",
                next: "--model REF, or: export SERIN_MODEL=…"
            )
        }
        let values = try KeyValues.read(variables, flag: "--var", example: "--var ticket=\"Where is my order?\"")
        let source = try file.map { try session.text(ofFile: $0) }
        if let file, let source {
            let documents = try DocumentFiles.check([SourceFile(name: file, text: source)])
            guard documents.count == 1, case .prompt = documents[0] else {
                throw CommandsError.badFile(
                    path: file,
                    problem: "must hold one document of kind Prompt",
                    next: "\(.promptPush)"
                )
            }
        }
        if let prompt { _ = try session.promptReference(prompt) }
        let rendered: RenderedText = try await session.client.post(
            APIPath.render,
            RenderRequest(
                model: try session.reference(named),
                prompt: prompt,
                source: source,
                variables: values,
                text: text
            )
        )
        try session.show(
            rendered,
            kind: "RenderedPrompt",
            names: [rendered.prompt?.description ?? rendered.name.text],
            Self.report(rendered)
        )
        session.printer.talk(
            "\(rendered.prompt?.description ?? rendered.name.text) for \(rendered.version) in format "
                + "\(rendered.format.rawValue): \(NumberText.count(rendered.count)) of at most "
                + "\(NumberText.count(rendered.contextLength)) tokens"
        )
        return .ok
    }

    /// The text with special tokens visible, then the ids.
    static func report(_ rendered: RenderedText) -> Report {
        Report { report in
            report.add(text(rendered.runs))
            report.blank()
            report.line(Cell("ids \(rendered.ids.map(String.init).joined(separator: " "))", .faint))
        }
    }

    /// A text with its special tokens in brackets and its line ends visible.
    static func text(_ runs: [RenderedText.Run], indent: String = "") -> Report {
        Report { report in
            var line: [Cell] = []
            func end(_ more: [Cell] = []) { report.line((indent.isEmpty ? [] : [Cell(indent)]) + line + more) }
            for run in runs {
                guard !run.isSpecial else {
                    line.append(Cell("⟦\(run.text)⟧", .strong))
                    continue
                }
                let lines = run.text.lines
                for (index, text) in lines.enumerated() {
                    if index > 0 {
                        end([Cell("↵", .faint)])
                        line = []
                    }
                    if !text.isEmpty { line.append(Cell(text)) }
                }
            }
            if !line.isEmpty { end() }
        }
    }
}
