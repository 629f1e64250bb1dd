import Foundation
import StrictJSON
import TestSupport
import Testing
import UserDocuments

/// The documents of `Policies/cases`: valid ones are read, invalid ones are refused with the lines that they name.
@Suite struct DocumentCaseTests {
    static let folder = Checkout.root.appending(path: "Policies/cases")

    static func files(_ prefix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".yaml") }.sorted()
    }

    @Test func thereAreCases() {
        #expect(Self.files("valid-").count >= 4)
        #expect(Self.files("invalid-").count >= 10)
    }

    @Test(arguments: files("valid-"))
    func valid(_ name: String) throws {
        let bytes = try Array(Data(contentsOf: Self.folder.appending(path: name)))
        let file = try DocumentFile(bytes: bytes, name: name)
        for entry in file.entries {
            // The stored form, the digest and the source all give the same document again.
            let stored = try CanonicalJSON.encode(entry.document)
            #expect(try CanonicalJSON.decode(Document.self, from: stored) == entry.document)
            let again = try DocumentFile(bytes: Array(entry.source.utf8), name: name)
            #expect(again.entries.map(\.document) == [entry.document])
            #expect(try again.entries.first?.document.digest() == entry.document.digest())
        }
    }

    @Test(arguments: files("invalid-"))
    func invalid(_ name: String) throws {
        let bytes = try Array(Data(contentsOf: Self.folder.appending(path: name)))
        let expected = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("#! ") }.map { "\(name) \($0.dropFirst(3))" }
        do {
            _ = try DocumentFile(bytes: bytes, name: name)
            Issue.record("\(name) was read")
        } catch {
            #expect(error.diagnostics.map(\.description) == expected)
            #expect(error.diagnostics.allSatisfy { !$0.message.isEmpty && !$0.message.contains("\n") })
        }
    }

    /// Files of the demo with an ending, as paths below the root of the project.
    private static func demoFiles(_ ending: String) -> [URL] {
        let files = FileManager.default.enumerator(at: Checkout.demo, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.hasSuffix(ending) }
    }

    @Test func theDemosDocumentsAreReadAndItsCardsMeetItsPolicy() throws {
        let documents = try Self.demoFiles(".yaml").flatMap { file in
            try DocumentFile(bytes: Array(Data(contentsOf: file)), name: file.lastPathComponent).entries.map(\.document)
        }
        #expect(Set(documents.map(\.kindWord)) == ["Policy", "Canary", "Prompt", "SLO"])
        let wanted: [CardRequirement] = documents.flatMap { document -> [CardRequirement] in
            guard case .policy(let policy) = document else { return [] }
            return policy.gates.compactMap { gate in
                if case .card(let requirement) = gate.requirement { requirement } else { nil }
            }
        }
        let cards = Self.demoFiles(".md").filter { $0.lastPathComponent != "README.md" }
        #expect(cards.count >= 3 && !wanted.isEmpty)
        for file in cards {
            let card = try ModelCard(bytes: Array(Data(contentsOf: file)), file: file.lastPathComponent)
            #expect(card.warnings.map(\.description) == [])
            for requirement in wanted {
                #expect(card.completeness >= requirement.complete ?? 0, "\(file.path) lacks \(card.missing)")
                #expect(card.present.isSuperset(of: requirement.require), "\(file.path) lacks \(card.missing)")
            }
        }
    }
}

/// The files of the tutorial about a model of one's own are what it says.
@Suite struct ExampleFileTests {
    private struct Line: Decodable {
        let id: String
        let variables: [String: String]
    }

    @Test func theyFitEachOther() throws {
        let example = Checkout.root.appending(path: "Registry/examples/smollm2")
        func documents(_ name: String) throws -> [Document] {
            let text = try String(contentsOf: example.appending(path: "documents/\(name).yaml"), encoding: .utf8)
            return try Document.parse(text, file: "\(name).yaml")
        }
        guard case .prompt(let prompt) = try documents("prompt")[0],
            case .canary(let canary) = try documents("canary")[0],
            case .policy = try documents("policy")[0]
        else { throw CocoaError(.fileReadCorruptFile) }
        #expect(canary.checks.allSatisfy { !$0.metric.needsLabels }, "nobody wrote answers")

        let lines = try Data(contentsOf: example.appending(path: "questions.jsonl")).split(separator: 0x0a)
        let requests = try lines.map { try JSONText.decode(Line.self, from: $0) }
        #expect(requests.count == canary.compare.requests)
        #expect(Set(requests.map(\.id)).count == requests.count)
        #expect(Set(requests.map(\.variables)).count == requests.count)
        for request in requests {
            #expect(throws: Never.self, "\(request.id)") { try prompt.render(request.variables) }
        }
        let card = example.appending(path: "card.md")
        #expect(throws: Never.self) { try ModelCard(bytes: Array(Data(contentsOf: card)), file: "card.md") }
    }
}
