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
    let rows: [Row]

    /// Shows `prompts` to the reader whom `context` names.
    public init(_ prompts: [PromptSummary], context: PageContext) {
        layout = PageLayout("Prompts", in: .prompts, command: .promptList, context: context)
        summary = HTMLText(NumberText.count(prompts.count, "prompt"))
        hasRows = !prompts.isEmpty
        rows = prompts.map { prompt in
            Row(
                prompt: Link(prompt.name.text, .prompt(prompt.name)),
                versions: HTMLText(NumberText.count(prompt.versions)),
                latest: "@\(prompt.latest.id.number)",
                at: PageTime(prompt.latest.pushedAt),
                by: HTMLText(prompt.latest.pushedBy),
                message: HTMLText(prompt.latest.message ?? ""),
                uses: prompt.usedBy.prefix(20).map { Link("\($0.model)@\($0.channel)", .model($0.model)) }
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
    let versions: [Version]

    /// Shows `prompt` to the reader whom `context` names.
    public init(_ prompt: PromptView, context: PageContext) {
        let latest = prompt.versions.first
        let document = latest?.document
        layout = PageLayout(
            "Prompt \(prompt.name)",
            in: .prompts,
            command: .promptShow(prompt.name),
            context: context
        )
        name = HTMLText(prompt.name.text)
        summary = HTMLText(
            [NumberText.count(prompt.versions.count, "version"), latest?.message.map { "“\($0)”" }]
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
        versions = prompt.versions.prefix(50).enumerated().map { index, version in
            let before = prompt.versions.dropFirst(index + 1).first
            return Version(
                name: "\(version.id)",
                at: PageTime(version.pushedAt),
                by: HTMLText(version.pushedBy),
                message: HTMLText(version.message ?? "", limit: 240),
                digest: HTMLText(version.digest.short),
                diff: before.map {
                    Link(
                        "\($0.id.number) → \(version.id.number)",
                        PagePath.promptDiff(prompt.name, from: $0.id.number, to: version.id.number)
                    )
                }
            )
        }
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
        ]
    }

    private static func pretty(_ schema: OutputSchema) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(schema)).map { String(decoding: $0, as: UTF8.self) }
    }
}
