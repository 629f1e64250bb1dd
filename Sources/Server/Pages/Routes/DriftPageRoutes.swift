import ControlPlane
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// Drift: reports, references, and the forms that ask for a report or accept a window as the reference.
struct DriftPageRoutes {
    let plane: ControlPlane
    let pages: PageRenderer

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        let plane = plane, pages = pages, drift = self
        routes.visit(.get, "/drift", .read) { call in
            let model = try PathParts.name("model", of: call.fields)
            let list = try await Lists.drift(
                plane,
                model: model,
                before: PathParts.number("before", of: call.fields),
                limit: APIRoutes.items
            )
            if call.state.wantsJSON { return try JSONBody.answer(list) }
            let baselines = try await plane.drift.baselines(model: model)
            return pages.answer(DriftListPage(list, baselines: baselines, model: model, visit: call.visit))
        }
        routes.page(
            "/drift/{drift}",
            .read,
            load: { try await plane.drift.show(PathParts.identifier($0.text("drift"))) }
        ) { DriftPage($0, visit: $1.visit) }
        routes.visit(.post, "/drift", .publish) { try await drift.run($0) }
        routes.visit(.post, "/drift/baselines", .deploy) { try await drift.choose($0) }
        routes.visit(.post, "/drift/{drift}/baseline", .deploy) { try await drift.accept($0) }
    }

    private func run(_ call: PageCall) async throws -> Response {
        guard let model = try PathParts.name("model", of: call.fields) else {
            throw Problem(status: 400, title: "model is missing in the form", exit: ExitCode.usage.rawValue)
        }
        let seconds = try call.fields["window"].map { try PathParts.seconds($0, field: "window") }
        let view = try await plane.drift.run(DriftRequest(model: model, windowSeconds: seconds), by: call.caller)
        return pages.redirect(to: Href.drift(view.row.id))
    }

    /// Makes a window that is named by its ends the reference of a model.
    private func choose(_ call: PageCall) async throws -> Response {
        let now = call.visit.now
        guard let model = try PathParts.name("model", of: call.fields),
            let since = try PathParts.moment("since", of: call.fields, now: now)
        else {
            throw Problem(status: 400, title: "model or since is missing in the form", exit: ExitCode.usage.rawValue)
        }
        let request = BaselineRequest(
            model: model,
            since: since,
            until: try PathParts.moment("until", of: call.fields, now: now) ?? now,
            reason: LiveFormRoutes.text("reason", of: call.fields, bytes: 500)
        )
        _ = try await plane.drift.setBaseline(request, by: call.caller)
        return pages.redirect(to: "/drift")
    }

    /// Makes the window of a report the reference of its model.
    private func accept(_ call: PageCall) async throws -> Response {
        let view = try await plane.drift.show(PathParts.identifier(call.text("drift")))
        guard let reason = LiveFormRoutes.text("reason", of: call.fields, bytes: 500) else {
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
        return pages.redirect(to: "/drift")
    }
}
