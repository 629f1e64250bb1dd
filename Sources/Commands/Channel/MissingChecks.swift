import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// Runs the evaluations and canaries that a policy asks for and that are not there yet, in the order of its gates.
struct MissingChecks: Sendable {
    let session: Session
    let choice: ReleaseChoice
    let channel: Name
    /// Instead of the traffic set of the canary document.
    let traffic: Name?
    let limitSeconds: Double?

    /// A canary that found too little to say.
    struct Undecided: Hashable, Sendable {
        let canary: CanaryID
        /// Requests in all that would probably decide.
        let needed: Int
    }

    /// A check that would fill a gate.
    enum Check: Hashable, Sendable {
        case evaluation(gate: Name, suite: Name)
        case canary(gate: Name, document: Name?, undecided: Undecided?)

        var isCanary: Bool {
            if case .canary = self { true } else { false }
        }
    }

    /// Runs what is missing.
    ///
    /// - Returns: `ok` when the policy can be asked again; else the verdict of the first check that says no.
    /// - Throws: `Problem`, ``CommandsError``.
    func run() async throws -> Exit {
        let decision: Decision = try await session.client.post(
            APIPath.explain,
            ExplainRequest(release: choice, channel: channel)
        )
        guard let policy = decision.policy, !decision.isAllowed else { return .ok }
        let view: PolicyView = try await session.client.get(APIPath.policy(policy.name))
        guard let checks = Self.needed(decision, view.document) else {
            session.printer.talk("checks are not run: they would not change the answer")
            return .ok
        }
        for check in checks {
            let exit = try await run(check)
            guard exit == .ok else { return exit }
        }
        return .ok
    }

    /// The checks that would fill the gates in the way; nil when another gate stays in the way whatever they say.
    static func needed(_ decision: Decision, _ policy: PolicyDocument) -> [Check]? {
        var checks: [Check] = [], isRejected = false
        for result in decision.blockers {
            guard let gate = policy.gates.first(where: { $0.id == result.id }) else {
                guard result.id.text == "rejected" else { return nil }
                isRejected = true
                continue
            }
            guard result.state == .unknown || result.state == .waiting else { return nil }
            switch gate.requirement {
            case .evaluation(let requirement): checks.append(.evaluation(gate: gate.id, suite: requirement.suite))
            case .canary(let requirement): checks.append(canary(gate, requirement, decision))
            case .smoke, .card, .errorBudget: return nil
            }
        }
        if isRejected, !checks.contains(where: \.isCanary) {
            // A release that was taken back needs evidence newer than that, though the old one still fills its gate.
            for gate in policy.gates {
                if case .canary(let requirement) = gate.requirement {
                    checks.append(canary(gate, requirement, decision))
                }
            }
        }
        return checks
    }

    private static func canary(_ gate: Gate, _ requirement: CanaryRequirement, _ decision: Decision) -> Check {
        .canary(
            gate: gate.id,
            document: requirement.using,
            undecided: undecided(decision.facts.canaries, requirement.using)
        )
    }

    /// The newest canary, when it was undecided and more requests would probably decide it.
    private static func undecided(_ canaries: [PolicyFacts.Canary], _ document: Name?) -> Undecided? {
        let newest = canaries.filter { document == nil || $0.document == document }.max { $0.time < $1.time }
        guard let newest, newest.verdict == .inconclusive, let needed = newest.requestsNeeded else { return nil }
        return Undecided(canary: newest.id, needed: needed)
    }

    /// How many requests to ask for: what was needed, when that is more than the document has; else the document's.
    private func requests(_ undecided: Undecided?) async throws -> Int? {
        guard let undecided else { return nil }
        let view: CanaryView = try await session.client.get(APIPath.canary(undecided.canary))
        return Self.requests(undecided, document: view.document)
    }

    /// As above, with the document at hand.
    static func requests(_ undecided: Undecided, document: DocumentRecord?) -> Int? {
        guard let document, let parsed = try? Document.parse(document.source, file: document.name.text) else {
            return undecided.needed
        }
        let usual = parsed.compactMap { known -> Int? in
            if case .canary(let canary) = known, canary.name == document.name { canary.compare.requests } else { nil }
        }
        return usual.first.map { $0 >= undecided.needed } == true ? nil : undecided.needed
    }

    private func run(_ check: Check) async throws -> Exit {
        switch check {
        case .evaluation(_, let suite):
            let view = try await EvaluationWork(session: session, limitSeconds: limitSeconds).run(
                EvaluationRequest(release: choice, suite: suite)
            )
            guard let record = view.record else { return .error }
            let scores = record.scores.map { "\($0.metric) \($0.value.map { NumberText.share($0) } ?? "unknown")" }
            say(
                Report {
                    $0.line(
                        StatusCell.pass("evaluation \(record.id)"),
                        Cell("   \(suite): \(scores.joined(separator: ", "))")
                    )
                }
            )
            return .ok
        case .canary(_, let document, let undecided):
            let view = try await CanaryWork(session: session, limitSeconds: limitSeconds).run(
                CanaryRequest(
                    release: choice,
                    traffic: traffic,
                    document: document,
                    requests: try await requests(undecided)
                )
            )
            guard let verdict = view.record.verdict, verdict == .pass else {
                try session.show(view, kind: "Canary", names: [view.record.id.description], CanaryOutput.show(view))
                session.talkAddress("report", .canary(view.record.id))
                return view.record.verdict.map { Exit($0) } ?? .inconclusive
            }
            let count = view.report?.judgment.checks.count { !$0.watchOnly } ?? 0
            say(
                Report {
                    $0.line(
                        StatusCell.pass("canary \(view.record.id) pass"),
                        Cell("   \(count) of \(NumberText.count(count, "check")) no worse")
                    )
                }
            )
            return .ok
        }
    }

    /// Steps on the way are part of the answer for a person, and talk for a program.
    private func say(_ report: Report) {
        if session.printer.format.isForPrograms || session.printer.format == .name {
            session.printer.talk(report)
        } else {
            Streams.out(report.text(session.printer.style))
        }
    }
}
