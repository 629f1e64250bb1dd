import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Starts a canary and waits for its verdict.
struct CanaryWork: Sendable {
    let session: Session
    let limitSeconds: Double?

    /// Runs to the verdict.
    ///
    /// - Throws: `Problem`, ``CommandsError``.
    func run(_ request: CanaryRequest) async throws -> CanaryView {
        let started: CanaryView = try await session.client.post(APIPath.canaries, request)
        return try await wait(started.record.id)
    }

    /// Waits for a canary that runs, or is judged already.
    func wait(_ id: CanaryID) async throws -> CanaryView {
        let waiting = Waiting(
            session: session,
            what: "canary \(id)",
            next: "serin canary watch \(id)",
            limitSeconds: limitSeconds
        )
        return try await waiting.until(
            label: {
                "canary \($0.record.id)  \($0.record.candidate) against r\($0.record.baseline.number)"
            },
            progress: { $0.record.state == .running ? $0.progress : nil },
            isDone: { $0.record.state != .running }
        ) { try await session.client.get(APIPath.canary(id)) }
    }

    /// Writes the report of a canary and says what to exit with.
    func finish(_ view: CanaryView, failOn: Set<Verdict>) throws -> Exit {
        try session.show(view, kind: "Canary", names: [view.record.id.description], .canary(view))
        session.talkAddress("report", .canary(view.record.id))
        guard let verdict = view.record.verdict else {
            return view.record.state == .running ? .ok : .inconclusive
        }
        if verdict == .inconclusive, let needed = view.record.requestsNeeded {
            session.printer.talk("next: serin canary run \(view.record.candidate) --requests \(needed)")
        }
        return failOn.contains(verdict) ? Exit(verdict) : .ok
    }
}
