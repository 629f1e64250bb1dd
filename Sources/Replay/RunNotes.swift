import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TrafficLog
import UserDocuments
import Wording

/// What a reader should know beside the checks of a run: what did not come, what was not asked, what was expected.
struct RunNotes {
    /// Requests that one side gave no answer to, and why; the reason of values that are missing.
    let unanswered: [String]
    /// All else, in the order in which it is told.
    let others: [String]

    init(
        requests: [TrafficRequest],
        sides: [(name: String, samples: [Sample], takesTools: Bool)],
        distinct: DistinctRequests,
        expectations: Expectations,
        readsExpected: Bool,
        conversations: Int? = nil,
        silentSlices: [String] = [],
        stages: String? = nil
    ) {
        unanswered = sides.compactMap { Self.unanswered($0.name, $0.samples, requests) }
        var others = [stages].compactMap(\.self)
        if let conversations {
            others.append(
                "the \(NumberText.count(requests.count, "request")) are of \(NumberText.count(conversations, "conversation")), "
                    + "and what one conversation shows counts once: intervals are as wide as that makes them"
            )
        }
        for key in silentSlices {
            others.append(
                "no request says its \(key), so there are no slices by it: name a tag of the set, language or length"
            )
        }
        let withTools = requests.count { $0.tools != nil }
        for side in sides where withTools > 0 && !side.takesTools {
            others.append(
                "the tools of \(NumberText.count(withTools)) of \(NumberText.count(requests.count, "request")) were "
                    + "left out for \(side.name): its prompt has no place for them, as when it is live"
            )
        }
        if distinct.hasRepeats {
            others.append(
                "the set holds \(NumberText.count(distinct.requests, "request")), \(NumberText.count(distinct.count)) "
                    + "different: one that asks the same again shows nothing new, so it counts once"
            )
        }
        if readsExpected, distinct.contradictory > 0 {
            others.append(
                "rows of the set expect different answers to the same in \(NumberText.count(distinct.contradictory)) of "
                    + "them: a person's correction counts, else the first that is drawn"
            )
        }
        if readsExpected, let words = expectations.words(NumberText.count) {
            others.append("expected answers: \(words)")
        }
        self.others = others
    }

    private static func unanswered(_ name: String, _ samples: [Sample], _ requests: [TrafficRequest]) -> String? {
        var reasons: [String: (count: Int, first: String)] = [:]
        var count = 0
        for (sample, request) in zip(samples, requests) where !sample.answers(request) {
            count += 1
            let line = sample.error.map { DisplayLine.of($0) } ?? "an empty answer"
            // Of reasons that differ in their numbers only, the first is shown.
            reasons[DisplayLine.withoutNumbers(line), default: (0, line)].count += 1
        }
        guard let main = reasons.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.value else {
            return nil
        }
        let often = main.count == count ? "" : " in \(NumberText.count(main.count)) of them"
        return "\(name) did not answer \(NumberText.count(count)) of \(NumberText.count(samples.count, "request")): "
            + main.first + often
    }
}

/// A text of somebody else in a sentence of ours.
private enum DisplayLine {
    /// At most 200 bytes of it, on one line.
    static func of(_ text: String) -> String {
        let line = text.utf8.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }
        let cut = String(decoding: line.prefix(200), as: UTF8.self)
        return line.count > 200 ? cut + "…" : cut
    }

    /// The text with each run of digits as one `0`.
    static func withoutNumbers(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isDigit = (0x30...0x39).contains(byte)
            if isDigit, bytes.last == 0x30 { continue }
            bytes.append(isDigit ? 0x30 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Judgment {
    /// The same judgment with what did not apply and what else a reader should know among its reasons. Where nothing could
    /// be compared, what did not come is said in the first line.
    func noting(_ unapplied: [UnappliedCheck], _ timing: String?, _ run: RunNotes? = nil) -> Judgment {
        let notes = unapplied.map { check in
            "\(check.name): not applicable, \(check.reason)"
                + (check.replacedBy.map { "; \($0) decided instead" } ?? "")
        }
        var reasons = reasons
        var unanswered = run?.unanswered ?? []
        if isWithoutEvidence, !reasons.isEmpty, !unanswered.isEmpty {
            reasons[0] += "; " + unanswered.joined(separator: "; ")
            unanswered = []
        }
        var noted = self
        noted.reasons = reasons + unanswered + notes + [timing].compactMap { $0 } + (run?.others ?? [])
        noted.unapplied = unapplied.isEmpty ? nil : unapplied
        return noted
    }

    /// The same judgment whose checks of answers say how these were compared.
    func compared(as comparison: AnswerComparison) -> Judgment {
        let reading = [Metric.exactMatch.rawValue, Metric.baselineAgreement.rawValue]
        var compared = self
        compared.checks = checks.map { reading.contains($0.metric) ? $0.compared(as: comparison) : $0 }
        return compared
    }
}
