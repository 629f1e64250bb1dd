import ArgumentParser
import Foundation
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// `serin run`
struct Run: Verb {
    static let configuration = CommandConfiguration.verb(
        "run",
        "Let a model answer: a file here, or a release on the server.",
        discussion: """
            A file answers on this machine, through its own chat template unless --raw is given. A reference is answered \
            by the server, with the prompt and settings of its release; flags change the settings. The text comes as it is made. Without TEXT the standard input is sent. The same seed gives the same answer.
            """,
        examples: "run model.gguf \"What is the capital of France?\"",
        "run model.gguf --raw --temperature 0.8 --seed 7 < story.txt",
        "run ticket-bot@8 \"Order 48213 arrived broken\" --max-tokens 64 -o json"
    )

    @Argument(
        help: ArgumentHelp("A model file, or a release on the server.", valueName: "file|ref"),
        completion: .file()
    )
    var model: String
    @Argument(help: ArgumentHelp("What to send.", valueName: "text")) var text: String?
    @Option(help: ArgumentHelp("What is said as the system (files only).", valueName: "text")) var system: String?
    @Option(
        help: ArgumentHelp("An adapter (GGUF) laid over it (files only).", valueName: "file"),
        completion: .file()
    )
    var adapter: String?
    @Flag(help: "Send the text as it is, without a chat template (files only).") var raw = false
    @Option(help: ArgumentHelp("0 takes the most likely token. (default: 0)", valueName: "n")) var temperature: Double?
    @Option(help: ArgumentHelp("Only so many of the most likely tokens.", valueName: "n")) var topK: Int?
    @Option(help: ArgumentHelp("Only the likeliest tokens that add up to this.", valueName: "share")) var topP: Double?
    @Option(help: ArgumentHelp("Only tokens this fraction as likely as the likeliest.", valueName: "share"))
    var minP: Double?
    @Option(help: ArgumentHelp("The most tokens of the answer. (default: 256)", valueName: "n")) var maxTokens: Int?
    @Option(help: ArgumentHelp("A text that ends the answer (files only).", valueName: "text")) var stop: [String] = []
    @Option(help: ArgumentHelp("The seed of the sampling. (default: 0)", valueName: "n")) var seed: UInt64?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if raw && system != nil { throw ValidationError("--raw and --system exclude each other.") }
        if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens must be 1 or more.") }
        if let topK, topK < 0 { throw ValidationError("--top-k must be 0 (for all) or more.") }
        if let temperature, !(0...100).contains(temperature) {
            throw ValidationError("--temperature must be from 0 to 100.")
        }
        if let topP, !(topP > 0 && topP <= 1) { throw ValidationError("--top-p must be above 0 and at most 1.") }
        if let minP, !(0...1).contains(minP) { throw ValidationError("--min-p must be from 0 to 1.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let subject = try ModelSubject(model, session)
        _ = try session.adapter(adapter, over: subject)
        switch subject {
        case .file(let path): try await answer(path, session)
        case .reference(let reference): try await ask(reference, session)
        }
        return .ok
    }

    private func answer(_ path: String, _ session: Session) async throws {
        let model = try ModelFiles.openRunnable(path, adapter: adapter)
        let text = try session.givenText(text, file: nil)
        if !raw, model.facts.template == nil {
            session.printer.warn("\(path.lastPathPart) has no chat template: the text is sent as it is (--raw)")
        }
        let question = LocalModel.Question(
            text: text,
            system: system,
            isRaw: raw,
            temperature: temperature ?? 0,
            topK: topK ?? 0,
            topP: topP ?? 1,
            minP: minP ?? 0,
            maxTokens: maxTokens ?? 256,
            seed: seed ?? 0,
            stop: stop,
            secondsSince1970: Int(Date().timeIntervalSince1970)
        )
        let streams = session.printer.format == .table || session.printer.format == .wide
        let isTerminal = session.environment.outputIsTerminal, printer = session.printer
        let answer = try await ModelFiles.about(path) {
            try await model.answer(
                question,
                loaded: { printer.detail("loaded in \(NumberText.duration($0))") },
                piece: { piece in
                    if streams { Streams.out(isTerminal ? SafeText.lines(piece) : piece) }
                }
            )
        }
        if streams {
            Streams.out("\n")
        } else {
            try session.show(answer, kind: "Answer", names: [path], Report())
        }
        session.printer.talk(Self.figures(answer))
    }

    private static func figures(_ answer: LocalAnswer) -> Report {
        Report { report in
            var parts = ["\(answer.promptTokens) → \(answer.tokens.count) tokens"]
            if let rate = answer.tokensPerSecond { parts.append("\(NumberText.significant(rate)) tokens/s") }
            if let seconds = answer.firstTokenSeconds { parts.append("first token \(NumberText.duration(seconds))") }
            parts.append("loaded in \(NumberText.duration(answer.loadSeconds))")
            parts.append("seed \(answer.seed)")
            if answer.finish != "stop" { parts.append("ended by \(answer.finish)") }
            report.line(Cell(parts.joined(separator: "   "), .faint))
        }
    }

    private func ask(_ reference: Reference, _ session: Session) async throws {
        guard system == nil, !raw, stop.isEmpty else {
            throw CommandsError.badArgument(
                name: raw ? "--raw" : system != nil ? "--system" : "--stop",
                value: reference.description,
                problem: "the prompt of a release says what goes to its model",
                example: "\(NextStep.chat(.reference(reference)))"
            )
        }
        var settings: [String: String] = [:]
        if let temperature { settings["temperature"] = String(temperature) }
        if let topK { settings["topK"] = String(topK) }
        if let topP { settings["topP"] = String(topP) }
        if let minP { settings["minP"] = String(minP) }
        if let maxTokens { settings["maxTokens"] = String(maxTokens) }
        let text = try session.givenText(text, file: nil).withoutLineEnd
        let answer = try await AnswerOutput(session).show(
            ChatRequest(
                release: ReleaseChoice(reference: reference, set: settings.isEmpty ? nil : settings),
                variables: [:],
                text: text,
                seed: seed
            )
        )
        session.printer.talk(Chat.figures(answer))
    }
}
