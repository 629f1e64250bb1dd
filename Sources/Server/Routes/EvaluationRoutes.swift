import ControlPlane
import HTTPTypes
import Pages
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Evaluations, by their number or by the job that makes them.
struct EvaluationRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) {
        let plane = plane
        routes.api(.get, APIPath.evaluations, .readRegistry) { call in
            let query = call.query
            let model = try PathParts.name("model", of: query), before = try PathParts.number("before", of: query)
            return try await ListAnswer.part(PathParts.limit(query), number: \.id.number) {
                try await plane.experiments.evaluations.list(model: model, before: before, limit: $0)
            }
        }
        routes.api(.post, APIPath.evaluations, .runEvaluation) { call in
            try await plane.experiments.evaluations.start(call.body(EvaluationRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.evaluation("e-1"), .readRegistry) { call in
            try await plane.experiments.evaluations.show(call.text("evaluation"))
        }
        routes.api(.post, APIPath.cancelEvaluation(EvaluationID(1)), .cancelEvaluation) { call in
            try await plane.experiments.evaluations.cancel(
                PathParts.identifier(call.text("evaluation")),
                call.body(CancelRequest.self),
                by: call.caller
            )
        }
        routes.form(.cancelEvaluation, .cancelEvaluation) { [pages] call in
            let id: EvaluationID = try PathParts.identifier(call.text("evaluation"))
            _ = try await plane.experiments.evaluations.cancel(id, CancelRequest(), by: call.caller)
            return pages.redirect(to: .evaluation(id))
        }
        routes.page(
            .evaluation,
            .readRegistry,
            load: { try await plane.experiments.evaluations.show($0.text("evaluation")) }
        ) {
            EvaluationPage($0, context: $1.context)
        }
    }
}
