import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// The protocol canary-judge/1, line by line.
struct ProtocolTests {
    struct Answer: Decodable {
        struct Check: Decodable {
            let metric: String
            let check: String
            let n: Int
            let verdict: Verdict
            let estimate: Double?
            let upper: Double?
            let decided_at: Int?
            let clusters: Int?
        }
        struct Looks: Decodable {
            let taken: [Int]
            let saved: Int
        }
        struct Slice: Decodable {
            let value: String
            let flagged: Bool
        }
        let verdict: Verdict
        let reasons: [String]
        let checks: [Check]
        let looks: Looks?
        let slices: [Slice]?
    }

    private static func refused(_ line: String) throws -> String? {
        struct Refusal: Decodable {
            let error: String
            let line: Int
        }
        let answer = JudgeProtocol.answer(to: Array(line.utf8), number: 7)
        if answer.isJudged { return nil }
        let refusal = try JSONDecoder().decode(Refusal.self, from: Data(answer.json))
        #expect(refusal.line == 7 && !answer.json.contains(0x0a))
        return refusal.error
    }

    private static func judged(_ line: String) throws -> Answer {
        let answer = JudgeProtocol.answer(to: Array(line.utf8), number: 1)
        try #require(answer.isJudged, "\(String(decoding: answer.json, as: UTF8.self))")
        return try JSONDecoder().decode(Answer.self, from: Data(answer.json))
    }

    private static let metrics = #""metrics": [{"name": "ok", "type": "binary", "worse": "lower", "margin": 0.1}]"#

    private static func line(_ baseline: [String], _ candidate: [String], _ more: String = "") -> String {
        #"{"id": 3, \#(metrics), "baseline": {"ok": [\#(baseline.joined(separator: ","))]}, "#
            + #""candidate": {"ok": [\#(candidate.joined(separator: ","))]}\#(more)}"#
    }

    private static let good = [String](repeating: "1", count: 60)

