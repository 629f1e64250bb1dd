import Testing
import UserDocuments

/// Model cards.
@Suite struct ModelCardTests {
    private func card(_ text: String) throws -> ModelCard { try ModelCard(bytes: Array(text.utf8), file: "card.md") }

    private static let full = """
        ---
        license: apache-2.0
        language: [en, de]
        pipeline_tag: text-generation
        tags: [support]
        base_model: other/model
        owner: support team
        intendedUse: Sorting support tickets.
        limitations: No other language.
        trainingData: [{ name: tickets, digest: "sha256:0" }]
        evaluation: { exact_match: 0.97 }
        risks: Wrong order numbers.
        anything: { else: [1, 2] }
        ---
        # ticket-bot

        Text with --- and <script>.
        """

    @Test func everyFieldCountsTheSame() throws {
        let all = try card(Self.full)
        #expect(all.completeness == 1)
        #expect(all.missing.isEmpty)
        #expect(all.license == "apache-2.0")
        #expect(all.warnings.isEmpty)
        #expect(all.body == "# ticket-bot\n\nText with --- and <script>.")
        for field in CardField.allCases {
            let text = Self.full.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix(field.rawValue + ":") }.joined(separator: "\n")
            let less = try card(text)
            #expect(less.missing == [field])
            #expect(less.completeness == 0.9)
            #expect(less.summary.missing == [field.rawValue])
        }
    }

    /// Cards as people have them: from Windows, with tables of results, and untouched templates.
    @Test func cardsOfTheWorldAreRead() throws {
        let windows = try card("---\r\nlicense: mit\r\n---\r\n# T\r\n")
        #expect(windows.license == "mit" && windows.body == "# T\r\n")
        #expect(try card("---\r\nlicense: mit\r\ntags:\r\n- a\r\n- b\r\n---\r\n").present == [.license, .tags])

        var table = "---\nlicense: mit\nmodel-index:\n- name: m\n  results:\n"
        for task in 0..<56 {
            table += "  - task: {type: Retrieval}\n    dataset: {type: t\(task), name: MTEB \(task)}\n    metrics:\n"
            for metric in 0..<14 { table += "    - {type: m\(metric), value: \(metric).25}\n" }
        }
        let results = try card(table + "---\n# T\n")
        #expect(results.license == "mit" && results.warnings.isEmpty)
        #expect(results.frontMatter["model-index"] != nil)

        let template = """
            ---
            # For reference on model card metadata, see the spec
            {}
            ---
            # Model Card for Model ID
            <!-- Provide a quick summary of what the model is/does. It goes on for more than forty bytes, easily. -->
            ## Intended use
            <!-- Address questions around how the model is intended to be used,
            including the foreseeable users of the model and those affected by the model. -->
            [More Information Needed]
            ### Direct use
            - **Developed by, with many more words than forty bytes:** [More Information Needed]
            ## Limitations
            <!-- This section is meant to convey both technical and sociotechnical limitations. --> [More Information Needed]
            ## Risks
            <!-- never closed: all that follows is a comment as a browser reads it too, with many words
            ## Owner
            Somebody who answers for all of this and has forty bytes.
            """
        #expect(try card(template).completeness == 0)
        let filled = template.replacing(
            "## Limitations\n",
            with: "## Limitations\nIt knows no other language than English, and no numbers.\n"
        )
        #expect(try card(filled).present == [.limitations])
    }

    /// A slip before the front matter, and lines that end as they once did: nothing of it is lost.
    @Test func frontMatterIsFound() throws {
        for text in [
            "\n\n---\nlicense: mit\n---\ntext", " \r\n---\r\nlicense: mit\r\n---\r\n", "---\rlicense: mit\r---\rtext",
        ] {
            #expect(try card(text).license == "mit", "\(text.debugDescription)")
        }
        let line = "\n\ntext\n---\nmore"
        #expect(try card(line).body == line && card("\n---\ntext").body == "\n---\ntext")
    }

    /// A comment that opens and never closes, over and over: linear.
    @Test func commentsAreReadInOnePass() throws {
        let text = String(repeating: "<!--", count: 60_000) + "\n" + String(repeating: "<!", count: 5000)
        #expect(try card(text).completeness == 0)
    }

    /// What a field holds, and whether that counts.
    static let values: [(text: String, counts: Bool)] = [
        ("intendedUse: Tickets.", true), ("intendedUse: []", false), ("intendedUse:", false),
        ("intendedUse: ''", false),
        ("intendedUse: '  '", false), ("intendedUse: \"[More Information Needed]\"", false),
        ("intendedUse: TBD", false),
        ("intendedUse: { direct: '' }", false), ("intendedUse: { direct: yes }", true), ("intendedUse: ['', x]", true),
        ("intended_use: Tickets.", false),
        // Nothing, as YAML writes it; quoted it is a text.
        ("intendedUse: null", false), ("intendedUse: ~", false), ("intendedUse: Null", false),
        ("intendedUse: [null, ~]", false), ("intendedUse: { a: null, b: { c: ~ } }", false),
        ("intendedUse: \"null\"", true), ("intendedUse: null and void tickets", true),
        // Nothing, as people write it.
        ("intendedUse: N/A", false), ("intendedUse: none", false), ("intendedUse: None.", false),
        ("intendedUse: \"-\"", false), ("intendedUse: \"?\"", false), ("intendedUse: \"...\"", false),
        ("intendedUse: Unknown", false), ("intendedUse: coming soon!", false), ("intendedUse: TBA", false),
        ("intendedUse: '\"N.A.\"'", false), ("intendedUse: [\"—\", TODO]", false),
        ("intendedUse: 分類", true), ("intendedUse: 0.97", true), ("intendedUse: none but tickets", true),
    ]

    @Test(arguments: values)
    func filled(_ text: String, _ counts: Bool) throws {
        #expect(try card("---\n\(text)\n---\n").present.contains(.intendedUse) == counts)
    }

    /// A card of nulls and dashes says nothing, and names no licence.
    @Test func aCardOfNullsIsEmpty() throws {
        let empties = ["null", "~", "[null]", "{ a: null }", "\"?\"", "N/A", "none", "\"-\"", "", "TBD"]
        let fields = zip(CardField.allCases, empties).map { "\($0.rawValue): \($1)" }
        let card = try card("---\n\(fields.joined(separator: "\n"))\n---\n")
        #expect(card.completeness == 0 && card.license == nil && card.summary.missing.count == fields.count)
    }

    /// A body, and the fields that it fills.
    static let bodies: [(text: String, fields: Set<CardField>)] = [
        ("## Limitations\n\nIt knows only tickets of one shop, and only of one year.\n", [.limitations]),
        ("## LIMITATIONS: ##\nIt knows only tickets of one shop, and only of one year.", [.limitations]),
        ("## Limitations\nShort.\n", []),
        // Headings by what stands under them.
        ("Limitations\n---\nIt knows only tickets of one shop, and only of one year.\n", [.limitations]),
        ("Risks\n=====\r\nIt knows only tickets of one shop, and only of one year.\n", [.risks]),
        ("Some words\nLimitations\n---\nIt knows only tickets of one shop, and only of one year.\n", []),
        ("Limitations\n\n---\nIt knows only tickets of one shop, and only of one year.\n", []),
        // The text over a line is its heading and says nothing under the heading before it.
        ("## Risks\nIt knows only tickets of one shop, and only of one year\n---\nMore.\n", []),
        // In code nothing is a comment or a heading.
        (
            "```html\n<!-- not closed\n```\n## Risks\nIt knows only tickets of one shop, and only of one year.\n",
            [.risks]
        ),
        ("~~~\n```\n## Risks\n~~~\nIt knows only tickets of one shop, and only of one year.\n", []),
        ("## Limitations\n[More Information Needed]\n[More Information Needed]\n", []),
        ("## Limitations\n## Risks\nIt knows only tickets of one shop, and only of one year.\n", [.risks]),
        (
            "# Risks\n## Limitations\nIt knows only tickets of one shop, and only of one year.\n",
            [.risks, .limitations]
        ),
        ("```\n## Limitations\n```\nIt knows only tickets of one shop, and only of one year.\n", []),
        ("#Limitations\nIt knows only tickets of one shop, and only of one year.\n", []),
        ("## License\nIt knows only tickets of one shop, and only of one year.\n", []),
    ]

    @Test(arguments: bodies)
    func sections(_ body: String, _ fields: Set<CardField>) throws {
        #expect(try card(body).present == fields)
        #expect(try card("---\nx: y\n---\n" + body).present == fields)
    }

    /// A card, and the whole message of its refusal.
    static let refused: [(text: String, message: String)] = [
        ("---\nlicense: mit\n", "card.md line 1: front matter is never closed: end it with a line of ---"),
        (
            "---\nlicense: mit\nlicense: apache-2.0\n---\n",
            "card.md line 2: key \"license\" occurs twice: keep one of them"
        ),
        (
            "---\nlicense: mit\ntags: [a\n---\n",
            "card.md line 4: not YAML: did not find expected ',' or ']' (while parsing a flow sequence that starts in line 2)"
        ),
        ("---\na: b: c\n---\n", "card.md line 2: not YAML: a second ':' in one line: quote a text that has ': ' in it"),
        ("---\n- a\n---\n", "card.md line 2: front matter must be a mapping, not a list"),
        (
            "---\na: &x 1\nb: *x\n---\n",
            "card.md line 3: aliases (*name) are not allowed: write the value out; a text that starts with * needs quotes"
        ),
        (
            "\u{feff}---\na: 1\n---\n",
            "card.md line 1: file starts with a byte order mark: save it as UTF-8 without one"
        ),
        ("---\na: 1\n---\nx\n\0", "card.md line 5: control byte 0x00 is not allowed: remove it"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ message: String) {
        do {
            _ = try ModelCard(bytes: Array(text.utf8), file: "card.md")
            Issue.record("the card was read")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func whatAReaderShouldFix() throws {
        let text = "---\nlicence: mit\nlimitatons: x\nrisks:\nlicense: other\nzzz: 1\n---\n"
        #expect(
            try card(text).warnings.map(\.description) == [
                "card.md line 2: key \"licence\" is not a known field: did you mean \"license\"?",
                "card.md line 3: key \"limitatons\" is not a known field: did you mean \"limitations\"?",
                "card.md line 4: \"risks\" is empty: fill it or remove it",
                "card.md line 5: license \"other\" needs license_name and license_link",
            ]
        )
        #expect(try card("no front matter").warnings.isEmpty)
        #expect(try card("").completeness == 0)
    }

    @Test func bytesThatAreNotTextAndCardsThatAreTooLong() {
        #expect(throws: DocumentError.self) { try ModelCard(bytes: [0x2d, 0xff], file: "card.md") }
        let long = [UInt8](repeating: 0x61, count: ModelCard.maximumBytes + 1)
        #expect(throws: DocumentError.self) { try ModelCard(bytes: long, file: "card.md") }
        #expect((try? ModelCard(bytes: Array(long.dropLast()), file: "card.md")) != nil)
        let front = "---\na: " + String(repeating: "x", count: 70_000) + "\n---\n"
        #expect((try? ModelCard(bytes: Array(front.utf8), file: "card.md")) != nil)
        let many = "---\na: [" + String(repeating: "1,", count: 70_000) + "]\n---\n"
        #expect(throws: DocumentError.self) { try ModelCard(bytes: Array(many.utf8), file: "card.md") }
    }
}
