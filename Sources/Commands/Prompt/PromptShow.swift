import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin prompt show`
struct PromptShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a prompt: messages, variables, settings, and who uses it.",
        discussion: """
            Examples:
              serin prompt show triage
              serin prompt show triage@3
            """
    )

    @Argument(help: ArgumentHelp("A prompt, with @N for one of its versions.", valueName: "prompt")) var prompt: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let (name, number) = try session.promptReference(prompt)
        let view: PromptView = try await session.client.get(APIPath.prompt(name))
        guard let version = view.versions.first(where: { number == nil || $0.id.number == number }) else {
            throw Problem(
                status: 404,
                title: "there is no \(prompt)",
                next: "serin prompt show \(name)",
                exit: Exit.notFound.rawValue,
                near: view.versions.prefix(3).map(\.id.description)
            )
        }
        if number == nil {
            try session.show(
                view,
                kind: "Prompt",
                names: [version.id.description],
                .prompt(view, version: version, now: session.printer.style.now)
            )
        } else {
            try session.show(
                version,
                kind: "PromptVersion",
                names: [version.id.description],
                .prompt(view, version: version, now: session.printer.style.now)
            )
        }
        session.talkAddress("page", .prompt(name))
        return .ok
    }
}
