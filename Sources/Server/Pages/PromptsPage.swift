import RegistryRecords
import RegistryTypes
import WireFormat

/// All prompts.
struct PromptsPage: Page {
    /// A prompt.
    struct Row: Hashable, Sendable {
        let prompt: Link
        let versions: HTMLText
        let latest: HTMLText
        let at: Moment
        let by: HTMLText
        let message: HTMLText
        let uses: [Link]
    }

    static let template = "prompts"
    let frame: Frame
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]

    init(_ prompts: [PromptSummary], visit: Visit) {
        frame = Frame("Prompts", in: .prompts, command: "serin prompt list", visit: visit)
        summary = HTMLText(Figures.count(prompts.count, "prompt"))
        hasRows = !prompts.isEmpty
        rows = prompts.map { prompt in
            Row(
                prompt: Link(prompt.name.text, Href.prompt(prompt.name)),
                versions: HTMLText(Figures.count(prompt.versions)),
                latest: "@\(prompt.latest.id.number)",
                at: Moment(prompt.latest.pushedAt),
                by: HTMLText(prompt.latest.pushedBy),
                message: HTMLText(prompt.latest.message ?? ""),
                uses: prompt.usedBy.prefix(20).map { Link("\($0.model)@\($0.channel)", Href.model($0.model)) }
            )
        }
    }
}
