import RegistryTypes
import WireFormat
import Wording

/// Where one is in a list that is shown in parts, and the ways on: links, which a keyboard reaches.
struct Paging: Hashable, Sendable {
    /// How many are shown of how many, and which.
    let words: HTMLText
    /// The first part; nil on it.
    let first: Link?
    /// The next part; nil on the last.
    let next: Link?

    /// The ways from a part of a list by name; nil where the part is all.
    init?<Item>(_ list: ListAnswer<Item>, _ part: NamedPart, of page: PagePath, name: (Item) -> Name) {
        let prefix = part.prefix.isEmpty ? nil : part.prefix
        guard part.after != nil || list.next != nil else { return nil }
        let ends = [list.items.first, list.items.last].compactMap(\.self).map(name)
        words = HTMLText(
            [
                list.total.map { "\(NumberText.count(list.items.count)) of \(NumberText.count($0))" }
                    ?? NumberText.count(list.items.count),
                ends.first.map { $0 == ends.last ? $0.text : "\($0) to \(ends.last ?? $0)" },
            ].compactMap(\.self).joined(separator: ", ")
        )
        first = part.after == nil ? nil : Link("First", at: page.with([("prefix", prefix)]))
        next = list.next.map { Link("Next", at: page.with([("prefix", prefix), ("after", $0)])) }
    }

    /// The ways from a part of a list whose newest come first and whose numbers have no gaps; nil where the part is all.
    init?(newest numbers: [Int], of count: Int?, what: String, on page: PagePath, field: String) {
        guard let count, numbers.count < count else { return nil }
        let last = numbers.last ?? 1
        let span = numbers.first.map { $0 == last ? "\($0)" : "\($0) to \(last)" }
        words = HTMLText(
            ["\(NumberText.count(numbers.count)) of \(NumberText.count(count, what))", span]
                .compactMap(\.self).joined(separator: ", ")
        )
        first = numbers.first == count ? nil : Link("Newest", at: page.with([]))
        next = last > 1 ? Link("Older", at: page.with([(field, String(last))])) : nil
    }

    /// How many there are, in the line below the heading.
    static func summary<Item>(_ list: ListAnswer<Item>, _ part: NamedPart, _ what: String) -> HTMLText {
        guard part.prefix.isEmpty else { return "those whose name begins with \(part.prefix)" }
        return HTMLText(NumberText.count(list.total ?? list.items.count, what))
    }
}

/// The form that finds names by how they begin; only where there are too many to see at once.
struct NameSearch: Hashable, Sendable {
    /// What was looked for.
    let prefix: HTMLText
    /// That nothing was found; nil where something was.
    let nothing: HTMLText?

    init?<Item>(_ list: ListAnswer<Item>, _ part: NamedPart, what: String) {
        guard !part.prefix.isEmpty || part.after != nil || list.next != nil else { return nil }
        prefix = HTMLText(part.prefix)
        nothing =
            switch (list.items.isEmpty, part.after) {
            case (false, _): nil
            case (true, nil): "No \(what) has a name that begins so."
            case (true, let after?): "No \(what) comes behind \(after) by name."
            }
    }
}

extension HTMLText {
    /// The first of `texts`, and how many more there are.
    static func first(_ count: Int, of texts: [HTMLText]) -> [HTMLText] {
        texts.count > count ? texts.prefix(count) + ["and \(NumberText.count(texts.count - count)) more"] : texts
    }
}
