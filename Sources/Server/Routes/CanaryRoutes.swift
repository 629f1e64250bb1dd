import ControlPlane
import HTTPTypes
import Pages
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Canaries.
struct CanaryRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) {
        let plane = plane, canaries = self
        routes.api(.get, APIPath.canaries, .readRegistry) { call in
            try await canaries.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.page(.canaries, .readRegistry, load: { try await canaries.list($0.fields, limit: .usual) }) {
            CanariesPage($0, model: try PathParts.name("model", of: $1.fields), context: $1.context)
        }
        routes.api(.post, APIPath.canaries, .runCanary) { call in
            try await plane.experiments.canaries.start(call.body(CanaryRequest.self), by: call.caller)
        }
        routes.api(.post, APIPath.canaryPlan, .readRegistry) { call in
            try await plane.experiments.canaries.plan(call.body(CanaryRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.canary(CanaryID(1)), .readRegistry) { call in
            try await plane.experiments.canaries.show(PathParts.identifier(call.text("canary")))
        }
        routes.api(.get, APIPath.canarySamples(CanaryID(1)), .readRegistry) { call in
            let id: CanaryID = try PathParts.identifier(call.text("canary"))
            return try await canaries.samples(
                of: id,
                call.query,
                limit: PathParts.limit(call.query),
                by: call.caller
            )
        }
        routes.page(
            .canarySamples,
            .readRegistry,
            load: {
                let id: CanaryID = try PathParts.identifier($0.text("canary"))
                return try await canaries.samples(of: id, $0.fields, limit: .usual, by: $0.caller)
            }
        ) { list, call in
            let id: CanaryID = try PathParts.identifier(call.text("canary"))
            return CanarySamplesPage(
                list,
                of: try await plane.experiments.canaries.record(id),
                only: try Self.filter(call.fields),
                isFirst: call.fields["after"] == nil,
                context: call.context
            )
        }
        routes.raw(.get, APIPath.canaryReport(CanaryID(1)), .readRegistry) { [pages] call in
            let id: CanaryID = try PathParts.identifier(call.text("canary"))
            let view = try await plane.experiments.canaries.show(id)
            var state = call.state
            state.path = PagePath.canary(id).path
            let page = CanaryPage(view, context: pages.context(nil, state))
            return pages.file(page, named: "canary-\(id)", from: call.request)
        }
        routes.api(.post, APIPath.recomputeCanary(CanaryID(1)), .readRegistry) { call in
            try await call.requireNoMembers()
            return try await plane.experiments.canaries.recompute(
                PathParts.identifier(call.text("canary")),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.tryOnCanary(CanaryID(1)), .readRegistry) { call in
            try await plane.experiments.trials.attempt(
                call.body(PolicyTrialRequest.self),
                on: PathParts.identifier(call.text("canary")),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.extendCanary(CanaryID(1)), .runCanary) { call in
            try await plane.experiments.canaries.extend(
                PathParts.identifier(call.text("canary")),
                call.body(ExtendCanaryRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.cancelCanary(CanaryID(1)), .cancelCanary) { call in
            try await plane.experiments.canaries.cancel(
                PathParts.identifier(call.text("canary")),
                call.body(CancelRequest.self),
                by: call.caller
            )
        }
        routes.form(.cancelCanary, .cancelCanary) { [pages] call in
            let id: CanaryID = try PathParts.identifier(call.text("canary"))
            _ = try await plane.experiments.canaries.cancel(id, CancelRequest(), by: call.caller)
            return pages.redirect(to: .canary(id))
        }
        routes.page(
            .canary,
            .readRegistry,
            load: { try await plane.experiments.canaries.show(PathParts.identifier($0.text("canary"))) }
        ) {
            CanaryPage($0, context: $1.context)
        }
    }

    /// Stored pairs of a canary, in the order of the run.
    private func samples(
        of id: CanaryID,
        _ fields: FieldList,
        limit: ListLimit,
        by caller: Caller
    ) async throws -> ListAnswer<CanarySample> {
        let filter = try Self.filter(fields), after = try PathParts.number("after", of: fields)
        return try await .part(limit, number: \.place) {
            try await plane.experiments.canaries.samples(id, filter, after: after, limit: $0, by: caller)
        }
    }

    /// The field `only`.
    private static func filter(_ fields: FieldList) throws -> CanarySample.Filter? {
        guard let text = fields["only"] else { return nil }
        guard let filter = CanarySample.Filter(rawValue: text) else {
            let known = CanarySample.Filter.allCases.map(\.rawValue).joined(separator: ", ")
            throw PathParts.refused("only must be one of \(known)")
        }
        return filter
    }

    /// Canaries, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<CanaryRecord> {
        let model = try PathParts.name("model", of: fields), before = try PathParts.number("before", of: fields)
        return try await .part(limit, number: \.id.number) {
            try await plane.experiments.canaries.list(model: model, before: before, limit: $0)
        }
    }
}
