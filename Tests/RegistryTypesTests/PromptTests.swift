import Foundation
import RegistryTypes
import Testing
import UserDocuments

extension [UInt8] {
    /// The bytes for interfaces of Foundation.
    var asData: Data { Data(self) }
}

/// Prompts become text.
@Suite struct PromptTests {
    static let templates: [(text: String, parts: [PromptTemplate.Part])] = [
        ("", []), ("{", [.text("{")]), ("}}", [.text("}}")]), ("a {b} c", [.text("a {b} c")]),
        ("{{a}}", [.place("a")]), ("{{a}}{{b_2}}", [.place("a"), .place("b_2")]),
        ("x{{a}}y", [.text("x"), .place("a"), .text("y")]),
        ("{\"a\":{\"b\":{{c}}}}", [.text("{\"a\":{\"b\":"), .place("c"), .text("}}")]),
        ("ä{{a}}😀", [.text("ä"), .place("a"), .text("😀")]),
    ]

    @Test(arguments: templates)
    func template(_ text: String, _ parts: [PromptTemplate.Part]) throws {
        #expect(try PromptTemplate(text).parts == parts)
    }

    static let broken: [(text: String, error: PromptError)] = [
        ("{{", .unclosedPlace(line: 0)), ("a\nb {{c}", .unclosedPlace(line: 1)),
        ("{{a}}\n\n{{b", .unclosedPlace(line: 2)),
        ("{{}}", .badPlace("", line: 0)), ("{{ a }}", .badPlace(" a ", line: 0)),
        ("{{a.b}}", .badPlace("a.b", line: 0)),
        ("{{{a}}}", .badPlace("{a", line: 0)), ("{{1a}}", .badPlace("1a", line: 0)), ("{{ä}}", .badPlace("ä", line: 0)),
        ("{{#if a}}", .badPlace("#if a", line: 0)), ("\n{{a\nb}}", .badPlace("a\nb", line: 1)),
    ]

    @Test(arguments: broken)
    func brokenTemplate(_ text: String, _ error: PromptError) {
        #expect(throws: error) { try PromptTemplate(text) }
    }

    private func prompt(_ format: PromptFormat = .chatml) throws -> PromptDocument {
        PromptDocument(
            name: try Name("triage"),
            format: format,
            messages: [
                PromptMessage(role: .system, text: "Be brief.{{note}}"),
                PromptMessage(role: .user, text: "<{{ticket}}>"),
            ],
            variables: [
                PromptVariable(name: "ticket", isRequired: true, maxLength: 24),
                PromptVariable(name: "note", isRequired: false, maxLength: nil),
            ]
        )
    }

    @Test func valuesThatDoNotFitAreRefused() throws {
        let prompt = try prompt()
        #expect(throws: PromptError.missingVariable("ticket", prompt: prompt.name)) { try prompt.render([:]) }
        #expect(throws: PromptError.unknownVariable("tickt", prompt: prompt.name, known: ["note", "ticket"])) {
            try prompt.render(["ticket": "a", "tickt": "b"])
        }
        let long = String(repeating: "ä", count: 25)
        #expect(throws: PromptError.valueTooLong("ticket", prompt: prompt.name, length: 25, limit: 24)) {
            try prompt.render(["ticket": long])
        }
        #expect(try prompt.render(["ticket": String(long.dropLast()), "note": "!"]).first?.text == "Be brief.!")
        // Length is counted in code points, so no stack of combining marks hides behind one character.
        let stacked = "e" + String(repeating: "\u{301}", count: 24)
        #expect(throws: PromptError.self) { try prompt.render(["ticket": stacked]) }
    }

    /// `thinking` belongs to the model file's own template, and a prompt without it is what it was before there was one.
    @Test func thinkingIsASwitchOfTheFilesOwnTemplate() throws {
        func document(_ lines: String) throws -> PromptDocument? {
            let text = "apiVersion: serin/v1\nkind: Prompt\nname: p\n\(lines)messages: [{ role: user, text: Hi }]\n"
            guard case .prompt(let prompt) = try Document.parse(text, file: "p.yaml")[0] else { return nil }
            return prompt
        }
        #expect(try document("format: model\nthinking: on\n")?.thinking == .on)
        #expect(try document("format: model\nthinking: off\n")?.thinking == .off)
        let plain = try #require(try document("format: model\n"))
        #expect(plain.thinking == nil)
        #expect(try String(decoding: JSONEncoder().encode(plain), as: UTF8.self).contains("thinking") == false)
        for bad in ["format: chatml\nthinking: off\n", "format: model\nthinking: yes\n", "format: own\n"] {
            #expect(throws: DocumentError.self) { try document(bad) }
        }
        for format in PromptFormat.allCases { #expect(try document("format: \(format.rawValue)\n")?.format == format) }
    }

    @Test func theDigestKnowsContentNotNotation() throws {
        let header = "apiVersion: serin/v1\nkind: Prompt\nname: p\n"
        let one =
            header
            + "format: raw\nmessages: [{ role: user, text: \"{{a}}{{b}}\" }]\nvariables: { a: {}, b: { required: true } }\n"
        let two =
            header
            + "# remark\nvariables:\n  b: {}\n  a: {}\nmessages:\n  - text: '{{a}}{{b}}'\n    role: user\nformat: raw\n"
        let three = two.replacing("'{{a}}{{b}}'", with: "'{{b}}{{a}}'")
        let digests = try [one, two, three].map { try Document.parse($0, file: "p.yaml")[0].digest() }
        #expect(digests[0] == digests[1])
        #expect(digests[1] != digests[2])
    }
}

extension RenderedMessage {
    /// The whole text.
    var text: String { segments.map(\.text).joined() }
}
