import ControlPlane
import Digests
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// Promote and roll back in the browser: a page that says what will happen, then a form that does it.
struct MoveRoutes {
    let plane: ControlPlane
    let pages: PageRenderer

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        let moves = self
        routes.visit(.get, "/models/{model}/channels/{channel}/promote", .deploy) { call in
            pages.answer(try await moves.promotion(call))
        }
        routes.visit(.post, "/models/{model}/channels/{channel}/promote", .deploy) { call in
            try await moves.promote(call)
        }
        routes.visit(.get, "/models/{model}/channels/{channel}/rollback", .deploy) { call in
            let request = RollbackRequest(to: try PathParts.number("to", of: call.fields), dryRun: true)
            let answer = try await moves.plane.channels.rollback(
                call.name("model"),
                call.name("channel"),
                request,
                by: call.caller
            )
            let page = RollbackPage(answer, to: request.to, key: try MoveRoutes.freshKey(), visit: call.visit)
            return pages.answer(page)
        }
        routes.visit(.post, "/models/{model}/channels/{channel}/rollback", .deploy) { call in
            try await moves.rollback(call)
        }
    }

    /// What a promotion would do, as a page that asks.
    private func promotion(_ call: PageCall, problem: String? = nil) async throws -> PromotePage {
        let reference = try PathParts.reference("ref", of: call.fields)
        let answer = try await plane.channels.promote(
            call.name("model"),
            call.name("channel"),
            PromoteRequest(release: ReleaseChoice(reference: reference), dryRun: true),
            by: call.caller
        )
        return PromotePage(
            answer,
            reference: reference.description,
            key: try MoveRoutes.freshKey(),
            problem: problem,
            reason: call.fields["reason"] ?? "",
            hold: try await LivePageRoutes.hold(plane, answer.model, answer.channel),
            visit: call.visit
        )
    }

    private func promote(_ call: PageCall) async throws -> Response {
        let isOverride = call.fields["override"] == "1"
        let reason = MoveRoutes.reason(call.fields)
        if isOverride, reason == nil {
            let page = try await promotion(call, problem: "an override needs a reason")
            return pages.answer(page, status: .unprocessableContent)
        }
        let request = PromoteRequest(
            release: ReleaseChoice(reference: try PathParts.reference("ref", of: call.fields)),
            reason: reason,
            override: isOverride ? true : nil,
            expectedRelease: try PathParts.number("expected", of: call.fields),
            idempotencyKey: call.fields["key"]
        )
        let answer = try await plane.channels.promote(call.name("model"), call.name("channel"), request, by: call.caller)
        if answer.outcome == .refused, let decision = answer.decision {
            return pages.answer(DecisionPage(decision, isRefusal: true, visit: call.visit), status: .forbidden)
        }
        return pages.redirect(to: Href.model(answer.model))
    }

    private func rollback(_ call: PageCall) async throws -> Response {
        let request = RollbackRequest(
            to: try PathParts.number("to", of: call.fields),
            reason: MoveRoutes.reason(call.fields),
            expectedRelease: try PathParts.number("expected", of: call.fields),
            idempotencyKey: call.fields["key"]
        )
        let answer = try await plane.channels.rollback(call.name("model"), call.name("channel"), request, by: call.caller)
        return pages.redirect(to: Href.model(answer.model))
    }

    /// The reason as typed; nil when it says nothing.
    private static func reason(_ fields: FieldList) -> String? {
        let reason = fields["reason"].map { String($0.prefix(500)) }
        return reason.flatMap { $0.utf8.contains { $0 > 0x20 } ? $0 : nil }
    }

    /// A key that makes a form that is sent twice move once.
    private static func freshKey() throws -> String {
        try "page-" + Digest(bytes: RandomBytes.make(count: 32)).hexadecimal.prefix(32)
    }
}
