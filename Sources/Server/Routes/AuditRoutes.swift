import ControlPlane
import HTTPTypes
import Pages
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// The log, and whether it is whole.
struct AuditRoutes: RouteGroup {
    let plane: ControlPlane
    let now: @Sendable () -> Timestamp

    func register(in routes: inout Routes) {
        let plane = plane, audit = self
        routes.api(.get, APIPath.audit, .readRegistry) { call in
            try await audit.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.api(.get, APIPath.auditVerify, .readRegistry) { _ in try await plane.audit.verify() }
        routes.page(.audit, .readRegistry, load: { try await audit.list($0.fields, limit: .usual) }) {
            list,
            call in
            let fields = call.fields
            let filter = AuditPage.Filter(
                kind: fields["kind"],
                subject: fields["subject"],
                who: fields["who"],
                since: fields["since"],
                until: fields["until"]
            )
            let chain = fields["verify"] == nil ? nil : try await plane.audit.verify()
            return AuditPage(list, filter: filter, chain: chain, context: call.context)
        }
    }

    /// Entries of the log, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<AuditEntry> {
        let before = try PathParts.number("before", of: fields), now = now()
        let since = try PathParts.moment("since", of: fields, now: now)
        let until = try PathParts.moment("until", of: fields, now: now)
        return try await .part(limit, number: \.event.seq) {
            try await plane.audit.list(
                before: before,
                after: nil,
                limit: $0,
                kind: fields["kind"],
                subject: fields["subject"],
                who: fields["who"],
                since: since,
                until: until
            ).map(AuditEntry.init)
        }
    }
}
