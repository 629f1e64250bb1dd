import Foundation
import TestSupport

/// The recorded tickets of the demo.
enum Demo {
    struct Ticket: Sendable {
        let locale: String
        let text: String
        let expected: String
    }

    private struct Line: Decodable {
        let variables: [String: String]
        let expected: String
        let tags: [String: String]
    }

    static func tickets() throws -> [Ticket] {
        let file = Checkout.demo.appending(path: "traffic/week47.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            return Ticket(
                locale: line.tags["locale"] ?? "und",
                text: line.variables["ticket"] ?? "",
                expected: line.expected
            )
        }
    }
}
