import StrictYAML
import Testing

/// YAML is read strictly.
@Suite struct YAMLFileTests {
    /// A text, and what it is read as: `"…"` are quoted texts, `'…'` plain ones.
    static let readable: [(text: String, tree: String)] = [
        ("a: 1", "{a:'1'}"),
        (
            "a: 1.10\nb: no\nc: 1:30\nd: 0x1F\ne: 2026-11-21\nf: ~\ng: null\nh: 1e3",
            "{a:'1.10' b:'no' c:'1:30' d:'0x1F' e:'2026-11-21' f:'~' g:'null' h:'1e3'}"
        ),
        ("a: \"1\"\nb: 'x'", "{a:\"1\" b:\"x\"}"),
        ("a: |\n  one\n  two\n", "{a:\"one\\ntwo\\n\"}"),
        ("a: >-\n  one\n  two\n", "{a:\"one two\"}"),
        ("- x\n- [y, {z: w}]\n", "['x' ['y' {z:'w'}]]"),
        ("a:\nb: ''", "{a:'' b:\"\"}"),
        ("a: b # remark\n# remark\n", "{a:'b'}"),
        ("a: 1\r\nb: 2\r\n", "{a:'1' b:'2'}"),
        ("---\na: 1\n---\nb: 2\n", "{a:'1'} {b:'2'}"),
        ("---\n# nothing\n---\nb: 2\n...\n", "{b:'2'}"),
        ("<<: x\n=: y", "{<<:'x' =:'y'}"),
        ("a: \"*x &x !x\"\nb: x*y&z", "{a:\"*x &x !x\" b:'x*y&z'}"),
        ("a: |\n  int *p = &p; **p; &p\n  *p\n", "{a:\"int *p = &p; **p; &p\\n*p\\n\"}"),
        ("a: \"\\u0000\\u2028\"", "{a:\"\u{0}\u{2028}\"}"),
        ("größe: ä", "{größe:'ä'}"),
        ("", ""),
        ("# only a remark\n", ""),
        ("plain", "'plain'"),
    ]

    @Test(arguments: readable)
    func reads(_ text: String, _ tree: String) throws {
        let file = try YAMLFile(Array(text.utf8))
        #expect(file.documents.map { describe($0.root) }.joined(separator: " ") == tree)
    }

