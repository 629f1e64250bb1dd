import RegistryTypes
import WireFormat
import Wording

/// A reading that the server does: asked for, waited for.
struct ServerReading {
    let session: Session

    init(_ session: Session) { self.session = session }

    /// Asks, waits, and gives what came of it.
    ///
    /// - Throws: `Problem` when it cannot be done, ``CommandsError``.
    func result(_ request: ReadingRequest) async throws -> ReadingView {
        let asked: ReadingView = try await session.client.post(APIPath.readings, request)
        let candidate = request.candidate ?? request.baseline
        let waiting = Waiting(
            session: session,
            what: "the reading",
            next:
                "the same again: \(.compare(.reference(request.baseline), .reference(candidate), traffic: request.traffic))",
            limitSeconds: nil
        )
        let view = try await waiting.until(
            label: { (_: ReadingView) in "reading" },
            progress: { $0.progress.total > 0 ? $0.progress : nil },
            isDone: \.isOver,
            ask: { try await session.client.get(APIPath.reading(asked.id)) }
        )
        if let problem = view.problem { throw problem }
        return view
    }

    /// A server that answers with something else than what was asked.
    static func withoutResult(_ view: ReadingView) -> Problem {
        Problem(
            status: 500,
            title: "the reading \(view.id) ended without a result",
            next: "ask again",
            exit: Exit.error.rawValue
        )
    }
}
