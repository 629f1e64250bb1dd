import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

extension GateJudge {
    /// What the canaries of the release against the live one say.
    func canary(_ requirement: CanaryRequirement) -> Finding {
        let document = requirement.using.map { " by \($0)" } ?? ""
        var required = "a canary\(document) against the live release with verdict \(requirement.verdict.rawValue)"
        if let age = requirement.maxAgeSeconds { required += ", at most \(NumberText.setTime(age)) old" }
        guard let live = facts.live else {
            return Finding(
                state: .notApplicable,
                required: required,
                found: "nothing is live in \(channel) to compare with"
            )
        }
        guard live != release else {
            return Finding(state: .notApplicable, required: required, found: "\(release) is what is live in \(channel)")
        }
        let relevant = facts.canaries.filter { canary in
            canary.baseline == live && canary.objection == nil
                && requirement.using.map { $0 == canary.document } ?? true
                && facts.rejection.map { canary.isNewer(than: $0) } ?? true
        }
        // The newest one decides, not the best one: running it until it passes must not help. Newest by number: a clock may
        // go back.
        let judged = relevant.filter { $0.verdict != nil }.sorted { $0.id < $1.id }
        // One that was stopped found nothing, and there is nothing to wait for.
        let running = relevant.filter { $0.isRunning }.max { $0.id < $1.id }
        guard let newest = judged.last, let verdict = newest.verdict else {
            let stopped = relevant.filter { $0.stopped != nil }.max { $0.id < $1.id }
            return missing(required: required, live: live, requirement, running: running, stopped: stopped)
        }
        let id = newest.id
        func again(requests: Int? = nil) -> Advice {
            canaryCommand(by: requirement.using, on: newest.traffic, requests: requests)
        }
        let when = "at \(TimeText.second(newest.time))"
        let failedBefore = judged.dropLast().filter { $0.verdict == .fail }.map(\.id.description)
        let before = failedBefore.isEmpty ? "" : "; \(failedBefore.joined(separator: ", ")) failed before"
        func finding(_ state: Finding.State, _ found: String, _ remedy: Advice?) -> Finding {
            Finding(
                state: state,
                required: required,
                found: found + before,
                remedy: remedy,
                evidence: [id.description] + failedBefore
            )
        }
        if isTooOld(newest.time, requirement.maxAgeSeconds) {
            let found = "\(id) is too old: \(verdict.rawValue) \(when)"
            guard let running else { return finding(.missing, found, again()) }
            return finding(.missing, "\(found); \(running.id) still runs", "\(.canaryWatch(running.id))")
        }
        let checks = newest.failedChecks.isEmpty ? "" : ": \(newest.failedChecks.joined(separator: ", "))"
        let found = "\(id) is \(verdict.rawValue), \(NumberText.count(newest.requests, "request")), \(when)\(checks)"
        switch verdict {
        case .pass:
            return finding(.met, found, nil)
        case .marginal where requirement.verdict == .marginal:
            return finding(.met, found, nil)
        case .marginal:
            return finding(
                .unmet,
                found + "; really worse, the size may be allowed",
                """
                a person decides: \(.canaryShow(id)), then \
                \(.promote(.version(facts.version), to: channel, override: true))
                """
            )
        case .invalid:
            let why = newest.summary.map { ": \($0)" } ?? ""
            return finding(.undecided, found + why, "\(.canaryShow(id)), then \(again())")
        case .inconclusive:
            let why = newest.summary.map { ": \(Self.withoutFuture($0))" } ?? ""
            let needed = newest.requestsNeeded.flatMap { $0 > newest.requests ? $0 : nil }
            guard let needed else { return finding(.undecided, found + why, "\(.canaryShow(id))") }
            let more = MoreRequests(needed: needed, holds: newest.trafficRequests)
            let words = more.words(set: newest.traffic.text)
            switch more {
            case .again(let requests):
                return finding(.undecided, found + why, "\(words): \(again(requests: requests))")
            case .larger(let requests, _):
                return finding(
                    .undecided,
                    found + why,
                    """
                    \(words): freeze or import a larger set and name it in canary document \(newest.document): \
                    \(.trafficFreeze(nil, model: release.model, sample: requests))
                    """
                )
            }
        case .fail:
            return finding(.unmet, found, "\(.canaryShow(id))")
        }
    }

    private func missing(
        required: String,
        live: ReleaseID,
        _ requirement: CanaryRequirement,
        running: PolicyFacts.Canary?,
        stopped: PolicyFacts.Canary?
    ) -> Finding {
        if let running {
            return Finding(
                state: .missing,
                required: required,
                found: "\(running.id) still runs",
                remedy: "\(.canaryWatch(running.id))",
                evidence: [running.id.description]
            )
        }
        let document = requirement.using.map { " by \($0)" } ?? ""
        let other = facts.canaries.filter { $0.verdict != nil }.max { $0.id < $1.id }
        let found: String
        if let stopped, let reason = stopped.stopped {
            found = "\(stopped.id) was stopped without a verdict: \(reason)"
        } else if let other, other.baseline != live {
            found = "\(other.id) compared with \(other.baseline), but \(live) is live now"
        } else if let other, let rejection = facts.rejection, !other.isNewer(than: rejection) {
            found = "\(other.id) is from before the release was rejected"
        } else if let other, let objection = other.objection {
            found = "\(other.id) does not count: \(objection)"
        } else if let other {
            found = "\(other.id) was by \(other.document), none by \(requirement.using?.text ?? "any document")"
        } else {
            found = "no canary\(document) of \(release) against \(live)"
        }
        // Repeat the set of an earlier canary only when its document is the wanted one: another has another set.
        let repeated = other.flatMap { other in
            other.objection == nil && (requirement.using == nil || other.document == requirement.using) ? other : nil
        }
        return Finding(
            state: .missing,
            required: required,
            found: found,
            remedy: canaryCommand(by: requirement.using, on: repeated?.traffic)
        )
    }
}

extension PolicyFacts.Canary {
    /// Whether a verdict may still come.
    var isRunning: Bool { verdict == nil && stopped == nil }
}
