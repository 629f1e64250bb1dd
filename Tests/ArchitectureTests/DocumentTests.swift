import Foundation
import TestSupport
import Testing

/// What documents say about files is true.
@Suite struct DocumentTests {
    @Test(arguments: ["docs/architecture.md", "docs/extending.md", "docs/your-own-model.md"])
    func filesThatADocumentNamesExist(_ document: String) throws {
        let text = try String(contentsOf: Checkout.root.appending(path: document), encoding: .utf8)
        let folders = [
            "Sources/", "Tests/", "Web/", "Policies/", "Registry/", "Benchmarks/", "Fuzzing/", "docs/", "bin/",
        ]
        for line in text.split(separator: "\n") {
            for (place, word) in line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            where place % 2 == 1 && folders.contains(where: { word.hasPrefix($0) && word.count > $0.count }) {
                // A placeholder or a command with arguments names no file.
                if word.contains(where: { " <>*…,".contains($0) }) { continue }
                let file = Checkout.root.appending(path: String(word))
                #expect(FileManager.default.fileExists(atPath: file.path), "\(document) names \(word)")
            }
        }
    }
}
