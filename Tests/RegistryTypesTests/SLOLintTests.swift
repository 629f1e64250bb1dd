import Testing
import UserDocuments

/// What is probably not meant in an SLO.
@Suite struct SLOLintTests {
    private static let clamped = "half of the highest, and needs 5 bad events"

    static let cases: [(lines: String, warnings: [String])] = [
        ("target: 99.9 %\nsla: 99.5 %", []),
        ("target: 99.9 %\nsla: 99.9 %", []),
        (
            "target: 99.9 %\nsla: 99.95 %",
            [
                "sla 99.95 % is over the target 99.9 %: the promise outside breaks before anybody inside is told, "
                    + "raise the target or lower the sla"
            ]
        ),
        (
            "target: 95 %",
            [
                "alert \"page-fast\" asks for a burn of 14.4, which needs 72 % bad events: it is lowered to 10, "
                    + clamped
            ]
        ),
        (
            "target: 90 %",
            [
                "alert \"page-fast\" asks for a burn of 14.4, which can never be reached at a target of 90 %: it is "
                    + "lowered to 5, " + clamped,
                "alert \"page-slow\" asks for a burn of 6, which needs 60 % bad events: it is lowered to 5, " + clamped,
            ]
        ),
        (
            "target: 99 %\nalerting: []",
            ["no alert: nobody is told when the budget burns, leave \"alerting\" out for the usual pairs"]
        ),
        (
            "target: 99 %\nbudgetPolicy: [{ atMost: 20 %, action: caution }]",
            ["the budget policy never freezes: add { atMost: 0 %, action: freeze }"]
        ),
        (
            "target: 99 %\nalerting: [{ name: slow, severity: ticket, burn: 0.5, long: 1 d, short: 1 h }]",
            [
                "alert \"slow\" fires at a burn of 0.5, under 1: the budget would last longer than the window, "
                    + "raise it"
            ]
        ),
    ]

    /// Impossible together, each with one word of what is said.
    static let impossible: [(lines: String, says: String?)] = [
        ("indicator: { type: totalLatency, atMost: none }\ntarget: 99 %", "nothing is counted and nobody is told"),
        ("indicator: { type: totalLatency, atMost: 2 s }\ntarget: 99 %", nil),
        ("indicator: { type: availability }\ntarget: 99 %\nabsentAfter: 30 d", "can never fire"),
        ("indicator: { type: availability }\ntarget: 99 %\nabsentAfter: 40 d", "can never fire"),
        ("indicator: { type: availability }\ntarget: 99 %\nabsentAfter: 1 d", nil),
        (
            "indicator: { type: availability }\ntarget: 99 %\nbudgetPolicy: [{ atMost: 100 %, action: freeze }]",
            "freeze at 100 % left, so always"
        ),
        (
            "indicator: { type: availability }\ntarget: 90 %\n"
                + "alerting: [{ name: p, severity: page, burn: 14.4, long: 1 h, short: 5 min }]",
            "can never be reached at a target of 90 %"
        ),
    ]

    @Test(arguments: impossible)
    func whatCanNeverOrAlwaysFire(_ lines: String, _ says: String?) throws {
        let warnings = SLOLint.warnings(try document(lines))
        #expect(warnings.count == (says == nil ? 0 : 1), "\(warnings)")
        if let says { #expect(warnings.first?.contains(says) == true, "\(warnings)") }
    }

    private func document(_ lines: String) throws -> SLODocument {
        let header =
            "apiVersion: serin/v1\nkind: SLO\nname: a\nfor: { channel: production, models: [\"*\"] }\nwindow: 30 d\n"
        guard case .slo(let document) = try Document.parse(header + lines, file: "a.yaml")[0] else { throw NotAnSLO() }
        return document
    }

    private struct NotAnSLO: Error {}

    @Test(arguments: cases)
    func lint(_ lines: String, _ expected: [String]) throws {
        #expect(SLOLint.warnings(try document("indicator: { type: availability }\n\(lines)")) == expected)
    }

    /// What the advice says to leave out must be there, and what it offers must fit.
    @Test func theUsualPairsThatDoNotFitAreNotOffered() throws {
        let text = """
            apiVersion: serin/v1
            kind: SLO
            name: a
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 99 %
            window: 10 min
            """
        guard case .slo(let short) = try Document.parse(text, file: "a.yaml")[0] else { throw NotAnSLO() }
        let warnings = SLOLint.warnings(short)
        #expect(short.alerting.isEmpty && warnings.count == 1)
        #expect(warnings.first?.contains("the usual pairs do not fit a window of 10 min") == true, "\(warnings)")
        let few = SLOLint.warnings(try document("indicator: { type: availability }\ntarget: 99 %\nminSamples: 5"))
        #expect(few.first?.hasPrefix("minSamples 5 is less than 10") == true, "\(few)")
    }

    @Test func samples() throws {
        let few = try document("indicator: { type: correctness }\ntarget: 99 %\nminSamples: 5")
        #expect(
            SLOLint.warnings(few)
                == ["minSamples 5 of a sample is less than 30: the interval will be wide, raise it"]
        )
    }
}
