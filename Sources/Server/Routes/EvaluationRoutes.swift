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
        routes.page(
            .evaluation,
            .readRegistry,
            load: { try await plane.experiments.evaluations.show($0.text("evaluation")) }
        ) {
            EvaluationPage($0, context: $1.context)
        }
    }
}
