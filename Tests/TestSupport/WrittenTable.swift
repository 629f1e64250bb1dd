import Foundation

/// A part of a document that is made from the code: what stands there is compared, and written anew with
/// `UPDATE_GOLDEN=1`.
package struct WrittenTable: Sendable {
    private let file: URL
    private let begin: String
    private let end = "<!-- until here -->"

    /// The part of `document` that the comment `made from the code: NAME` begins.
    package init(_ name: String, of document: String) {
        file = Checkout.root.appending(path: document)
        begin = "<!-- made from the code: \(name) -->"
    }

    /// The lines as they stand there; nil where the document has no such part.
    package var lines: [String]? {
        guard let text = try? String(contentsOf: file, encoding: .utf8), let range = range(in: text) else { return nil }
        return text[range].split(separator: "\n").map(String.init)
    }

    /// Whether the document says `lines`, after it was written anew where that is asked for.
    package func says(_ lines: [String]) throws -> Bool {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            var text = try String(contentsOf: file, encoding: .utf8)
            if let range = range(in: text) {
                text.replaceSubrange(range, with: "\n" + lines.joined(separator: "\n") + "\n")
                try Data(text.utf8).write(to: file)
            }
        }
        return self.lines == lines
    }

    private func range(in text: String) -> Range<String.Index>? {
        guard let start = text.range(of: begin)?.upperBound, let end = text[start...].range(of: end)?.lowerBound else {
            return nil
        }
        return start..<end
    }
}
