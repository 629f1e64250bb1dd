import ControlPlane
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Captured requests: looked at, labelled, answered again.
struct RequestRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer
    let now: @Sendable () -> Timestamp

    func register(in routes: inout Routes) throws {
        try registerAPI(&routes)
        registerPages(&routes)
    }

    private func registerAPI(_ routes: inout Routes) throws {
        let plane = plane, now = now, any = try AnyParts()
        routes.api(.get, APIPath.requests, .readRegistry) { call in
            try await plane.traffic.requests.list(RequestRoutes.query(call.query, now: now()))
        }
        routes.api(.get, APIPath.request(any.request), .readRegistry) { call in
            try await plane.traffic.requests.show(PathParts.request(call.text("request")))
        }
        routes.api(.post, APIPath.labels(any.request), .labelAnswer) { call in
            let id = try PathParts.request(call.text("request")), label = try await call.body(LabelRequest.self)
            guard label.request == nil || label.request == id else {
                throw PathParts.refused("the body is about another request than the address: leave its \"request\" out")
            }
            return try await plane.traffic.requests.label(id, label, by: call.caller)
        }
        routes.api(.post, APIPath.replay(any.request), .replayRequest) { call in
            try await plane.traffic.answering.replay(
                PathParts.request(call.text("request")),
                call.body(ReplayRequest.self),
                by: call.caller
            )
        }
    }

    private func registerPages(_ routes: inout Routes) {
        let plane = plane, requests = self
        routes.page(
            .requests,
            .readRegistry,
            load: { call in
                try await plane.traffic.requests.list(RequestRoutes.query(call.fields, now: call.context.now))
            }
        ) { page, call in
            let fields = call.fields
            let filter = RequestsPage.Filter(
                model: fields["model"],
                release: fields["release"],
                arm: fields["arm"],
                outcome: fields["outcome"],
                labelled: fields["labelled"],
                correct: fields["correct"],
                key: fields["key"],
                since: fields["since"]
            )
            return RequestsPage(page, filter: filter, context: call.context)
        }
        routes.page(
            .request,
            .readRegistry,
            load: { try await plane.traffic.requests.show(PathParts.request($0.text("request"))) }
        ) {
            CapturedRequestPage($0, context: $1.context)
        }
        routes.form(.labels, .labelAnswer) { try await requests.label($0) }
        routes.form(.replay, .replayRequest) { try await requests.replay($0) }
    }

    private func label(_ call: PageCall) async throws -> Response {
        let id = try PathParts.request(call.text("request"))
        let request = LabelRequest(
            correct: try PathParts.flag("correct", of: call.fields),
            thumb: call.fields["thumb"],
            correction: try PathParts.words("correction", of: call.fields, limitBytes: 16_000),
            comment: try PathParts.words("comment", of: call.fields)
        )
        _ = try await plane.traffic.requests.label(id, request, by: call.caller)
        return pages.redirect(to: .request(id))
    }

    /// Answers again and shows the comparison at once: a replay is not kept, so there is no page to lead on to.
    private func replay(_ call: PageCall) async throws -> Response {
        let reference = try call.fields["on"].map { try Reference($0) }
        let answer = try await plane.traffic.answering.replay(
            PathParts.request(call.text("request")),
            ReplayRequest(on: reference.map { ReleaseChoice(reference: $0) }),
            by: call.caller
        )
        return pages.answer(ReplayPage(answer, context: call.context))
    }

    /// The terms that narrow a list of requests, besides the model and the time.
    static let terms = [
        "release", "version", "channel", "arm", "source", "outcome", "key", "labelled", "correct", "liked", "valid",
    ]

    /// The fields that say which requests; empty ones narrow nothing.
    static func query(_ fields: FieldList, now: Timestamp) throws -> RequestQuery {
        var terms: [String: String] = [:]
        for term in RequestRoutes.terms { terms[term] = fields[term] }
        return RequestQuery(
            model: try PathParts.name("model", of: fields),
            since: try PathParts.moment("since", of: fields, now: now),
            until: try PathParts.moment("until", of: fields, now: now),
            terms: terms,
            before: try fields["before"].map { text in
                guard let id = try? RequestID(text) else {
                    throw PathParts.refused("before must be the id of a request")
                }
                return id
            },
            limit: try PathParts.limit(fields)
        )
    }
}
