import Foundation
import Testing

@testable import Pages

/// What no page may show, whatever it is about: each rule is a kind of fault that a reader once met.
struct PageRuleTests {
    /// A fault that a page can have; it says where.
    struct Rule: Sendable, CustomTestStringConvertible {
        let name: String
        let faults: @Sendable (PageParts) -> [String]
        var testDescription: String { name }
    }

    static let rules: [Rule] = [
        Rule(name: "a table with a caption has rows") { page in
            page.tables.filter { $0.contains("<caption>") && !$0.contains("<tr", after: "<tbody>") }
        },
        Rule(name: "a table has a head, or its rows have") { page in
            page.tables.filter { !$0.contains("<th") }
        },
        Rule(name: "a table that can be wide scrolls by itself") { page in
            page.tables.filter { !$0.contains("class=\"fit\"") && !page.scrolls($0) }.map { String($0.prefix(90)) }
        },
        Rule(name: "a table shows all its columns at 390 px") { page in
            page.tables.filter { !$0.isStacked && !$0.isNarrow }.map { String($0.prefix(160)) }
        },
        Rule(name: "a cell of a stacked table names its column") { page in page.tables.flatMap(\.namelessCells) },
        Rule(name: "no text is escaped twice") { page in
            ["&amp;amp;", "&amp;lt;", "&amp;gt;", "&amp;#", "&amp;quot;"].filter { page.html.contains($0) }
        },
        Rule(name: "what a badge says is not said again beside it") { page in page.repetitions },
        Rule(name: "no phrase without sense") { page in
            [
                "Gone never", "below 0 ", "below 0.00 ", "below 0.0 ", "nil", "Optional(", "NaN", "(null)",
                "1970-01-01", "−0 ", "-0 %",
            ]
            .filter { page.text.contains($0) }
        },
        Rule(name: "a badge says what is so, not who is called") { page in
            page.badges.map(\.word).filter { word in
                !Set(word.split { " ,:".contains($0) }).isDisjoint(with: ["ticket", "page"])
            }
        },
        Rule(name: "a badge has the colour of its sign") { page in
            page.badges.filter { !(tones[$0.sign] ?? []).contains($0.tone) }.map { "\($0.sign) \($0.word): \($0.tone)" }
        },
        Rule(name: "a badge has a word") { page in page.badges.filter { $0.word.isEmpty }.map(\.sign) },
        Rule(name: "no chart of one point") { page in
            page.paths(in: "<figure class=\"chart").filter { path in
                // A move and nothing that is drawn from there.
                !path.contains { "LHVlhvzZ".contains($0) }
            }
        },
        Rule(name: "a drawing over 390 px wide shrinks with its page") { page in
            page.openings("<svg").filter { opening in
                (Int(opening.attribute("width") ?? "") ?? 0) > 390
                    && !page.isInWideFigure(opening)
            }
        },
        Rule(name: "no width in a style") { page in page.openings("<").filter { $0.contains(" style=") } },
        Rule(name: "no two headings are equal") { page in
            Dictionary(grouping: page.headings) { $0 }.filter { $0.value.count > 1 }.map(\.key)
        },
        Rule(name: "a heading says something") { page in page.headings.filter(\.isEmpty) },
        Rule(name: "one first heading") { page in
            let count = page.html.components(separatedBy: "<h1").count - 1
            return count == 1 ? [] : ["\(count) of them"]
        },
        Rule(name: "an id is there once, and what a label is for is there") { page in
            let ids = page.openings("<").compactMap { $0.attribute("id") }
            let twice = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.map { "twice: \($0)" }
            let lost = page.openings("<label").compactMap { $0.attribute("for") }.filter { !ids.contains($0) }
            return twice + lost.map { "for: \($0)" }
        },
        Rule(name: "a link has words") { page in
            page.blocks("<a ", "</a>").filter { PageParts.plain($0).isEmpty }
        },
        Rule(name: "a time is exact for programs") { page in
            page.openings("<time").filter { ($0.attribute("datetime") ?? "").isEmpty }
        },
        Rule(name: "numbers have no long tail of digits") { page in
            page.text.split(separator: " ").map(String.init).filter { word in
                let digits = word.drop { $0 != "." }.dropFirst().prefix { $0.isASCII && $0.isNumber }
                return digits.count > 8 && word.first?.isNumber == true
            }
        },
    ]

    /// Which colours a sign may have. A check mark is faint where nothing depends on it any more.
    private static let tones: [String: Set<String>] = [
        "✔": ["ok", "off"], "✖": ["bad"], "▲": ["notice"], "◌": ["notice", "info"], "◷": ["info", "notice"],
        "?": ["off"], "–": ["off"], "■": ["off", "notice"], "→": ["off"], "•": ["info", "off"],
        "↩": ["info", "bad", "notice"],
    ]

    @Test(arguments: rules)
    func noPageBreaksIt(rule: Rule) throws {
        for (name, page) in try Self.pages.get() {
            let faults = rule.faults(page)
            #expect(faults.isEmpty, "\(name): \(faults.prefix(5))")
        }
    }

