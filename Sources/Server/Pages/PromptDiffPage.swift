import RegistryRecords
import RegistryTypes
import WireFormat

/// Two versions of a prompt, line by line.
struct PromptDiffPage: Page {
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

    static let template = "prompt-diff"
    let frame: Frame
    let prompt: Link
    let range: HTMLText
    let summary: HTMLText
    let isEqual: Bool
    let sections: [Section]
    let unchanged: HTMLText?

    init(_ diff: PromptDiff, visit: Visit) {
        let from = diff.from.id, to = diff.to.id
        frame = Frame(
            "Prompt \(to.name) \(from.number) → \(to.number)",
            in: .prompts,
            command: "serin prompt diff \(from) \(to)",
            visit: visit
        )
        prompt = Link(to.name.text, Href.prompt(to.name))
        range = "\(from.number) → \(to.number)"
        let removed = diff.lines.count { $0.kind == .removed }, added = diff.lines.count { $0.kind == .added }
        summary = HTMLText(
            "@\(to.number) by \(diff.to.pushedBy), \(Moment(diff.to.pushedAt).minute.html) UTC"
                + (diff.to.message.map { ": “\($0)”" } ?? "")
                + " · \(Figures.count(added, "line")) added, \(Figures.count(removed)) removed"
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
