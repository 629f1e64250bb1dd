import ControlPlane
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// The forms of what happens after a promotion: label, answer again, freeze, note, close, lift a hold.
struct LiveFormRoutes {
    let plane: ControlPlane
    let pages: PageRenderer

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        let forms = self
        routes.visit(.post, "/requests/{request}/labels", .read) { try await forms.label($0) }
        routes.visit(.post, "/requests/{request}/replay", .read) { try await forms.replay($0) }
        routes.visit(.post, "/traffic", .publish) { try await forms.freeze($0) }
        routes.visit(.post, "/incidents/{incident}/notes", .deploy) { try await forms.note($0) }
        routes.visit(.post, "/incidents/{incident}/close", .deploy) { try await forms.close($0) }
        routes.visit(.get, "/models/{model}/channels/{channel}/resume", .deploy) { call in
            forms.pages.answer(try await forms.resumption(call))
        }
        routes.visit(.post, "/models/{model}/channels/{channel}/resume", .deploy) { try await forms.resume($0) }
    }

    private func label(_ call: PageCall) async throws -> Response {
        let id = try PathParts.request(call.text("request"))
        let request = LabelRequest(
            correct: try PathParts.flag("correct", of: call.fields),
            thumb: call.fields["thumb"],
            correction: LiveFormRoutes.text("correction", of: call.fields, bytes: 4000),
            comment: LiveFormRoutes.text("comment", of: call.fields, bytes: 2000)
        )
        _ = try await plane.traffic.requests.label(id, request, by: call.caller)
        return pages.redirect(to: Href.request(id))
    }

    /// Answers again and shows the comparison at once: a replay is not kept, so there is no page to lead on to.
    private func replay(_ call: PageCall) async throws -> Response {
        let reference = try call.fields["on"].map { try Reference($0) }
        let answer = try await plane.traffic.answering.replay(
            PathParts.request(call.text("request")),
            ReplayRequest(on: reference.map { ReleaseChoice(reference: $0) }),
            by: call.caller
        )
        return pages.answer(ReplayPage(answer, visit: call.visit))
    }

    private func freeze(_ call: PageCall) async throws -> Response {
        let fields = call.fields
        do {
            guard let name = try? Name(fields["name"] ?? "") else {
                throw ControlPlaneError(
                    .badRequest,
                    "\"\(fields["name"] ?? "")\" cannot name a set: small letters, digits, dot, dash and underscore"
                )
            }
            var terms: [String: String] = [:]
            terms["labelled"] = fields["labelled"]
            let request = FreezeRequest(
                model: try PathParts.name("model", of: fields),
                since: try PathParts.moment("since", of: fields, now: call.visit.now),
                filter: terms,
                sample: try PathParts.number("sample", of: fields),
                seed: try PathParts.number("seed", of: fields).map { UInt64($0) }
            )
            _ = try await plane.traffic.sets.freeze(name, request, by: call.caller)
            return pages.redirect(to: Href.traffic(name))
        } catch let error as ControlPlaneError where [.badRequest, .conflict].contains(error.kind) {
            let page = TrafficSetsPage(
                try await plane.traffic.sets.list(),
                capture: try await plane.traffic.requests.capture(),
                problem: error.description,
                fields: fields.values,
                visit: call.visit
            )
            return pages.answer(page, status: .unprocessableContent)
        }
    }

    private func note(_ call: PageCall) async throws -> Response {
        let id: IncidentID = try PathParts.identifier(call.text("incident"))
        guard let text = LiveFormRoutes.text("text", of: call.fields, bytes: 2000) else {
            return try await refused(id, "a note needs a text", call)
        }
        _ = try await plane.incidents.note(id, NoteRequest(text: text), by: call.caller)
        return pages.redirect(to: Href.incident(id))
    }

    private func close(_ call: PageCall) async throws -> Response {
        let id: IncidentID = try PathParts.identifier(call.text("incident"))
        guard let reason = LiveFormRoutes.text("reason", of: call.fields, bytes: 500) else {
            return try await refused(id, "closing an incident needs its cause", call)
        }
        _ = try await plane.incidents.close(id, ReasonRequest(reason: reason), by: call.caller)
        return pages.redirect(to: Href.incident(id))
    }

    private func refused(_ id: IncidentID, _ problem: String, _ call: PageCall) async throws -> Response {
        let page = IncidentPage(try await plane.incidents.show(id), problem: problem, visit: call.visit)
        return pages.answer(page, status: .unprocessableContent)
    }

    private func resumption(_ call: PageCall, problem: String? = nil) async throws -> ResumePage {
        let model = try call.name("model"), channel = try call.name("channel")
        return ResumePage(
            try await LivePageRoutes.hold(plane, model, channel),
            model: model,
            channel: channel,
            problem: problem,
            reason: call.fields["reason"] ?? "",
            visit: call.visit
        )
    }

    private func resume(_ call: PageCall) async throws -> Response {
        guard let reason = LiveFormRoutes.text("reason", of: call.fields, bytes: 500) else {
            let page = try await resumption(call, problem: "lifting a hold needs a reason")
            return pages.answer(page, status: .unprocessableContent)
        }
        let hold = try await plane.channels.resume(
            call.name("model"),
            call.name("channel"),
            ReasonRequest(reason: reason),
            by: call.caller
        )
        return pages.redirect(to: Href.model(hold.model))
    }

    /// A field as typed, at most so many bytes of it; nil when it says nothing.
    static func text(_ field: String, of fields: FieldList, bytes: Int) -> String? {
        guard let text = fields[field], text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return text.utf8.count <= bytes ? text : String(decoding: text.utf8.prefix(bytes), as: UTF8.self)
    }
}
