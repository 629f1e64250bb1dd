import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// `serin prompt push`
struct PromptPushVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push a version of a prompt; the same again is the same version.",
        discussion: """
            FILE holds one document of kind Prompt; - is the standard input. Changes nothing for users: a prompt \
            ships with a release.

            Examples:
              serin prompt push prompts/triage.yaml -m "asks for JSON first"
              serin promote ticket-bot@7 --prompt triage@4 --to staging
            """
    )

    @Argument(help: ArgumentHelp("A YAML file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var file: String
    @Option(name: .shortAndLong, help: ArgumentHelp("What is new.", valueName: "text")) var message: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let text = try session.text(ofFile: file)
        let documents = try DocumentFiles.check([SourceFile(name: file, text: text)])
        guard documents.count == 1, case .prompt = documents[0] else {
            throw CommandsError.badFile(
                path: file,
                problem: "must hold one document of kind Prompt",
                next: "serin apply -f \(file)  takes several, of any kind"
            )
        }
        let answer: PromptAnswer = try await session.client.post(
            APIPath.prompts,
            PromptPush(source: text, message: message)
        )
        let id = answer.prompt.id
        try session.show(
            answer,
            kind: "PushedPrompt",
            names: [id.description],
            Report {
                $0.line(
                    StatusCell.pass(answer.created ? "\(id)" : "already pushed as \(id)"),
                    Cell("  \(answer.prompt.digest.short)")
                )
            }
        )
        if answer.created, id.number > 1 {
            session.printer.talk("next: serin prompt diff \(id.name)@\(id.number - 1) \(id)")
        }
        return .ok
    }
}
