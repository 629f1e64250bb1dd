import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// All prompts.
public struct PromptsPage: Page {
    /// A prompt.
    struct Row: Hashable, Sendable {
        let prompt: Link
        let versions: HTMLText
        let latest: HTMLText
        let at: PageTime
        let by: HTMLText
        let message: HTMLText
        let uses: [Link]
    }

    public static let template = "prompts"
    public let layout: PageLayout
    let summary: HTMLText
    let hasRows: Bool
    /// That there is nothing at all, not only in this part.
    let hasNone: Bool
    let rows: [Row]
    let paging: Paging?
    let search: NameSearch?

    /// Shows `list`, the `part` of all prompts, to the reader whom `context` names.
    public init(_ list: ListAnswer<PromptSummary>, part: NamedPart = NamedPart(), context: PageContext) {
        let prompts = list.items
        layout = PageLayout("Prompts", in: .prompts, command: .promptList, context: context)
        summary = Paging.summary(list, part, "prompt")
        paging = Paging(list, part, of: .prompts) { $0.name }
        search = NameSearch(list, part, what: "prompt")
        hasRows = !prompts.isEmpty
        hasNone = prompts.isEmpty && search == nil
        rows = prompts.map { prompt in
            Row(
                prompt: Link(prompt.name.text, .prompt(prompt.name)),
                versions: HTMLText(NumberText.count(prompt.versions)),
                latest: "@\(prompt.latest.id.number)",
                at: PageTime(prompt.latest.pushedAt),
                by: HTMLText(prompt.latest.pushedBy),
                message: HTMLText(prompt.latest.message ?? "", limit: 160),
                uses: prompt.usedBy.prefix(2).map { Link("\($0.model)@\($0.channel)", .model($0.model)) }
                    + (prompt.usedBy.count > 2 ? [Link("and more", .prompt(prompt.name))] : [])
            )
        }
    }
}

/// A prompt: what its newest version says, its versions, and where it is live.
public struct PromptPage: Page {
    /// A message.
    struct Message: Hashable, Sendable {
        let role: HTMLText
        let text: HTMLText
    }

    /// A version.
    struct Version: Hashable, Sendable {
        let name: HTMLText
        let at: PageTime
        let by: HTMLText
        let message: HTMLText
        let digest: HTMLText
        let diff: Link?
    }

    /// The prompt as the live release of a channel reads it.
    struct Example: Hashable, Sendable {
        /// A part of the text.
        struct Run: Hashable, Sendable {
            let text: HTMLText
            let isSpecial: Bool
        }

        let release: Link
        let channel: HTMLText
        let prompt: HTMLText
        let isRendered: Bool
        let runs: [Run]
        let tokens: HTMLText
        let problem: HTMLText
        let command: HTMLText
    }

    public static let template = "prompt"
    public let layout: PageLayout
    let name: HTMLText
    let summary: HTMLText
    let hasUses: Bool
    let uses: [Link]
    let newest: HTMLText
    let messages: [Message]
    let facts: [Fact]
    let schema: HTMLText?
    let example: Example?
    let versions: [Version]
    let paging: Paging?

    /// Shows `prompt` to the reader whom `context` names.
    public init(_ prompt: PromptView, context: PageContext) {
        let latest = prompt.latest ?? prompt.versions.first
        let document = latest?.document
        layout = PageLayout(
            "Prompt \(prompt.name)",
            in: .prompts,
            command: .promptShow(prompt.name),
            context: context
        )
        name = HTMLText(prompt.name.text)
        summary = HTMLText(
            [
                NumberText.count(prompt.versionCount ?? prompt.versions.count, "version"),
                latest?.message.map { "“\($0)”" },
            ]
            .compactMap { $0 }.joined(separator: " · ")
        )
        hasUses = !prompt.usedBy.isEmpty
        uses = prompt.usedBy.prefix(20).map {
            Link("\($0.channel.model)@\($0.channel.channel) (@\($0.version))", .model($0.channel.model))
        }
        newest = HTMLText(latest.map { "\($0.id)" } ?? "No version")
        messages = (document?.messages ?? []).prefix(30).map {
            Message(role: HTMLText($0.role.rawValue), text: HTMLText($0.text, limit: 4000))
        }
        facts = document.map(PromptPage.facts) ?? []
        schema = document?.output.flatMap { PromptPage.pretty($0) }.map { HTMLText($0, limit: 4000) }
        example = prompt.example.map(PromptPage.example)
        versions = prompt.versions.prefix(50).map { version in
            let before = version.id.number - 1
            return Version(
                name: "\(version.id)",
                at: PageTime(version.pushedAt),
                by: HTMLText(version.pushedBy),
                message: HTMLText(version.message ?? "", limit: 240),
                digest: HTMLText(version.digest.short),
                diff: before > 0
                    ? Link(
                        "\(before) → \(version.id.number)",
                        PagePath.promptDiff(prompt.name, from: before, to: version.id.number)
                    ) : nil
            )
        }
        paging = Paging(
            newest: prompt.versions.map(\.id.number),
            of: prompt.versionCount,
            what: "version",
            on: .prompt(prompt.name),
            field: "before"
        )
    }

    /// The bytes of HTML that the texts of an example may take, and how many of its parts are shown.
    private static let (exampleLimit, exampleRuns) = (6000, 60)

    private static func example(_ example: PromptExample) -> Example {
        var left = exampleLimit
        var runs = example.runs.prefix(exampleRuns).map { run in
            let text = HTMLText(run.text, limit: run.isSpecial ? 100 : left)
            if !run.isSpecial { left = max(0, left - text.html.utf8.count) }
            return Example.Run(text: text, isSpecial: run.isSpecial)
        }
        let more = example.runs.count - runs.count
        if more > 0 {
            runs.append(Example.Run(text: HTMLText("… (\(NumberText.count(more)) parts more)"), isSpecial: false))
        }
        let release = ReleaseID(example.channel.model, example.channel.release)
        return Example(
            release: Link("\(release)", .release(release)),
            channel: HTMLText("\(example.channel.model)@\(example.channel.channel)"),
            prompt: HTMLText("\(example.prompt)"),
            isRendered: example.problem == nil,
            runs: runs,
            tokens: HTMLText(
                "\(NumberText.known(example.count) { NumberText.count($0, "token") }) of at most "
                    + "\(NumberText.known(example.contextLength, NumberText.count)) for prompt and answer, in format "
                    + (example.format?.rawValue ?? "unknown")
            ),
            problem: HTMLText(example.problem ?? ""),
            command: HTMLText(.promptRender(example.prompt, model: .release(release)))
        )
    }

    private static func facts(_ document: PromptDocument) -> [Fact] {
        let variables = document.variables.map { variable in
            variable.name + (variable.isRequired ? " (required" : " (optional")
                + (variable.maxLength.map { ", at most \(NumberText.count($0)) characters)" } ?? ")")
        }
        return [
            Fact("Variables", variables.isEmpty ? "none" : variables.joined(separator: ", ")),
            Fact(
                "Format",
                document.format.rawValue + (document.thinking.map { ", thinking \($0.rawValue)" } ?? "")
            ),
            Fact("Settings", document.decoding.words),
            Fact("System messages of requests", document.clientSystemWords),
        ] + (document.deadlineSeconds.map { [Fact("Deadline", NumberText.setTime($0))] } ?? [])
    }

    private static func pretty(_ schema: OutputSchema) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(schema)).map { String(decoding: $0, as: UTF8.self) }
    }
}
