import TestSupport
import Testing

/// The words of the field, as the second table of `docs/architecture.md` section 2 has them.
@Suite struct WordTests {
    static let tree = SourceTree(root: Checkout.root)

    static func table() throws -> WordTable {
        let document = try #require(tree.files(below: "docs/architecture.md", endings: [".md"]).first)
        return WordTable(markdown: document.text)
    }

    @Test func theTableIsRead() throws {
        let rows = try Self.table().rows
        #expect(rows.count >= 10)
        #expect(rows.first { $0.word == "reference model" }?.not == ["yardstick"])
        #expect(rows.first { $0.not == ["mark", "sign"] }?.place == .types)
    }

    @Test(arguments: ["Sources", "Web", "bin", "docs"])
    func wordsThatTheTableForbidsDoNotOccur(_ folder: String) throws {
        let table = try Self.table()
        let endings = [".swift", ".mustache", ".md", ".css", ".js", ".c", ".h"] + (folder == "bin" ? [""] : [])
        for file in try Self.tree.files(below: folder, endings: endings) where !file.path.hasPrefix("docs/decisions/") {
            for finding in table.findings(in: file) { Issue.record("\(finding)") }
        }
    }

    /// What it must find, and what it must leave alone.
    @Test(arguments: [
        ("let yardstickName = 1", 1), ("/// As two yardsticks.", 1), ("case model = \"yardstick\"", 0),
        ("case yardstick = \"model\"", 1), ("let limit = rows.most", 1), ("/// At most three.", 0),
        ("let text = \"the most of it\"", 0), ("let text = \"\\(most) of it\"", 1), ("let x = atMost(3)", 0),
        ("struct StatusMark {", 1), ("let mark = 1", 0), ("struct Remark {", 0), ("// it is returned by itself", 1),
        ("// a harmless text", 0), ("let pHarm = 0.5", 1),
    ])
    func whatItFinds(_ line: String, _ count: Int) throws {
        let file = SourceTree.File(path: "Sources/A/A.swift", text: line + "\n")
        #expect(try Self.table().findings(in: file).count == count)
    }
}
