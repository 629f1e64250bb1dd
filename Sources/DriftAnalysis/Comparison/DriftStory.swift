import Foundation
import RegistryRecords
import RegistryTypes
import Wording

/// The report in one sentence and one next step.
struct DriftStory {
    let subject: DriftComparison.Subject
    let verdict: DriftVerdict
    let moved: [DriftTest]
    let tests: [DriftTest]
    let faults: [DriftFault]
    let degradations: [DriftDegradation]
    let learning: DriftReport.Progress?
    let window: DriftWindow
    let reference: DriftWindow

    /// Why the verdict is what it is, what was not seen, and whether the window is older than its reference.
    var sentence: String {
        window.to <= reference.from ? "\(finding); the window is older than its reference" : finding
    }

    private var finding: String {
        if let fault = faults.first, verdict != .page {
            let rest = faults.count > 1 ? ", and \(faults.count - 1) more like it" : ""
            return fault.reason + rest
        }
        switch verdict {
        case .learning:
            guard let learning else { return "the reference is being learned" }
            return "the reference is being learned: \(learning.requests) of \(learning.wantedRequests) requests, "
                + "\(learning.days) of \(learning.wantedDays) days"
        case .unknown:
            return "nothing can be compared: \(unseen.first?.reason ?? "no signal is on both sides")"
        case .none:
            let faster = tests.filter { $0.state == .better }
            let better = faster.isEmpty ? "" : ", and \(faster.map(words).joined(separator: ", ")) is better"
            return
                "nothing moved beyond what two samples of the same traffic differ by\(better)\(undecidedWords)\(unseenWords)"
        case .changed:
            let small = tests.filter { $0.state == .small }.sorted {
                ($0.pValue ?? 1, $0.signal) < ($1.pValue ?? 1, $1.signal)
            }
            guard let first = small.first else { return "something changed by little" }
            let more = small.count > 1 ? ", and \(NumberText.count(small.count - 1, "more signal"))" : ""
            return "changed by little or not for certain: \(words(first))\(more)\(unseenWords)"
        case .ticket:
            return "\(whatMoved); \(whatOfAnswers)"
        case .page:
            guard let degradation = degradations.first(where: { $0.state == .beyondMargin }) else { return whatMoved }
            let cause = moved.first.map { $0.signal == degradation.signal ? "" : "; \(words($0))" } ?? ""
            return "answers got worse by more than the margin: \(degradation.title) \(degradation.reference ?? "–") → "
                + "\(degradation.current ?? "–")\(cause)"
        }
    }

    /// The signals of which nothing is known, by the reason, the commonest first.
    private var unseen: [(reason: String, titles: [String])] {
        let tests = tests.filter { $0.state == .unknown && $0.family != .capture }
        let reasons = Dictionary(grouping: tests) { $0.unseen ?? "there is nothing to compare" }
        return reasons.map { ($0.key, $0.value.map(\.title)) }
            .sorted { ($1.titles.count, $0.reason) < ($0.titles.count, $1.reason) }
    }

    /// `; 2 signals are undecided, beyond their floor and perhaps by chance: language de 33 % → 60 %`.
    private var undecidedWords: String {
        let undecided = tests.filter { $0.state == .undecided }.sorted {
            ($0.pValue ?? 1, $0.signal) < ($1.pValue ?? 1, $1.signal)
        }
        guard let first = undecided.first else { return "" }
        return
            "; \(NumberText.count(undecided.count, "signal")) \(undecided.count == 1 ? "is" : "are") undecided, beyond "
            + "\(undecided.count == 1 ? "its floor" : "their floors") and perhaps by chance: \(words(first))"
    }

    /// `; 14 of 28 signals saw nothing: no text is kept in the window`.
    private var unseenWords: String {
        let all = unseen.reduce(0) { $0 + $1.titles.count }
        guard all > 0, let first = unseen.first else { return "" }
        let total = tests.count { $0.family != .capture }
        return "; \(all) of \(total) signals saw nothing: \(first.reason)"
            + (unseen.count > 1 ? " (and \(NumberText.count(unseen.count - 1, "other reason")))" : "")
    }

