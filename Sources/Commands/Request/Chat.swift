import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin chat`
struct Chat: Verb {
    static let configuration = CommandConfiguration.verb(
        "chat",
        "Send one request to a release.",
        discussion: """
            TEXT fills the one variable of the prompt; where it has several, name them with --var. Without TEXT and \
            --var the standard input is sent. The answer goes to the standard output as it is made, its figures to \
            the error.
            """,
        examples: "chat ticket-bot \"Order 48213 arrived broken\"",
        "chat ticket-bot@8 --var ticket=\"Where is my order?\" -o json",
        "chat ticket-bot --set temperature=0.7 --seed 1 < ticket.txt"
    )

    @Argument(help: ArgumentHelp("A model, version, release or channel.", valueName: "ref")) var reference: String
    @Argument(help: ArgumentHelp("What to send.", valueName: "text")) var text: String?
    @Option(name: .customLong("var"), help: ArgumentHelp("A variable of the prompt.", valueName: "key=value"))
    var variables: [String] = []
    @Option(help: ArgumentHelp("The seed of the sampling.", valueName: "n")) var seed: UInt64?
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if text != nil && !variables.isEmpty { throw ValidationError("TEXT and --var exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let values = try KeyValues.read(variables, flag: "--var", example: "--var ticket=\"Where is my order?\"")
        let sent: String? = if text == nil && values.isEmpty { try input(session) } else { text }
        let answer = try await AnswerOutput(session).show(
            ChatRequest(
                release: try release.choice(session.reference(reference)),
                variables: values,
                text: sent,
                seed: seed
            )
        )
        session.printer.talk(Self.figures(answer))
        return .ok
    }

    /// Which release answered, and how fast.
    static func figures(_ answer: ChatAnswer) -> Report {
        Report { report in
            var parts = [
                answer.release.map { "\($0) (\(answer.version), \(answer.prompt))" }
                    ?? "no release: \(RequestOutput.content(answer))",
                "\(answer.promptTokens) → \(answer.outputTokens) tokens",
            ]
            if let seconds = answer.firstTokenSeconds {
                parts.append("first token \(NumberText.duration(seconds))")
            }
            if let seconds = answer.perTokenSeconds {
                parts.append("\(NumberText.duration(seconds)) per token")
            }
            parts.append("total \(NumberText.duration(answer.totalSeconds))")
            if answer.finish != "stop" { parts.append("ended by \(answer.finish)") }
            report.line(Cell(parts.joined(separator: "   "), .faint))
            if let thinking = answer.thinking {
                report.line(
                    Cell(
                        "thought \(NumberText.count(thinking.unicodeScalars.count)) characters first (-o json)",
                        .faint
                    )
                )
            }
            for problem in answer.problems {
                report.line(StatusCell.notice("not what the prompt asks for: \(problem)"))
            }
        }
    }

    private func input(_ session: Session) throws(CommandsError) -> String {
        let subject = (try? session.reference(reference)).map { NextStep.Subject.reference($0) } ?? .any
        guard !session.environment.inputIsTerminal else {
            throw .missingArgument(what: "there is nothing to send", next: "\(.chat(subject))")
        }
        let text = try session.text(ofFile: "-").withoutLineEnd
        guard !text.isEmpty else {
            throw .missingArgument(
                what: "there is nothing to send: the standard input is empty",
                next: "\(.chat(subject))"
            )
        }
        return text
    }
}
