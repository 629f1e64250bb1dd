import ArgumentParser
import Foundation
import Testing

@testable import Commands
@testable import serin

/// Every command line in a Markdown file of the project is one that serin takes: what a document tells people to type works.
struct MarkdownCommandTests {
    /// The files that people follow. What changed in the past is told in the words of its time.
    private static func files() throws -> [String] {
        let folders = ["docs", "Policies", "Registry", "Benchmarks", "Fuzzing"]
        let below = try folders.flatMap { try Tree.files(under: $0, "md") }
        return (["README.md"] + below).filter { !$0.contains("/.build/") }
    }

    /// Whole lines of code blocks: everything they say must be taken. What follows two blanks and `#`, or `&`, is for the
    /// reader and the shell.
    @Test func linesOfCodeBlocksAreTaken() throws {
        var checked = 0
        for file in try Self.files() {
            for block in try Tree.source(file).matches(of: /```[a-z]*\n([\s\S]*?)```/) {
                for line in block.1.split(separator: "\n") {
                    guard let found = line.wholeMatch(of: /\s*(?:\$ )?(serin .*)/) else { continue }
                    let command = found.1.replacing(/\s+#\s.*$/, with: "").replacing(/\s+&\s*$/, with: "")
                    try CommandLineSample(String(command)).expectTaken(in: file)
                    checked += 1
                }
            }
        }
        #expect(checked >= 30)
    }

    /// Commands inside a sentence: a bare verb must be there; what has arguments must be taken.
    @Test func commandsInSentencesAreTaken() throws {
        var checked = 0
        for file in try Self.files() {
            let prose = try Tree.source(file).replacing(/```[a-z]*\n[\s\S]*?```/, with: "")
            for span in prose.matches(of: /`(serin [^`]+)`/) {
                let text = span.1.replacing(/\s+/, with: " ")
                let parts = text.split(separator: " | ").map(String.init)
                let noun = parts[0].split(separator: " ").dropLast().joined(separator: " ")
                for part in [parts[0]] + parts.dropFirst().map({ "\(noun) \($0)" }) {
                    try expectKnown(part, in: file)
                    checked += 1
                }
            }
        }
        #expect(checked >= 40)
    }

    private func expectKnown(_ text: String, in file: String) throws {
        // `PATH…` is one or several of it.
        let sample = CommandLineSample(text.replacing(/(\w)…/, with: { String($0.output.1) }))
        let words = try sample.arguments
        if words.first == "help" { return try sample.expectTaken(in: file) }
        let tree = CommandTree(root: Serin.self, arguments: words)
        let isBare = words.allSatisfy { $0.wholeMatch(of: /[a-z]+/) != nil }
        if isBare {
            #expect(tree.depth == words.count, "\(text) \(file)")
        } else {
            try sample.expectTaken(in: file)
        }
    }
}
