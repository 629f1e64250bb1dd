import ControlPlane
import HTTPTypes
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Policies and other documents, and the decisions made by them.
struct PolicyRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.post, APIPath.apply, .applyDocuments) { call in
            try await plane.registry.documents.apply(call.body(ApplyRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.policies, .readRegistry) { _ in
            ListAnswer(items: try await plane.registry.documents.policies())
        }
        routes.page(
            .policies,
            .readRegistry,
            load: { _ in ListAnswer(items: try await plane.registry.documents.policies()) }
        ) {
            PoliciesPage($0.items, context: $1.context)
        }
        routes.api(.get, APIPath.policy(any.name), .readRegistry) { call in
            try await plane.registry.documents.policy(call.name("policy"))
        }
        routes.page(.policy, .readRegistry, load: { try await plane.registry.documents.policy($0.name("policy")) }) {
            PolicyPage($0, context: $1.context)
        }
        routes.api(.post, APIPath.explain, .readRegistry) { call in
            try await plane.channels.explain(call.body(ExplainRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.decisions, .readRegistry) { call in
            let query = call.query
            let model = try PathParts.name("model", of: query), before = try PathParts.number("before", of: query)
            return try await ListAnswer.part(PathParts.limit(query), number: \.id.number) {
                try await plane.channels.decisions(model: model, before: before, limit: $0)
            }
        }
        routes.api(.get, APIPath.decision(DecisionID(1)), .readRegistry) { call in
            try await plane.channels.decision(PathParts.identifier(call.text("decision")))
        }
        routes.page(
            .decision,
            .readRegistry,
            load: { try await plane.channels.decision(PathParts.identifier($0.text("decision"))) }
        ) { DecisionPage($0, context: $1.context) }
    }
}
