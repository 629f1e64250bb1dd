import ControlPlane
import Digests
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Moves of channels: promote, roll back, lift a hold. In the browser a page says what will happen before a form does it.
struct ChannelRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) throws {
        try registerAPI(&routes)
        registerPages(&routes)
    }

    private func registerAPI(_ routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.post, APIPath.promote(any.name, any.name), .promote) { call in
            try await plane.channels.promote(
                call.name("model"),
                call.name("channel"),
                call.body(PromoteRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.rollback(any.name, any.name), .rollBack) { call in
            try await plane.channels.rollback(
                call.name("model"),
                call.name("channel"),
                call.body(RollbackRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.resume(any.name, any.name), .liftHold) { call in
            try await plane.channels.resume(
                call.name("model"),
                call.name("channel"),
                call.body(ReasonRequest.self),
                by: call.caller
            )
        }
    }

    private func registerPages(_ routes: inout Routes) {
        let channels = self, pages = pages
        routes.browser(.get, .promote, .promote) { pages.answer(try await channels.promotePage($0)) }
        routes.form(.promote, .promote) { try await channels.promote($0) }
        routes.browser(.get, .rollback, .rollBack) { pages.answer(try await channels.rollbackPage($0)) }
        routes.form(.rollback, .rollBack) { try await channels.rollback($0) }
        routes.browser(.get, .resume, .liftHold) { pages.answer(try await channels.resumePage($0)) }
        routes.form(.resume, .liftHold) { try await channels.resume($0) }
    }

    /// What a rollback would do, as a page that asks.
    private func rollbackPage(_ call: PageCall) async throws -> RollbackPage {
        let request = RollbackRequest(to: try PathParts.number("to", of: call.fields), dryRun: true)
        let answer = try await plane.channels.rollback(
            call.name("model"),
            call.name("channel"),
            request,
            by: call.caller
        )
        return RollbackPage(answer, to: request.to, key: try ChannelRoutes.freshKey(), context: call.context)
    }

    /// What a promotion would do, as a page that asks.
    private func promotePage(_ call: PageCall, problem: String? = nil) async throws -> PromotePage {
        let reference = try PathParts.reference("ref", of: call.fields)
        let answer = try await plane.channels.promote(
            call.name("model"),
            call.name("channel"),
            PromoteRequest(release: ReleaseChoice(reference: reference), dryRun: true),
            by: call.caller
        )
        return PromotePage(
            answer,
            reference: reference,
            key: try ChannelRoutes.freshKey(),
            problem: problem,
            reason: call.fields["reason"] ?? "",
            hold: try await ChannelRoutes.hold(plane, answer.model, answer.channel),
            context: call.context
        )
    }

    private func promote(_ call: PageCall) async throws -> Response {
        let isOverride = call.fields["override"] == "1"
        let reason = try PathParts.words("reason", of: call.fields)
        if isOverride, reason == nil {
            let page = try await promotePage(call, problem: "an override needs a reason")
            return pages.answer(page, status: .unprocessableContent)
        }
        let request = PromoteRequest(
            release: ReleaseChoice(reference: try PathParts.reference("ref", of: call.fields)),
            reason: reason,
            override: isOverride ? true : nil,
            expectedRelease: try PathParts.number("expected", of: call.fields),
            idempotencyKey: call.fields["key"]
        )
        let answer = try await plane.channels.promote(
            call.name("model"),
            call.name("channel"),
            request,
            by: call.caller
        )
        if answer.outcome == .refused, let decision = answer.decision {
            return pages.answer(DecisionPage(decision, isRefusal: true, context: call.context), status: .forbidden)
        }
        return pages.redirect(to: .model(answer.model))
    }

    private func rollback(_ call: PageCall) async throws -> Response {
        let request = RollbackRequest(
            to: try PathParts.number("to", of: call.fields),
            reason: try PathParts.words("reason", of: call.fields),
            expectedRelease: try PathParts.number("expected", of: call.fields),
            idempotencyKey: call.fields["key"]
        )
        let answer = try await plane.channels.rollback(
            call.name("model"),
            call.name("channel"),
            request,
            by: call.caller
        )
        return pages.redirect(to: .model(answer.model))
    }

    /// Why a hold is there, as a page that asks.
    private func resumePage(_ call: PageCall, problem: String? = nil) async throws -> ResumePage {
        let model = try call.name("model"), channel = try call.name("channel")
        return ResumePage(
            try await ChannelRoutes.hold(plane, model, channel),
            model: model,
            channel: channel,
            problem: problem,
            reason: call.fields["reason"] ?? "",
            context: call.context
        )
    }

    private func resume(_ call: PageCall) async throws -> Response {
        guard let reason = try PathParts.words("reason", of: call.fields) else {
            let page = try await resumePage(call, problem: "lifting a hold needs a reason")
            return pages.answer(page, status: .unprocessableContent)
        }
        let hold = try await plane.channels.resume(
            call.name("model"),
            call.name("channel"),
            ReasonRequest(reason: reason),
            by: call.caller
        )
        return pages.redirect(to: .model(hold.model))
    }

    /// The hold on a channel; nil when there is none.
    static func hold(_ plane: ControlPlane, _ model: Name, _ channel: Name) async throws -> HoldRow? {
        try await health(plane, model, channel)?.hold
    }

    /// How a channel does; nil when nothing is live there.
    static func health(_ plane: ControlPlane, _ model: Name, _ channel: Name) async throws -> HealthRow? {
        try await plane.overview.health(of: model).first { $0.channel == channel }
    }

    /// A key that makes a form that is sent twice move once.
    private static func freshKey() throws -> String {
        try "page-" + Digest(bytes: RandomBytes.make(count: 32)).hexadecimal.prefix(32)
    }
}