    /// `prompts changed: language de 33 % → 80 %`.
    private var whatMoved: String {
        guard let first = moved.first else { return "something moved" }
        let more = moved.count > 1 ? " and \(moved.count - 1) more" : ""
        return "\(Self.name(first.family)) changed: \(words(first))\(more)"
    }

    private var whatOfAnswers: String {
        let quality = degradations.filter {
            $0.signal == DriftSignal.correct.rawValue || $0.signal == DriftSignal.liked.rawValue
        }
        if moved.contains(where: { $0.family == .quality }) { return "answers changed inside their margin" }
        if !quality.isEmpty, quality.allSatisfy({ $0.state == .withinMargin }) { return "answers are still as good" }
        if quality.contains(where: { $0.state == .unclear }) {
            return "no degradation to answers is shown, none is ruled out"
        }
        if moved.contains(where: { $0.family == .output }) { return "whether answers got worse is not known" }
        return "nothing is known of how good answers are"
    }

    private func words(_ test: DriftTest) -> String {
        guard let before = test.reference, let now = test.current else { return test.title }
        if test.signal == DriftSignal.embedding.rawValue { return "\(test.title) is \(now) away" }
        // `de 33 % → de 80 %` reads better as `de 33 % → 80 %`.
        let parts = (before.split(separator: " "), now.split(separator: " "))
        let isSame = parts.0.count > 1 && parts.1.count > 1 && parts.0[0] == parts.1[0] && Double(parts.0[0]) == nil
        return "\(test.title) \(before) → \(isSame ? parts.1.dropFirst().joined(separator: " ") : now)"
    }

    private static func name(_ family: DriftFamily) -> String {
        switch family {
        case .input: "prompts"
        case .output: "answers"
        case .quality: "quality"
        case .operations: "speed or errors"
        case .capture: "captured fields"
        }
    }

    /// The one thing to do next.
    var action: DriftAction {
        let model = subject.model
        switch verdict {
        case .none, .changed: return DriftAction(sentence: "Nothing needs doing.", .driftList(model))
        case .unknown:
            return DriftAction(
                sentence: "See what is kept of these requests: neither drift nor the lack of it is shown.",
                .requestList([.model: model.text, .since: window.from.description])
            )
        case .learning:
            return DriftAction(
                sentence: "Wait, or choose a window that is known to be good.",
                .baselineSet(model, channel: subject.channel, over: .week(from: window.from))
            )
        case .page:
            return DriftAction(
                sentence: "See what is live and take it back if it is the cause.",
                .rollback(model, channel: subject.channel, reason: "drift \(subject.id)")
            )
        case .ticket: return faults.isEmpty ? movedAction : faultAction
        }
    }

    private var faultAction: DriftAction {
        if faults.contains(where: { $0.field == DriftSignal.prompt.title }) {
            return DriftAction(
                sentence: "Compare with traffic of the new prompt: choose a baseline since it went live.",
                .baselineSet(subject.model, channel: subject.channel, over: .since(window.from))
            )
        }
        return DriftAction(
            sentence: "Find out why the measurements are lost before believing anything else.",
            .requestList([.model: subject.model.text, .since: window.from.description])
        )
    }

    private var movedAction: DriftAction {
        let families = Set(moved.map(\.family))
        if families.contains(.input) {
            return DriftAction(
                sentence: "Freeze the new prompts and let them judge the live release against the one before.",
                .trafficFreeze(
                    try? Name("drift-\(subject.id.number)"),
                    model: subject.model,
                    since: window.from,
                    sample: 200
                )
            )
        }
        if families.contains(.output) {
            return DriftAction(
                sentence: "The prompts are the same and the answers are not: see what was changed.",
                .auditList(kind: "channel.moved")
            )
        }
        if families.contains(.quality) {
            return DriftAction(
                sentence: "Look at the labels before blaming the model: neither prompts nor answers moved.",
                .requestList([.model: subject.model.text, .since: window.from.description])
            )
        }
        return DriftAction(
            sentence: "Look at capacity; the model need not be judged anew.",
            .sloList(model: subject.model)
        )
    }
}

extension DriftAction {
    fileprivate init(sentence: String, _ step: NextStep) { self.init(sentence: sentence, command: step.text) }
}
