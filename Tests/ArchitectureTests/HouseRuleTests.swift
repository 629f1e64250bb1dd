import Foundation
import Testing

/// House rules that a machine can see.
@Suite struct HouseRuleTests {
    static let sources = ImportTests.swiftFiles(below: "Sources")

    @Test func filesStayReadable() throws {
        for file in Self.sources {
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
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

    /// Tests share `TestSupport` instead of copies of it, wait with a deadline, and are named in one way.
    @Test(arguments: [
        ("usleep(", "wait with eventually(…), which says what it waited for"),
        ("Task.sleep(", "wait with eventually(…), which says what it waited for"),
        ("temporaryDirectory", "take a ScratchFolder, which is removed"),
        ("/bin/mount", "take a SmallDisk"),
        (" Process()", "start a ChildProcess"),
        ("func `", "name a test by a sentence in camel case"),
        ("@Test(\"", "name a test by a sentence in camel case, and nothing else"),
        ("@Suite(\"", "say what a suite is about above it"),
    ])
    func whatTestsDoNotDoThemselves(_ text: String, instead: String) throws {
        for file in ImportTests.swiftFiles(below: "Tests")
        where !file.path.contains("/TestSupport/") && !file.path.contains("/ArchitectureTests/") {
            for (number, line) in try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ).enumerated() where line.contains(text) {
                Issue.record("\(file.lastPathComponent):\(number + 1) has \(text): \(instead)")
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

    /// An optimised build of a target that imports NIO finds the system's `stat` in a module of NIO's as well, and refuses
    /// its members, while a debug build does not: the program could be tested and not installed.
    @Test func theServerReadsFileStatusElsewhere() throws {
        for file in Self.sources where file.pathComponents.contains("Server") {
            let source = try String(contentsOf: file, encoding: .utf8)
            #expect(!source.contains("stat()"), "\(file.lastPathComponent): read FileStatus of DurableFiles")
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

    /// Every public declaration says what it means. What a protocol asks for is documented there.
    @Test func publicDeclarationsAreDocumented() throws {
        let witnesses = [
            "var description: String", "var debugDescription: String", "init(from decoder", "func encode(to",
            "static func <", "static func ==", "func hash(into", "unownedExecutor", "static let prefix",
            "init(arrayLiteral", "static let template", "let layout: PageLayout",
            "func makeIterator", "mutating func next", "subscript", "static let configuration", "mutating func run()",
            "func run() async throws", "init()", "init(literalCapacity", "func appendLiteral(", "init(stringLiteral",
            "init(stringInterpolation", "static let kind = ", "var subject: String {",
        ]
        let keywords = [
            "func ", "var ", "let ", "struct ", "enum ", "class ", "actor ", "protocol ", "init", "static ",
            "mutating ", "typealias ", "nonisolated ", "final ", "convenience ", "consuming ",
        ]
        for file in Self.sources {
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            for (number, line) in lines.enumerated() where line.hasPrefix("public ") {
                let rest = line.dropFirst("public ".count)
                guard keywords.contains(where: { rest.hasPrefix($0) }),
                    !witnesses.contains(where: { rest.contains($0) })
                else { continue }
                var above = number - 1
                while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
                if above < 0 || !lines[above].hasPrefix("///") {
                    Issue.record(
                        "\(file.lastPathComponent):\(number + 1) is public and says nothing: \(line.prefix(80))"
                    )
                }
            }
        }
    }
}