    /// Every hostile line is one clear sentence.
    static let hostile: [(line: String, says: String)] = [
        ("", "not JSON"), ("{", "not JSON"), ("[]", "the line"), ("nonsense", "not JSON"),
        (#"{"id": 3}"#, "metrics is missing"),
        (line(["NaN"], ["1"]), "not JSON: unexpected byte"),
        (line(["1e999"], ["1"]), "not JSON: bad number"),
        (line(["\"1\""], ["1"]), "baseline.ok[0]"),
        (line(["true"], ["1"]), "baseline.ok[0]"),
        (line(["1"], ["1", "0"]), "1 values of the baseline and 2 of the candidate"),
        (#"{\#(metrics), "baseline": {"ok": [1]}, "candidate": {}}"#, "no values of the candidate"),
        (#"{\#(metrics), "baseline": {}, "candidate": {"ok": [1]}}"#, "no values of the baseline"),
        (#"{\#(metrics), "baseline": {"ok": [1]}, "candidate": {"ok": [1], "no": [1]}}"#, "which no metric names"),
        (#"{\#(metrics), "baseline": {"ok": [1]}, "baseline": {}}"#, "occurs twice"),
        (line(["1"], ["1"], #", "extra": 1"#), "unknown member \"extra\""),
        (line(["1", "1"], ["1", "1"], #", "ids": ["a", "a"]"#), "request \"a\" occurs twice"),
        (line(["1"], ["1"], #", "ids": ["a", "b"]"#), "2 entries for 1 requests"),
        (line(["1"], ["1"], #", "clusters": []"#), "0 entries for 1 requests"),
        (line(["1"], ["1"], #", "first": ["second"]"#), "first[0]"),
        (line(["1"], ["1"], #", "looks": {}"#), "either every or at"),
        (line(["1"], ["1"], #", "looks": {"every": 0}"#), "rise from at least 1"),
        (line(["1"], ["1"], #", "looks": {"at": [5, 5]}"#), "rise from at least 1"),
        (line(["1"], ["1"], #", "mode": "unpaired", "ids": ["a"]"#), "belongs to pairs"),
        (line(["1"], ["1"], #", "policy": {"alpha_fail": 0}"#), "error rates"),
        (line(["1"], ["1"], #", "conditions": {"scorer": ["v1"]}"#), "for the baseline and the candidate"),
        (line(["1"], ["1"], #", "protect": [{"key": "a", "value": "b", "metric": "ok"}]"#), "slices does not have"),
        (line(["1"], ["1"]).replacing("0.1", with: "0"), "margin must be above 0"),
        (line(["1"], ["1"]).replacing("binary", with: "boolean"), "metrics[0].type"),
        (
            line(["1"], ["1"]).replacing(#""margin": 0.1"#, with: #""margin": 0.1, "slo": 3"#),
            "belong to durations"
        ),
    ]

    @Test(arguments: hostile.indices)
    func aHostileLineIsOneClearSentence(_ index: Int) throws {
        let (line, says) = Self.hostile[index]
        let error = try #require(try Self.refused(line), "judged: \(line)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func anIdComesBackAsItWas() throws {
        for id in ["7", "\"run 7\"", "null", "1.5"] {
            let line = Self.line(Self.good, Self.good).replacing(#""id": 3"#, with: #""id": \#(id)"#)
            let answer = JudgeProtocol.answer(to: Array(line.utf8), number: 1)
            #expect(String(decoding: answer.json, as: UTF8.self).contains(#""id":\#(id)"#))
        }
        let refused = JudgeProtocol.answer(to: Array(#"{"id": "x", "metrics": 3}"#.utf8), number: 1)
        #expect(String(decoding: refused.json, as: UTF8.self).contains(#""id":"x""#))
    }

    @Test func missingRepeatedAndEqualAreWhatTheyAre() throws {
        // Both arms right everywhere: allowed, never certain beyond what 60 requests show.
        #expect(try Self.judged(Self.line(Self.good, Self.good)).verdict == .pass)
        let bad = [String](repeating: "0", count: 60)
        #expect(try Self.judged(Self.line(bad, bad)).verdict == .inconclusive)
        let nothing = [String](repeating: "null", count: 60)
        #expect(try Self.judged(Self.line(nothing, nothing)).verdict == .inconclusive)
        #expect(try Self.judged(Self.line([], [])).verdict == .inconclusive)
        #expect(try Self.judged(Self.line(Self.good, bad)).verdict == .fail)
        let repeated = try Self.judged(Self.line(Self.good, [String](repeating: "[1, 0, 1, null]", count: 60)))
        #expect(repeated.checks[0].n == 60 && abs((repeated.checks[0].estimate ?? 0) - 1 / 3.0) < 1e-12)
    }

    @Test func looksClustersOrderAndSlicesAreSaid() throws {
        let numbers = (0..<400).map(String.init)
        let good = [String](repeating: "1", count: 400)
        let halves = (0..<400).map { $0 % 2 == 0 ? "0" : "1" }
        let stopped = try Self.judged(Self.line(good, halves, #", "looks": {"every": 100, "at_most": 400}"#))
        #expect(stopped.verdict == .fail && stopped.looks?.taken == [100] && stopped.looks?.saved == 300)
        #expect(stopped.checks[0].decided_at == 100)
        let clusters = numbers.map { String((Int($0) ?? 0) / 4) }.joined(separator: ",")
        let clustered = try Self.judged(Self.line(good, halves, #", "clusters": [\#(clusters)]"#))
        #expect(clustered.checks[0].clusters == 100)
        let first = [String](repeating: #""candidate""#, count: 400).joined(separator: ",")
        #expect(try Self.judged(Self.line(good, good, #", "first": [\#(first)]"#)).verdict == .invalid)
        let unequal = #", "conditions": {"the scorer": ["v1", "v2"]}"#
        #expect(try Self.judged(Self.line(good, good, unequal)).verdict == .invalid)
        let tags = (0..<400).map { $0 % 4 == 0 ? #""de""# : #""en""# }.joined(separator: ",")
        let german = (0..<400).map { $0 % 8 == 0 ? "0" : "1" }
        let sliced = try Self.judged(Self.line(good, german, #", "slices": {"language": [\#(tags)]}"#))
        #expect(sliced.slices?.map(\.value) == ["de", "en"] && sliced.slices?[0].flagged == true)
    }

    /// Bytes that are cut or changed anywhere are an answer or one sentence, never the end of the process.
    @Test func damagedLinesAreAnswered() throws {
        let line = Array(
            Self.line(
                Self.good,
                Self.good,
                #", "looks": {"every": 20}, "policy": {"min_n": 20}, "slices": {"a": null}"#
            )
            .utf8
        )
        var random = Seeded(77)
        for _ in 0..<400 {
            var damaged = line
            switch random.next() % 3 {
            case 0: damaged = Array(line.prefix(Int(random.next() % UInt64(line.count))))
            case 1: damaged[Int(random.next() % UInt64(line.count))] = UInt8(truncatingIfNeeded: random.next())
            default: damaged.remove(at: Int(random.next() % UInt64(line.count)))
            }
            let answer = JudgeProtocol.answer(to: damaged, number: 1)
            #expect(!answer.json.isEmpty && !answer.json.contains(0x0a))
        }
    }
}
