import ControlPlane
import RegistryRecords
import RegistryTypes
import WireFormat

/// Lists that come in parts: one more entry than asked for is read, to know whether there is more.
enum Lists {
    /// Canaries, newest first.
    static func canaries(
        _ plane: ControlPlane,
        model: Name?,
        before: Int?,
        limit: Int
    ) async throws -> ListAnswer<CanaryRecord> {
        let items = try await plane.experiments.canaries.list(model: model, before: before, limit: limit + 1)
        let shown = Array(items.prefix(limit))
        return ListAnswer(items: shown, next: items.count > limit ? shown.last.map { String($0.id.number) } : nil)
    }

    /// Entries of the log, newest first.
    static func events(
        _ plane: ControlPlane,
        before: Int?,
        limit: Int,
        kind: String?,
        subject: String?
    ) async throws -> ListAnswer<Event> {
        let items = try await plane.audit.list(
            before: before,
            after: nil,
            limit: limit + 1,
            kind: kind,
            subject: subject
        )
        let shown = Array(items.prefix(limit))
        return ListAnswer(items: shown, next: items.count > limit ? shown.last.map { String($0.seq) } : nil)
    }

    /// Rollouts, newest first.
    static func rollouts(
        _ plane: ControlPlane,
        model: Name?,
        before: Int?,
        limit: Int
    ) async throws -> ListAnswer<RolloutRow> {
        let items = try await plane.rollouts.list(model: model, before: before, limit: limit + 1)
        let shown = Array(items.prefix(limit))
        return ListAnswer(items: shown, next: items.count > limit ? shown.last.map { String($0.id.number) } : nil)
    }

    /// Incidents, newest first.
    static func incidents(
        _ plane: ControlPlane,
        model: Name?,
        open: Bool?,
        before: Int?,
        limit: Int
    ) async throws -> ListAnswer<IncidentRow> {
        let items = try await plane.incidents.list(model: model, open: open, before: before, limit: limit + 1)
        let shown = Array(items.prefix(limit))
        return ListAnswer(items: shown, next: items.count > limit ? shown.last.map { String($0.id.number) } : nil)
    }
}