    /// Every golden page, taken apart once.
    private static let pages = Result { () throws -> [(String, PageParts)] in
        let templates = try Templates()
        return PageSamples().all.map { sample -> (String, PageParts) in
            let page: any Page = sample.page
            return (sample.name, PageParts(html: templates.render(page)))
        }
    }

    /// Each rule finds the fault that it is about, so that it cannot pass by looking at nothing.
    @Test(arguments: [
        (
            "a table with a caption has rows",
            "<table><caption>x</caption><thead><tr><th>a</th></tr></thead><tbody>\n</tbody></table>"
        ),
        ("a table has a head, or its rows have", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("a table that can be wide scrolls by itself", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
        (
            "a table shows all its columns at 390 px",
            "<table class=\"fit\"><thead><tr><th>a</th><th>b</th><th>c</th><th>d</th></tr></thead></table>"
        ),
        (
            "a table shows all its columns at 390 px",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><th>\(String(repeating: "x", count: 41))</th></tr></table>"
        ),
        (
            "a cell of a stacked table names its column",
            "<table class=\"stack\"><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></table>"
        ),
        (
            "a cell of a stacked table names its column",
            "<table class=\"stack\"><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><th>1</th><td data-l=\"c\">2</td></tr></table>"
        ),
        ("no text is escaped twice", "<title>client&amp;#39;s deadline</title>"),
        ("what a badge says is not said again beside it", "<td>\(badge("ok", "✔", "settled"))<br>settled</td>"),
        ("what a badge says is not said again beside it", "<td>\(badge("ok", "✔", "settled")) settled: 3 s</td>"),
        ("no phrase without sense", "<p>Gone never</p>"),
        ("a badge says what is so, not who is called", badge("notice", "▲", "ticket")),
        ("a badge says what is so, not who is called", badge("notice", "▲", "open, page")),
        ("a badge has the colour of its sign", badge("ok", "✖", "fail")),
        ("a badge has a word", badge("ok", "✔", "")),
        ("no chart of one point", "<figure class=\"chart wide\"><svg><path d=\"M3 4\"/></svg></figure>"),
        ("a drawing over 390 px wide shrinks with its page", "<figure><svg width=\"720\"></svg></figure>"),
        ("no width in a style", "<p style=\"width:500px\">x</p>"),
        ("no two headings are equal", "<h2>Moves</h2><h2>Moves</h2>"),
        ("a heading says something", "<h2></h2>"),
        ("one first heading", "<h1>a</h1><h1>b</h1>"),
        ("an id is there once, and what a label is for is there", "<label for=\"gone\">x</label>"),
        ("a link has words", "<a href=\"/x\"></a>"),
        ("a time is exact for programs", "<time datetime=\"\">x</time>"),
        ("numbers have no long tail of digits", "<p>0.123456789 s</p>"),
    ])
    func aRuleFindsItsFault(name: String, html: String) throws {
        let rule = try #require(Self.rules.first { $0.name == name })
        #expect(!rule.faults(PageParts(html: html)).isEmpty)
    }

    @Test func everyRuleIsTried() {
        #expect(Set(Self.rules.map(\.name)).count == 21)
    }

    private static func badge(_ tone: String, _ sign: String, _ word: String) -> String {
        "<span class=\"state \(tone)\"><span aria-hidden=\"true\">\(sign)</span> <span class=\"w\">\(word)</span></span>"
    }
}

/// A page taken apart by its tags; the strict tokenizer says elsewhere that there is nothing to guess about.
struct PageParts: Sendable {
    let html: String
    /// What is between the tags of the main part.
    let text: String

    init(html: String) {
        self.html = html
        text = Self.plain(html.components(separatedBy: "<main").last ?? html)
    }

    /// A state with its sign.
    struct Badge: Hashable {
        let tone: String
        let sign: String
        let word: String
    }

    /// From `start` to the next `end`, both with it.
    func blocks(_ start: String, _ end: String) -> [String] {
        html.components(separatedBy: start).dropFirst().map {
            start + ($0.components(separatedBy: end).first ?? "") + end
        }
    }

    var tables: [String] { blocks("<table", "</table>") }

    /// Where the words of a badge stand once more behind it, in the same cell, line or heading.
    var repetitions: [String] {
        html.components(separatedBy: "<span class=\"w\">").dropFirst().compactMap { part in
            guard let word = part.components(separatedBy: "<").first, !word.isEmpty else { return nil }
            let ends = ["</td>", "</li>", "</p>", "</h1>", "</h2>", "</div>"]
            let rest = ends.reduce(String(part.dropFirst(word.count))) { rest, end in
                rest.components(separatedBy: end).first ?? ""
            }
            let text = Self.plain(rest)
            guard text.hasPrefix(word) else { return nil }
            let next = text.dropFirst(word.count).first
            return next == nil || " :;,".contains(next ?? " ") ? "\(word) \(text.prefix(60))" : nil
        }
    }

    var headings: [String] {
        ["h1", "h2", "h3"].flatMap { level in blocks("<\(level)", "</\(level)>") }.map(Self.plain)
    }
    var badges: [Badge] {
        html.components(separatedBy: "<span class=\"state ").dropFirst().map { part in
            let tone = part.components(separatedBy: "\"").first ?? ""
            let sign =
                part.components(separatedBy: "aria-hidden=\"true\">").dropFirst().first?
                .components(separatedBy: "<").first ?? ""
            let word = part.components(separatedBy: "class=\"w\">").dropFirst().first?.components(separatedBy: "<")
                .first
            return Badge(tone: tone, sign: sign.unicodeScalars.first.map { String($0) } ?? "", word: word ?? "")
        }
    }

    /// The tags that begin with `start`.
    func openings(_ start: String) -> [String] {
        html.components(separatedBy: start).dropFirst().map {
            start + ($0.components(separatedBy: ">").first ?? "") + ">"
        }
    }

    /// The drawings' paths within the blocks that begin with `start`.
    func paths(in start: String) -> [String] {
        blocks(start, "</figure>").flatMap { figure in
            figure.components(separatedBy: " d=\"").dropFirst().map { $0.components(separatedBy: "\"").first ?? "" }
        }
    }

    /// Whether `part` stands in a figure that the style sheet shrinks.
    func isInWideFigure(_ part: String) -> Bool {
        blocks("<figure", "</figure>").contains { figure in
            figure.contains(part) && (figure.components(separatedBy: ">").first ?? "").contains("wide")
        }
    }

    /// Whether a table stands in a region that scrolls by itself, or in a drawing of bars.
    func scrolls(_ table: String) -> Bool {
        guard let before = html.components(separatedBy: table).first else { return false }
        func isOpen(_ start: String, _ end: String) -> Bool {
            guard let last = before.range(of: start, options: .backwards) else { return false }
            return !before[last.upperBound...].contains(end)
        }
        return isOpen("<div class=\"scroll\"", "</div>") || isOpen("<figure class=\"bars", "</figure>")
    }

    static func plain(_ html: String) -> String {
        var bytes: [UInt8] = [], inside = false
        for byte in html.utf8 {
            switch byte {
            case UInt8(ascii: "<"): inside = true
            case UInt8(ascii: ">"):
                inside = false
                bytes.append(0x20)
            default: if !inside { bytes.append(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension String {
    fileprivate func contains(_ part: String, after start: String) -> Bool {
        components(separatedBy: start).dropFirst().contains { $0.contains(part) }
    }

    /// Of a table: whether its rows stand one below the other where it is narrow.
    fileprivate var isStacked: Bool {
        (components(separatedBy: ">").first?.attribute("class") ?? "").split(separator: " ").contains("stack")
    }

    /// Of a table: whether it has at most three columns, and only short texts, so that it fits 390 px as it is.
    fileprivate var isNarrow: Bool {
        let cells = components(separatedBy: "<t").filter {
            $0.hasPrefix("h ") || $0.hasPrefix("h>") || $0.hasPrefix("d")
        }
        let rows = components(separatedBy: "<tr").dropFirst()
        let columns = rows.map { row in
            row.components(separatedBy: "<td").count + row.components(separatedBy: "<th").count - 2
                - (row.components(separatedBy: "<thead").count - 1)
        }
        return (columns.max() ?? 0) <= 3 && cells.allSatisfy { PageParts.plain("<t" + $0).count <= 40 }
    }

    /// Of a table: the cells of its rows that do not say to which column they belong.
    fileprivate var namelessCells: [String] {
        guard isStacked, let parts = Optional(components(separatedBy: "</thead>")), parts.count == 2 else { return [] }
        // A drawing in a head is the axis of its column, not its name.
        let names =
            parts[0].components(separatedBy: "<th ").dropFirst().isEmpty
            ? parts[0].components(separatedBy: "<th>").dropFirst().map { PageParts.plain("<th>" + $0) }
            : parts[0].components(separatedBy: "<th ").dropFirst().map {
                PageParts.plain("<th " + ($0.components(separatedBy: "<svg").first ?? ""))
            }
        return parts[1].components(separatedBy: "<tr").dropFirst().flatMap { row -> [String] in
            let cells = row.components(separatedBy: "<t").dropFirst().filter {
                $0.hasPrefix("d>") || $0.hasPrefix("d ") || $0.hasPrefix("h>") || $0.hasPrefix("h ")
            }
            return cells.enumerated().compactMap { place, cell in
                guard cell.hasPrefix("d") else { return nil }
                let opening = "<t" + (cell.components(separatedBy: ">").first ?? "")
                let name = opening.attribute("data-l")
                return place < names.count && name == names[place] ? nil : "\(opening)> in the column \(place)"
            }
        }
    }

    fileprivate func attribute(_ name: String) -> String? {
        components(separatedBy: " \(name)=\"").dropFirst().first?.components(separatedBy: "\"").first
    }
}
