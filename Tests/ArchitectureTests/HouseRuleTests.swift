import Foundation
import Testing

/// House rules that a machine can see.
@Suite struct HouseRuleTests {
    static let sources = ImportTests.swiftFiles(below: "Sources")

    @Test func filesStayReadable() throws {
        for file in Self.sources {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 401, "\(file.lastPathComponent) has \(lines.count - 1) lines; split it by meaning")
        }
    }

    @Test(arguments: [
        ("Task.detached", "every task has an owner"),
        ("DispatchQueue", "structured concurrency only"),
        ("Thread.sleep", "nothing sleeps"),
        ("try!", "bad input is normal"),
        ("as!", "bad input is normal"),
        ("fatalError(", "bad input is normal"),
    ])
    func wordsThatDoNotOccur(_ word: String, why: String) throws {
        for file in Self.sources {
            let text = try String(contentsOf: file, encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(word) && !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
                Issue.record("\(file.lastPathComponent):\(number + 1) uses \(word): \(why)")
            }
        }
    }

    @Test(arguments: ["Manager", "Helper", "Util", "Utils", "Common", "Misc", "Impl"])
    func namesThatAttractStrays(_ suffix: String) throws {
        for file in Self.sources {
            let name = file.deletingPathExtension().lastPathComponent
            #expect(!name.hasSuffix(suffix), "\(file.lastPathComponent): name the thing, not a drawer")
        }
    }

    /// Security checks look at UTF-8 bytes: `"a/\u{338}b".contains("/")` is false (two scalars, one Character).
    @Test(arguments: ["/", "\\\\", "<", ">", "..", "\\r", "\\n"])
    func pathsAndMarkupAreCheckedAsBytes(_ text: String) throws {
        let calls = ["contains", "hasPrefix", "hasSuffix", "split(separator: "].map { call in
            call.hasSuffix(" ") ? ".\(call)\"\(text)\"" : ".\(call)(\"\(text)\")"
        }
        for file in Self.sources {
            let source = try String(contentsOf: file, encoding: .utf8)
            for call in calls where source.contains(call) {
                Issue.record("\(file.lastPathComponent) uses \(call): compare UTF-8 bytes")
            }
        }
    }
}
