import Foundation
import TestSupport
import Testing

/// `serin judge` as whoever grades it runs it: the real binary, lines in, lines out, no server and no data folder.
struct JudgeVerbTests {
    /// Any JSON, kept number by number.
    private enum Tree: Codable {
        case null
        case bool(Bool)
        case number(Double)
        case text(String)
        case list([Tree])
        case object([String: Tree])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode([Tree].self) {
                self = .list(value)
            } else {
                self = .object(try container.decode([String: Tree].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .null: try container.encodeNil()
            case .bool(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .text(let value): try container.encode(value)
            case .list(let values): try container.encode(values)
            case .object(let members): try container.encode(members)
            }
        }
    }

    private struct Vectors: Decodable {
        struct Suite: Decodable {
            let name: String
            let rel_tol: Double
            let abs_tol: Double
            let cases: [Case]

            private enum CodingKeys: String, CodingKey { case name, rel_tol, abs_tol, cases }

            init(from decoder: any Decoder) throws {
                let fields = try decoder.container(keyedBy: CodingKeys.self)
                name = try fields.decode(String.self, forKey: .name)
                rel_tol = try fields.decode(Double.self, forKey: .rel_tol)
                abs_tol = try fields.decode(Double.self, forKey: .abs_tol)
                cases = name == "judge_end_to_end" ? try fields.decode([Case].self, forKey: .cases) : []
            }
        }
        struct Case: Decodable {
            let id: String
            let request: Tree
            let expected: Answer
        }
        let suites: [Suite]
    }

    private struct Answer: Decodable {
        struct Check: Decodable {
            let metric: String
            let check: String
            let n: Int
            let verdict: String
            let estimate: Double?
            let lower: Double?
            let upper: Double?
            let p_harm: Double?
            let p_adj: Double?
            var numbers: [Double?] { [estimate, lower, upper, p_harm, p_adj] }
        }
        let verdict: String
        let checks: [Check]
    }

    private static func judge(_ input: Data) throws -> (exit: Int32, lines: [String]) {
        let installation = try Installation()
        let file = installation.folder.appending(path: "runs.jsonl")
        let out = installation.folder.appending(path: "answers")
        try input.write(to: file)
        let handle = try FileHandle(forReadingFrom: file)
        let process = try ChildProcess(
            Installation.binary.path,
            ["judge"],
            environment: installation.environment(),
            input: handle.fileDescriptor,
            output: out
        )
        let end = try process.waitForEnd()
        let text = try String(contentsOf: out, encoding: .utf8)
        return (end.number, text.split(separator: "\n").map(String.init))
    }

    @Test(.needsVectors(.canary))
    func theRequestsOfTheVectorsAreAnsweredAsExpected() throws {
        let suites = try #require(try ReferenceVectors.read(.canary, as: Vectors.self)).suites
        let suite = try #require(suites.first { $0.name == "judge_end_to_end" })
        var input = Data()
        for vector in suite.cases { input += try JSONEncoder().encode(vector.request) + Data([0x0a]) }
        let (exit, lines) = try Self.judge(input)
        #expect(exit == 0 && lines.count == suite.cases.count)
        for (line, vector) in zip(lines, suite.cases) {
            let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
            #expect(answer.verdict == vector.expected.verdict, "\(vector.id)")
            #expect(answer.checks.count == vector.expected.checks.count, "\(vector.id)")
            for (found, wanted) in zip(answer.checks, vector.expected.checks) {
                let names =
                    [found.metric, found.check, found.verdict] == [wanted.metric, wanted.check, wanted.verdict]
                let agrees = zip(found.numbers, wanted.numbers).allSatisfy { found, wanted in
                    guard let found, let wanted else { return found == nil && wanted == nil }
                    return abs(found - wanted) <= max(suite.abs_tol, suite.rel_tol * abs(wanted))
                }
                #expect(names && agrees && found.n == wanted.n, "\(vector.id) \(wanted.metric) \(wanted.check)")
            }
        }
    }

    /// Nothing that a line holds keeps the next one from being judged; a blank one asks nothing; a last one needs no end.
    @Test func whatCannotBeJudgedIsSaidAndTheNextLineIsRead() throws {
        let good =
            #"{"id":1,"metrics":[{"name":"ok","type":"binary","worse":"lower","margin":0.1}],"baseline":{"ok":[1]},"candidate":{"ok":[1]}}"#
        let lines = [
            "{\"id\": 8, \"metrics\": NaN}", "", good, "\u{0}\u{1}", "   \r",
            "[\(String(repeating: "[", count: 100_000))", good,
        ]
        let (exit, answers) = try Self.judge(Data(lines.joined(separator: "\n").utf8))
        #expect(exit == 65 && answers.count == 5, "\(answers)")
        #expect(answers.map { $0.contains("\"error\"") } == [true, false, true, true, false])
        #expect(
            answers[0].contains("\"line\":1") && answers[2].contains("\"line\":4") && answers[3].contains("\"line\":6")
        )
        let (nothing, none) = try Self.judge(Data())
        #expect(nothing == 0 && none.isEmpty)
    }
}