    /// A text, and the whole message of its refusal.
    static let refused: [(text: String, message: String)] = [
        (
            "a: &x 1",
            "line 1: anchors (&name) are not allowed: write the value out; a text that starts with & needs quotes"
        ),
        (
            "a: 1\n&k b: 2",
            "line 2: anchors (&name) are not allowed: write the value out; a text that starts with & needs quotes"
        ),
        (
            "a: 1\nb: *a",
            "line 2: aliases (*name) are not allowed: write the value out; a text that starts with * needs quotes"
        ),
        (
            "a: &x 1\nb: *x",
            "line 2: aliases (*name) are not allowed: write the value out; a text that starts with * needs quotes"
        ),
        (
            "a: !!int 1",
            "line 1: tags (tag:yaml.org,2002:int) are not allowed: remove it; a text that starts with ! needs quotes"
        ),
        (
            "a: !!str 1",
            "line 1: tags (tag:yaml.org,2002:str) are not allowed: remove it; a text that starts with ! needs quotes"
        ),
        ("a: !x {}", "line 1: tags (!x) are not allowed: remove it; a text that starts with ! needs quotes"),
        ("a: !x []", "line 1: tags (!x) are not allowed: remove it; a text that starts with ! needs quotes"),
        ("a: 1\nb: 2\na: 3", "line 1: key \"a\" occurs twice: keep one of them"),
        ("a: 1\n\"a\": 3", "line 1: key \"a\" occurs twice: keep one of them"),
        (
            "? [x]\n: 1",
            "line 1: a key must be a text, not a list or a mapping: quote it if the braces are part of the text"
        ),
        ("a: 1\nb: c: d", "line 2: not YAML: a second ':' in one line: quote a text that has ': ' in it"),
        ("a:\n\t- b", "line 2: not YAML: a tab cannot indent: use spaces"),
        ("a: @x", "line 1: not YAML: a text cannot start with this character: quote it"),
        (
            "a: [b",
            "line 2: not YAML: did not find expected ',' or ']' (while parsing a flow sequence that starts in line 1)"
        ),
        ("a: \"b", "line 1: not YAML: a quote or a bracket is never closed"),
        ("%YAML 1.1\n---\na: 1", "line 1: not YAML: directives (%YAML, %TAG) are not allowed: remove the line"),
        ("a: 1\r\nb: 2\rc: 3", "line 2: carriage return without a line feed: end lines with a line feed"),
        ("a: \u{0}", "line 1: control byte 0x00 is not allowed: remove it, or write it as an escape in double quotes"),
        (
            "a: 1\n# \u{2028}b: 2",
            "line 2: invisible line end U+2028 is not allowed: remove it, or write it as an escape in double quotes"
        ),
        (
            "# \u{85}b: 2",
            "line 1: invisible line end U+0085 is not allowed: remove it, or write it as an escape in double quotes"
        ),
        ("\u{feff}a: 1", "line 1: file starts with a byte order mark: save it as UTF-8 without one"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ message: String) {
        #expect(throws: StrictYAMLError.self) { try YAMLFile(Array(text.utf8)) }
        #expect(refusal(of: Array(text.utf8)) == message)
    }

    @Test func eachDocumentKeepsItsOwnLinesAndReadingThemAgainGivesTheSame() throws {
        let text = "# first\na: 1\n--- # second\n\nb: |\n  x\n  ----\n---\n---\nc: 3\n"
        let documents = try YAMLFile(Array(text.utf8)).documents
        #expect(documents.map(\.source) == ["# first\na: 1\n", "--- # second\n\nb: |\n  x\n  ----\n", "---\nc: 3\n"])
        for document in documents {
            let again = try YAMLFile(Array(document.source.utf8)).documents
            #expect(again.map { describe($0.root) } == [describe(document.root)])
        }
    }

    @Test func nodesKnowTheirLineAndColumn() throws {
        let root = try #require(try YAMLFile(Array("a: 1\nbü:\n  - {c: d}\n".utf8)).documents.first?.root)
        guard case .mapping(let entries) = root.value, case .sequence(let list) = entries[1].value.value,
            case .mapping(let inner) = list[0].value
        else {
            Issue.record("not the expected shape")
            return
        }
        #expect(entries[1].position == YAMLPosition(line: 2, column: 1))
        #expect(inner[0].position == YAMLPosition(line: 3, column: 6))
        #expect(inner[0].value.position == YAMLPosition(line: 3, column: 9))
    }

    @Test(arguments: [0, 1])
    func limitsAreKeptAtTheirExactValue(_ over: Int) {
        let deep = String(repeating: "[", count: 5) + String(repeating: "]", count: 5)
        let wide = "[a, b, c, d]"
        func reads(_ text: String, _ limits: YAMLLimits) -> Bool {
            (try? YAMLFile(Array(text.utf8), limits: limits)) != nil
        }
        #expect(reads(deep, YAMLLimits(depth: 5 - over)) == (over == 0))
        #expect(reads(wide, YAMLLimits(nodes: 5 - over)) == (over == 0))
        #expect(reads("a: b", YAMLLimits(nodes: 3 - over)) == (over == 0))
        #expect(reads(wide, YAMLLimits(bytes: wide.utf8.count - over)) == (over == 0))
    }
}

/// A node in one line.
func describe(_ node: YAMLNode) -> String {
    switch node.value {
    case .scalar(let text, let isQuoted):
        let quote = isQuoted ? "\"" : "'"
        return quote + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n") + quote
    case .sequence(let elements): return "[\(elements.map(describe).joined(separator: " "))]"
    case .mapping(let entries):
        return "{\(entries.map { "\($0.key):\(describe($0.value))" }.joined(separator: " "))}"
    }
}

/// The message of a refusal; nil when the bytes are read.
func refusal(of bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> String? {
    do {
        _ = try YAMLFile(bytes, limits: limits)
        return nil
    } catch {
        return error.description
    }
}
