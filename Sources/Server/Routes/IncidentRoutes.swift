import ControlPlane
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Incidents: looked at, remarked on, closed.
struct IncidentRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) {
        registerAPI(&routes)
        registerPages(&routes)
    }

    private func registerAPI(_ routes: inout Routes) {
        let plane = plane, incidents = self, incident = IncidentID(1)
        routes.api(.get, APIPath.incidents, .readRegistry) { call in
            try await incidents.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.api(.get, APIPath.incident(incident), .readRegistry) { call in
            try await plane.incidents.show(PathParts.identifier(call.text("incident")))
        }
        routes.api(.post, APIPath.incidentNotes(incident), .noteIncident) { call in
            try await plane.incidents.note(
                PathParts.identifier(call.text("incident")),
                call.body(NoteRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.closeIncident(incident), .closeIncident) { call in
            try await plane.incidents.close(
                PathParts.identifier(call.text("incident")),
                call.body(ReasonRequest.self),
                by: call.caller
            )
        }
    }

    private func registerPages(_ routes: inout Routes) {
        let plane = plane, incidents = self
        routes.page(.incidents, .readRegistry, load: { try await incidents.list($0.fields, limit: .usual) }) {
            IncidentsPage(
                $0,
                model: try PathParts.name("model", of: $1.fields),
                open: try PathParts.flag("open", of: $1.fields),
                context: $1.context
            )
        }
        routes.page(
            .incident,
            .readRegistry,
            load: { try await plane.incidents.show(PathParts.identifier($0.text("incident"))) }
        ) {
            IncidentPage($0, live: try await plane.overview.health(of: $0.row.model), context: $1.context)
        }
        routes.form(.incidentNotes, .noteIncident) { try await incidents.note($0) }
        routes.form(.closeIncident, .closeIncident) { try await incidents.close($0) }
    }

    /// Incidents, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<IncidentRow> {
        let model = try PathParts.name("model", of: fields), open = try PathParts.flag("open", of: fields)
        let before = try PathParts.number("before", of: fields)
        return try await .part(limit, number: \.id.number) {
            try await plane.incidents.list(model: model, open: open, before: before, limit: $0)
        }
    }

    private func note(_ call: PageCall) async throws -> Response {
        let id: IncidentID = try PathParts.identifier(call.text("incident"))
        guard let text = try PathParts.words("text", of: call.fields, limitBytes: 4000) else {
            return try await refused(id, "a note needs a text", call)
        }
        _ = try await plane.incidents.note(id, NoteRequest(text: text), by: call.caller)
        return pages.redirect(to: .incident(id))
    }

    private func close(_ call: PageCall) async throws -> Response {
        let id: IncidentID = try PathParts.identifier(call.text("incident"))
        guard let reason = try PathParts.words("reason", of: call.fields) else {
            return try await refused(id, "closing an incident needs its cause", call)
        }
        _ = try await plane.incidents.close(id, ReasonRequest(reason: reason), by: call.caller)
        return pages.redirect(to: .incident(id))
    }

    private func refused(_ id: IncidentID, _ problem: String, _ call: PageCall) async throws -> Response {
        let page = IncidentPage(try await plane.incidents.show(id), problem: problem, context: call.context)
        return pages.answer(page, status: .unprocessableContent)
    }
}
