import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// Service levels with a burn in the middle of their window, and one without any data.
extension Samples {
    /// A list in every state, of the model and of some that nobody calls.
    var slos: [SLORow] {
        [
            slo("quality", .burning), slo("availability", .missingTraffic), slo("feedback", .exhausted),
            slo("valid-output", .met), slo("latency", .unknown, known: false), slo("per-token", .off, known: false),
        ]
            + (1...11).flatMap { number in
                ["latency", "quality"].map {
                    slo($0, .unknown, known: false, of: try! Name("idle-\(number)"))
                }
            }
    }

    func slo(_ name: String, _ state: SLORow.State, known: Bool = true, of model: Name? = nil) -> SLORow {
        SLORow(
            name: try! Name(name),
            model: model ?? self.model,
            channel: production,
            indicator: name,
            objective: text(
                known ? "93 % of labelled answers right, 30 days" : "95 % of answers within 500 ms, 30 days"
            ),
            target: known ? 0.93 : 0.95,
            state: state,
            sli: known ? 0.9412 : nil,
            budgetLeft: known ? 0.16 : nil,
            valid: known ? 1040 : 0,
            bad: known ? 61 : 0,
            burnFast: known ? 2.4 : nil,
            exhaustedInSeconds: known ? 172_900 : nil,
            alert: state == .burning ? "page" : state == .missingTraffic ? "ticket" : nil,
            alertKind: state == .burning ? "burning" : state == .missingTraffic ? "missing traffic" : nil,
            sentence: text(known ? "met so far; the budget burns 2.4 times too fast" : "no valid event in the window"),
            reason: state == .met ? nil : text(known ? "burns 2.4 times too fast over 1 h" : "no valid events")
        )
    }

    func sloView(_ row: SLORow) -> SLOView {
        let known = row.state != .unknown
        let points = (0..<40).map { index in
            let isGap = !known || (18..<22).contains(index)
            let bad = index >= 28 && index < 31 ? 14 : index % 9 == 4 ? 2 : 0
            return SLOPoint(
                start: ago(2400 - Double(index) * 60),
                seconds: 60,
                valid: isGap ? 0 : 26 + index % 5,
                bad: isGap ? 0 : bad,
                budgetLeft: known ? 1 - Double(index) * 0.02 - (index >= 28 ? 0.06 : 0) : nil
            )
        }
        return SLOView(
            row: row,
            document: DocumentRecord(
                DocumentApplied(
                    kind: .slo,
                    name: row.name,
                    revision: 1,
                    digest: digest(33),
                    source: text("apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: quality\n"),
                    shipped: true
                ),
                appliedBy: "serin",
                appliedAt: ago(9000)
            ),
            validEvents: text("user requests whose answer somebody labelled right or wrong"),
            goodEvents: text("of those, the ones labelled right"),
            interval: known ? [0.9251, 0.9541] : [],
            windows: windows(known: known),
            points: points,
            marks: known
                ? [
                    SLOMark(at: ago(640), text: text("r2 promoted"), kind: "move"),
                    SLOMark(at: ago(622), text: "i-12 opened", kind: "incident"),
                    SLOMark(at: ago(620), text: "returned to r1", kind: "return"),
                ] : [],
            releases: known
                ? [
                    SLOReleaseRow(release: 1, arm: "live", valid: 1000, bad: 46),
                    SLOReleaseRow(release: 2, arm: "live", valid: 21, bad: 14),
                    SLOReleaseRow(release: 1, arm: "holdback", valid: 19, bad: 1),
                ] : [],
            incidents: known
                ? [incident(12, severity: "page", closed: false), incident(9, severity: "ticket", closed: true)] : [],
            usedBy: [text("gate budget of policy production: at least 20 % left")],
            budgetAction: text("0 to 25 % left: only changes labelled reliability or rollback"),
            warnings: known ? [text("fewer than 500 labels a week: the interval is wide")] : [],
            dataUntil: known ? ago(4) : nil,
            at: now
        )
    }

    private func windows(known: Bool) -> [SLOWindowRow] {
        [
            ("page", 3600.0, 300.0, 7.1, 14.4), ("page", 21_600, 1800, 6, 6), ("ticket", 86_400, 7200, 3, 3),
            ("ticket", 259_200, 21_600, 1, 1),
        ].enumerated().map { index, pair in
            SLOWindowRow(
                severity: pair.0,
                longSeconds: pair.1,
                shortSeconds: pair.2,
                factor: pair.3,
                publishedFactor: pair.4,
                burnLong: known ? [9.2, 2.4, 1.1, 0.8][index] : nil,
                burnShort: known ? [8.1, 0, 0.4, 0.6][index] : nil,
                validLong: known ? 240 : 0,
                badLong: known ? [32, 40, 48, 61][index] : 0,
                minimumBad: index == 0 ? 5 : 3,
                lowerBound: known ? [0.41, 0.11, 0.05, 0.04][index] : nil,
                state: known ? (index == 0 ? "firing" : "quiet") : "unknown",
                why: text(
                    known ? (index == 0 ? "both windows burn faster than 7.1" : "burns slower") : "no valid event"
                )
            )
        }
    }
}
