import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// Runs the evaluations and canaries that the server says a policy still lacks, in the order of its gates.
struct MissingChecks: Sendable {
    let session: Session
    let choice: ReleaseChoice
    let channel: Name
    /// Instead of the traffic set of the canary document.
    let traffic: Name?
    let limitSeconds: Double?

    /// Runs what is missing.
    ///
    /// - Returns: `ok` when the policy can be asked again; else the verdict of the first check that says no.
    /// - Throws: `Problem`, ``CommandsError``.
    func run() async throws -> Exit {
        let answer: MoveAnswer = try await session.client.post(
            APIPath.promote(choice.reference.model, channel),
            PromoteRequest(release: choice, dryRun: true)
        )
        guard answer.outcome == .refused, answer.decision?.policy != nil else { return .ok }
        guard let checks = answer.missingChecks else {
            session.printer.talk("checks are not run: they would not change the answer")
            return .ok
        }
        try requireCounted(checks, by: answer)
        for check in checks {
            let exit = try await run(check, against: answer.from)
            guard exit == .ok else { return exit }
        }
        return .ok
    }

    /// Runs a canary to its verdict. One that was undecided is extended where that would probably decide it: what it answered
    /// is not asked again, and does not count twice.
    private func canary(
        _ document: Name?,
        after undecided: MissingCheck.UndecidedCanary?,
        against live: ReleaseRecord?
    ) async throws -> CanaryView {
        let work = CanaryWork(session: session, limitSeconds: limitSeconds)
        var requests: Int?
        if let undecided {
            let view: CanaryView = try await session.client.get(APIPath.canary(undecided.id))
            if let needed = view.extensionNeeded, traffic == nil || traffic == view.record.traffic {
                return try await work.extend(undecided.id, to: needed)
            }
            requests = Self.requests(undecided, document: view.document)
        }
        return try await work.run(
            CanaryRequest(
                release: choice,
                against: live.map {
                    ReleaseChoice(reference: Reference(model: $0.id.model, selector: .release($0.id.number)))
                },
                traffic: traffic,
                document: document,
                requests: requests
            )
        )
    }

    /// How many requests to ask for: what was needed, when that is more than the document has; else the document's.
    static func requests(_ undecided: MissingCheck.UndecidedCanary, document: DocumentRecord?) -> Int? {
        guard let usual = document.flatMap(canary)?.compare.requests else { return undecided.requestsNeeded }
        return usual >= undecided.requestsNeeded ? nil : undecided.requestsNeeded
    }

    private static func canary(_ document: DocumentRecord) -> CanaryDocument? {
        let parsed = (try? Document.parse(document.source, file: document.name.text)) ?? []
        return parsed.lazy.compactMap { known -> CanaryDocument? in
            if case .canary(let canary) = known, canary.name == document.name { canary } else { nil }
        }
        .first
    }

    /// Refuses a traffic set on which no canary would fill the gate, before anything runs.
    ///
    /// - Throws: ``CommandsError``.
    private func requireCounted(_ checks: [MissingCheck], by answer: MoveAnswer) throws {
        guard let traffic else { return }
        for case .canary(let document?, _) in checks.map(\.work) {
            guard let plan = answer.decision?.facts.canaryPlans?.first(where: { $0.name == document }),
                plan.traffic != traffic
            else { continue }
            throw CommandsError.badArgument(
                name: "--traffic",
                value: traffic.text,
                problem: "a canary over it would not count, for canary document \(document) names \(plan.traffic)",
                example: "--traffic \(plan.traffic)"
            )
        }
    }

    private func run(_ check: MissingCheck, against live: ReleaseRecord?) async throws -> Exit {
        switch check.work {
        case .evaluation(let suite):
            let view = try await EvaluationWork(session: session, limitSeconds: limitSeconds).run(
                EvaluationRequest(release: choice, suite: suite)
            )
            guard let record = view.record else { return .error }
            let scores = record.scores.filter { !$0.isOfPart }.map {
                "\($0.metric) \($0.value.map { NumberText.share($0) } ?? "unknown")"
            }
            say(
                Report {
                    $0.line(
                        StatusCell.pass("evaluation \(record.id)"),
                        Cell("   \(suite): \(scores.joined(separator: ", "))")
                    )
                }
            )
            return .ok
        case .canary(let document, let undecided):
            let view = try await canary(document, after: undecided, against: live)
            // Whether a marginal one will do is for the policy to say.
            if view.record.verdict == .marginal {
                say(
                    Report {
                        $0.line(
                            StatusCell.notice("canary \(view.record.id) marginal"),
                            Cell("   \(view.report?.judgment.reasons.first ?? "")")
                        )
                    }
                )
                return .ok
            }
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
