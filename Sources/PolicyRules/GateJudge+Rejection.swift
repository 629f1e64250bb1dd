import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

extension GateJudge {
    /// What a release that was taken back needs before it may come again: canaries since then of which the newest of some
    /// document is a pass, and the newest of none says that it is worse. Where the policy names the documents of its canary
    /// gates, only those speak: a check of something else lifts nothing.
    ///
    /// - Parameter documents: The documents that the canary gates of the policy name; none where it has no such gate.
    func finding(after rejection: PolicyFacts.Rejection, askedBy documents: [Name]) -> Finding {
        let required = "new evidence since the release was rejected in \(channel)"
        let since = facts.canaries.filter { canary in
            canary.objection == nil && canary.verdict != nil && canary.isNewer(than: rejection)
                && canary.baseline == facts.live && (documents.isEmpty || documents.contains(canary.document))
        }
        // The newest one decides, not the best one, as in a gate; and for each document by itself, so that an easy one does
        // not hide what a strict one found.
        let newest = Dictionary(grouping: since, by: \.document).values
            .compactMap { $0.max { $0.id < $1.id } }.sorted { $0.id > $1.id }
        let worse = newest.first { $0.verdict == .fail || $0.verdict == .marginal }
        if worse == nil, let passed = newest.first(where: { $0.verdict == .pass }) {
            return Finding(
                state: .met,
                required: required,
                found: "\(passed.id) is pass since then",
                evidence: [passed.id.description]
            )
        }
        let said = (worse ?? newest.first).map { canary in
            "; since then \(canary.id) by \(canary.document) is \(canary.verdict?.rawValue ?? "open")"
        }
        return Finding(
            state: .unmet,
            required: required,
            found: "rejected at \(TimeText.second(rejection.time)): \(rejection.reason)" + (said ?? ""),
            remedy: remedy(of: worse ?? newest.first, documents),
            evidence: (worse ?? newest.first).map { [$0.id.description] } ?? []
        )
    }

    private func remedy(of canary: PolicyFacts.Canary?, _ documents: [Name]) -> Advice {
        if facts.cannotRun != nil {
            return """
                no canary can be run here, so a person decides: \
                \(.promote(.version(facts.version), to: channel, override: true))
                """
        }
        let again = canaryCommand(by: canary?.document ?? documents.first, on: nil)
        guard let canary else { return again }
        return "see \(.canaryShow(canary.id)); once its cause is gone: \(again)"
    }

    /// How to run a canary of the release against what is live in the channel; what has to be there first, where it is not.
    func canaryCommand(by document: Name?, on traffic: Name?, requests: Int? = nil) -> Advice {
        let plans = facts.canaryPlans
        if let plans, plans.isEmpty { return "apply a canary document first: \(.apply(file: "canary.yaml"))" }
        // Where there are several, one is named: which would be taken else is not for this channel to say.
        let named = document ?? plans.flatMap { $0.count > 1 ? $0.first?.name : nil }
        let plan = plans?.first { $0.name == named } ?? (named == nil ? plans?.first : nil)
        if plans != nil, plan == nil, let named {
            return "canary document \(named) is not there: \(.apply(file: "\(named).yaml"))"
        }
        // What is live in production is what the command compares with when nothing is said.
        let isUsual = channel == .production && plan?.namesBaseline != true
        let live = isUsual ? nil : Reference(model: release.model, selector: .channel(channel))
        return Advice(
            .canaryRun(
                subject,
                against: live.map { .reference($0) },
                using: named,
                traffic: traffic,
                requests: requests
            )
        )
    }

    /// The reason of an undecided canary without what it says of the requests of one of its checks: the gate says how many
    /// would decide all of them.
    static func withoutFuture(_ summary: String) -> String {
        summary.replacing(#/[:,] about [0-9,]+( requests)? would decide/#, with: "")
    }
}
