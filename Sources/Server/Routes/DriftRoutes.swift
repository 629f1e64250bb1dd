import ControlPlane
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Drift: reports, references, and the forms that ask for a report or accept a window as the reference.
struct DriftRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) {
        registerAPI(&routes)
        registerPages(&routes)
    }

    private func registerAPI(_ routes: inout Routes) {
        let plane = plane, reports = self
        routes.api(.get, APIPath.driftReports, .readRegistry) { call in
            try await reports.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.api(.post, APIPath.driftReports, .runDrift) { call in
            try await plane.drift.run(call.body(DriftRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.drift(DriftID(1)), .readRegistry) { call in
            try await plane.drift.show(PathParts.identifier(call.text("drift")))
        }
        routes.api(.get, APIPath.baselines, .readRegistry) { call in
            let query = call.query
            let model = try PathParts.name("model", of: query), before = try PathParts.number("before", of: query)
            return try await ListAnswer.part(PathParts.limit(query), number: { try BaselineID(text: $0.id).number }) {
                try await plane.drift.baselines(model: model, before: before, limit: $0)
            }
        }
        routes.api(.post, APIPath.baselines, .setDriftReference) { call in
            try await plane.drift.setBaseline(call.body(BaselineRequest.self), by: call.caller)
        }
    }

    private func registerPages(_ routes: inout Routes) {
        let plane = plane, reports = self
        routes.page(.drifts, .readRegistry, load: { try await reports.list($0.fields, limit: .usual) }) {
            let model = try PathParts.name("model", of: $1.fields)
            let baselines = try await plane.drift.baselines(model: model, before: nil, limit: 100)
            let hasCaptured = try await plane.traffic.requests.capture().days.contains { $0.requests > 0 }
            return DriftListPage(
                $0,
                baselines: baselines,
                model: model,
                hasCaptured: hasCaptured,
                context: $1.context
            )
        }
        routes.page(.drift, .readRegistry, load: { try await plane.drift.show(PathParts.identifier($0.text("drift"))) })
        {
            DriftPage($0, context: $1.context)
        }
        routes.form(.drifts, .runDrift) { try await reports.run($0) }
        routes.form(.baselines, .setDriftReference) { try await reports.choose($0) }
        routes.form(.driftBaseline, .setDriftReference) { try await reports.accept($0) }
    }

    /// Drift reports, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<DriftRow> {
        let model = try PathParts.name("model", of: fields), before = try PathParts.number("before", of: fields)
        return try await .part(limit, number: \.id.number) {
            try await plane.drift.list(model: model, before: before, limit: $0)
        }
    }

    private func run(_ call: PageCall) async throws -> Response {
        guard let model = try PathParts.name("model", of: call.fields) else {
            throw PathParts.refused("model is missing in the form")
        }
        let seconds = try call.fields["window"].map { try PathParts.seconds($0, field: "window") }
        let view = try await plane.drift.run(DriftRequest(model: model, windowSeconds: seconds), by: call.caller)
        return pages.redirect(to: .drift(view.row.id))
    }

    /// Makes a window that is named by its ends the reference of a model.
    private func choose(_ call: PageCall) async throws -> Response {
        let now = call.context.now
        guard let model = try PathParts.name("model", of: call.fields),
            let since = try PathParts.moment("since", of: call.fields, now: now)
        else { throw PathParts.refused("model or since is missing in the form") }
        let request = BaselineRequest(
            model: model,
            since: since,
            until: try PathParts.moment("until", of: call.fields, now: now) ?? now,
            reason: try PathParts.words("reason", of: call.fields)
        )
        _ = try await plane.drift.setBaseline(request, by: call.caller)
        return pages.redirect(to: .drifts(of: nil))
    }

    /// Makes the window of a report the reference of its model.
    private func accept(_ call: PageCall) async throws -> Response {
        let view = try await plane.drift.show(PathParts.identifier(call.text("drift")))
        guard let reason = try PathParts.words("reason", of: call.fields) else {
            throw Problem(
                status: 422,
                title: "accepting a window as the reference needs a reason",
                exit: ExitCode.usage.rawValue
            )
        }
        let request = BaselineRequest(
            model: view.row.model,
            channel: view.row.channel,
            since: view.row.since,
            until: view.row.until,
            reason: reason
        )
        _ = try await plane.drift.setBaseline(request, by: call.caller)
        return pages.redirect(to: .drifts(of: nil))
    }
}
