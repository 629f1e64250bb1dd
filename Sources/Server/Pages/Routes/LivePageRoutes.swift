import ControlPlane
import Hummingbird
import RegistryTypes
import WireFormat

/// The pages of what happens after a promotion: each shows what the API answers, and its JSON representation is that answer.
struct LivePageRoutes {
    let plane: ControlPlane
    let pages: PageRenderer

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        registerRequests(&routes)
        registerLevels(&routes)
        registerRollouts(&routes)
    }

    private func registerRequests(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.page(
            "/requests",
            .read,
            load: { call in try await plane.traffic.requests.list(PathParts.requests(call.fields, now: call.visit.now)) }
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
            return RequestsPage(page, filter: filter, visit: call.visit)
        }
        routes.page(
            "/requests/{request}",
            .read,
            load: { try await plane.traffic.requests.show(PathParts.request($0.text("request"))) }
        ) { CapturedRequestPage($0, visit: $1.visit) }
        // The twin is the list of sets, as before; the captured days are at /api/v1/capture.
        routes.visit(.get, "/traffic", .read) { call in
            let sets = try await plane.traffic.sets.list()
            if call.state.wantsJSON { return try JSONBody.answer(ListAnswer(items: sets)) }
            return pages.answer(TrafficSetsPage(sets, capture: try await plane.traffic.requests.capture(), visit: call.visit))
        }
    }

    private func registerLevels(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.page("/oncall", .read, load: { _ in try await plane.overview.onCall() }) { OnCallPage($0, visit: $1.visit) }
        routes.page(
            "/slos",
            .read,
            load: { ListAnswer(items: try await plane.levels.list(model: PathParts.name("model", of: $0.fields))) }
        ) { SLOsPage($0.items, model: try PathParts.name("model", of: $1.fields), visit: $1.visit) }
        routes.page(
            "/slos/{slo}",
            .read,
            load: { try await plane.levels.show($0.name("slo"), model: PathParts.name("model", of: $0.fields)) }
        ) { SLOPage($0, visit: $1.visit) }
        routes.page(
            "/incidents",
            .read,
            load: { call in
                try await Lists.incidents(
                    plane,
                    model: PathParts.name("model", of: call.fields),
                    open: PathParts.flag("open", of: call.fields),
                    before: PathParts.number("before", of: call.fields),
                    limit: APIRoutes.items
                )
            }
        ) { list, call in
            IncidentsPage(
                list,
                model: try PathParts.name("model", of: call.fields),
                open: try PathParts.flag("open", of: call.fields),
                visit: call.visit
            )
        }
        routes.visit(.get, "/incidents/{incident}", .read) { call in
            let view = try await plane.incidents.show(PathParts.identifier(call.text("incident")))
            if call.state.wantsJSON { return try JSONBody.answer(view) }
            let live = try await plane.overview.status().health
            return pages.answer(IncidentPage(view, live: live, visit: call.visit))
        }
    }

    private func registerRollouts(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.visit(.get, "/rollouts", .read) { call in
            let model = try PathParts.name("model", of: call.fields)
            let list = try await Lists.rollouts(
                plane,
                model: model,
                before: PathParts.number("before", of: call.fields),
                limit: APIRoutes.items
            )
            if call.state.wantsJSON { return try JSONBody.answer(list) }
            let holds = try await plane.overview.status().health.compactMap(\.hold).filter { model == nil || $0.model == model }
            return pages.answer(RolloutsPage(list, model: model, holds: holds, visit: call.visit))
        }
        routes.visit(.get, "/rollouts/{rollout}", .read) { call in
            let view = try await plane.rollouts.show(PathParts.identifier(call.text("rollout")))
            if call.state.wantsJSON { return try JSONBody.answer(view) }
            let hold = try await LivePageRoutes.hold(plane, view.row.model, view.row.channel)
            let own = hold?.rollout == view.row.id ? hold : nil
            return pages.answer(RolloutPage(view, hold: own, visit: call.visit))
        }
    }

    /// The hold on a channel; nil when there is none.
    static func hold(_ plane: ControlPlane, _ model: Name, _ channel: Name) async throws -> HoldRow? {
        try await plane.overview.status().health.compactMap(\.hold).first { $0.model == model && $0.channel == channel }
    }
}
