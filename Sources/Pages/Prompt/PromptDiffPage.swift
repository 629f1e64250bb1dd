import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// Two versions of a prompt, line by line.
public struct PromptDiffPage: Page {
    /// A line.
    struct Line: Hashable, Sendable {
        let text: HTMLText
        let isRemoved: Bool
        let isAdded: Bool
        let isSame: Bool
    }

    /// A part of the document.
    struct Section: Hashable, Sendable {
        let name: HTMLText
        let lines: [Line]
    }

    public static let template = "prompt-diff"
    public let layout: PageLayout
    let prompt: Link
    let range: HTMLText
    let summary: HTMLText
    let isEqual: Bool
    let sections: [Section]
    let unchanged: HTMLText?

    /// Shows `diff` to the reader whom `context` names.
    public init(_ diff: PromptDiff, context: PageContext) {
        let from = diff.from.id, to = diff.to.id
        layout = PageLayout(
            "Prompt \(to.name) \(from.number) → \(to.number)",
            in: .prompts,
            command: .promptDiff(from, to),
            context: context
        )
        prompt = Link(to.name.text, .prompt(to.name))
        range = "\(from.number) → \(to.number)"
        let removed = diff.lines.count { $0.kind == .removed }, added = diff.lines.count { $0.kind == .added }
        summary = HTMLText(
            "@\(to.number) by \(diff.to.pushedBy), \(TimeText.minute(diff.to.pushedAt)) UTC"
                + (diff.to.message.map { ": “\($0)”" } ?? "")
                + " · \(NumberText.count(added, "line")) added, \(NumberText.count(removed)) removed"
        )
        isEqual = removed == 0 && added == 0
        var sections: [(String, [Line])] = []
        for line in diff.lines.prefix(400) {
            // Each row of the listing ends itself: marked lines are blocks, the others carry their line break.
            let row = Line(
                text: HTMLText(line.kind == .same ? line.text + "\n" : line.text, limit: 1000),
                isRemoved: line.kind == .removed,
                isAdded: line.kind == .added,
                isSame: line.kind == .same
            )
            if sections.last?.0 == line.section {
                sections[sections.count - 1].1.append(row)
            } else {
                sections.append((line.section, [row]))
            }
        }
        let changed = sections.filter { $0.1.contains { !$0.isSame } }
        self.sections = changed.map { Section(name: HTMLText($0.0), lines: $0.1) }
        let same = sections.filter { section in !changed.contains { $0.0 == section.0 } }.map(\.0)
        unchanged = same.isEmpty ? nil : HTMLText(same.joined(separator: ", "))
    }
}
