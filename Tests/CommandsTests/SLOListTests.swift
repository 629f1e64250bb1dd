import RegistryTypes
import Testing
import UserDocuments
import WireFormat

@testable import Commands

/// Thirty models, of which three are called: what burns and what is missing comes first, and what nobody calls is a line.
struct SLOListTests {
    private static func row(
        _ model: String,
        _ name: String,
        _ state: SLORow.State,
        valid: Int = 1000,
        alert: String? = nil,
        kind: String? = nil
    ) throws -> SLORow {
        SLORow(
            name: try Name(name),
            model: try Name(model),
            channel: try Name("production"),
            indicator: name,
            objective: "99 % good over 30 d",
            target: 0.99,
            state: state,
            sli: valid > 0 ? 0.995 : nil,
            budgetLeft: valid > 0 ? 0.5 : nil,
            valid: valid,
            bad: valid / 200,
            alert: alert,
            alertKind: kind,
            sentence: "\(name) of \(model)"
        )
    }

    private static let names = [
        "availability", "correctness", "feedback", "first-token", "per-token", "total-latency", "valid-output",
    ]

    private static func thirty() throws -> [SLORow] {
        var rows: [SLORow] = []
        for number in 1...30 {
            let model = "model-\(number)"
            for name in names {
                let isTime = ["first-token", "per-token", "total-latency"].contains(name)
                let (state, alert, kind): (SLORow.State, String?, String?) =
                    switch (number, name) {
                    case (30, "availability"): (.burning, "page", "burning")
                    case (29, "correctness"): (.exhausted, nil, nil)
                    case (28, "availability"): (.missingTraffic, "ticket", "missing traffic")
                    case (28..., _): (isTime ? .off : .met, nil, nil)
                    default: (isTime ? .off : .unknown, nil, nil)
                    }
                let valid = number >= 28 && !isTime ? 1000 : 0
                rows.append(try row(model, name, state, valid: valid, alert: alert, kind: kind))
            }
        }
        return rows
    }

    @Test func theMostUrgentIsFirstAndNothingIsLeftOut() throws {
        let rows = try Self.thirty()
        let fold = SLOFold(rows)
        #expect(fold.rows.prefix(3).map(\.state) == [.burning, .exhausted, .missingTraffic])
        #expect(fold.rows.count == 12, "four levels of each model that is called")
        #expect(fold.lines.count == 2)
        #expect(fold.lines[0].hasPrefix("no traffic in 27 models, so nothing is known: model-1, model-10,"))
        #expect(fold.lines[0].hasSuffix("and 19 more"))
        #expect(fold.lines[1].contains("first-token, per-token, total-latency (30 models)"))
        let one = SLOFold(rows.filter { $0.model.text == "model-1" }, keepsIdle: true)
        #expect(one.rows.count == 4 && one.lines.count == 1, "who asks for one model sees its rows")
    }

    /// The lint verb says what the linter says: beside the document, and as data.
    @Test func theLintVerbSaysItsWarnings() throws {
        let text = """
            apiVersion: serin/v1
            kind: SLO
            name: answers
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 90 %
            window: 30 d
            alerting:
              - { name: page, severity: page, burn: 14.4, long: 1 h, short: 5 min }
            """
        let checked = try Document.parse(text, file: "a.yaml").map { try CheckedDocument($0) }
        #expect(checked[0].warnings.count == 1)
        let report = DocumentPaths.report(checked).text(TextStyle(now: Timestamp(milliseconds: 0)))
        #expect(report.contains("▲ slo  answers"))
        #expect(report.contains("can never be reached at a target of 90 %"), "\(report)")
        let sound = try Document.parse(text.replacing("burn: 14.4", with: "burn: 4"), file: "a.yaml")
        #expect(
            DocumentPaths.report(try sound.map { try CheckedDocument($0) }).text(
                TextStyle(now: Timestamp(milliseconds: 0))
            ).hasPrefix("✔ slo  answers")
        )
    }

    /// Whatever order they come in, and with one that nobody calls but that has an alert.
    @Test func anAlertIsNeverFolded() throws {
        let missing = try Self.row(
            "quiet",
            "availability",
            .missingTraffic,
            valid: 0,
            alert: "ticket",
            kind: "missing traffic"
        )
        let fold = SLOFold(try Self.thirty().reversed() + [missing])
        #expect(fold.rows.contains(missing))
        #expect(fold.rows.map(\.urgency) == fold.rows.map(\.urgency).sorted())
        let table = SLOOutput.list(fold.rows, lines: fold.lines).text(
            TextStyle(columns: 140, now: Timestamp(milliseconds: 0))
        )
        #expect(table.contains("missing traffic") && table.contains("no traffic in 27 models"))
    }
}
