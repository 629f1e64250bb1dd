import ControlPlane
import Digests
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// The JSON API: one request, one call to the control plane, its value as the answer.
struct APIRoutes {
    let plane: ControlPlane

    /// The most entries of a list that one answer holds.
    static let maxItems = 500
    /// The entries of a list when none are asked for.
    static let items = 50

    /// Registers the addresses of ``APIPath``.
    func register(in routes: inout Routes) throws {
        try registerKeys(&routes)
        try registerModels(&routes)
        try registerDocuments(&routes)
        try registerWork(&routes)
        registerLog(&routes)
    }

    private func registerKeys(_ routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.get, APIPath.keys, .administer) { _ in ListAnswer(items: try await plane.access.keys()) }
        routes.api(.post, APIPath.keys, .administer) { call in
            try await plane.access.createKey(call.body(KeyRequest.self), by: call.caller)
        }
        routes.api(.post, APIPath.revokeKey(any.name), .administer) { call in
            try await plane.access.revokeKey(call.name("key"), by: call.caller)
        }
    }

    private func registerModels(_ routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.get, APIPath.models, .read) { _ in ListAnswer(items: try await plane.registry.models.list()) }
        routes.api(.get, APIPath.model(any.name), .read) { call in try await plane.registry.models.show(call.name("model")) }
        routes.api(.get, APIPath.versions(any.name), .read) { call in
            ListAnswer(items: try await plane.registry.models.versions(call.name("model")))
        }
        routes.api(.post, APIPath.versions(any.name), .publish) { call in
            try await plane.registry.publishing.publish(call.name("model"), call.body(PublishRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.version(any.version), .read) { call in
            try await plane.registry.models.version(VersionID(call.name("model"), call.number("number")))
        }
        routes.api(.get, APIPath.releases(any.name), .read) { call in
            ListAnswer(items: try await plane.registry.models.releases(call.name("model")))
        }
        routes.api(.get, APIPath.release(any.release), .read) { call in
            try await plane.registry.models.release(ReleaseID(call.name("model"), call.number("number")))
        }
        routes.api(.post, APIPath.promote(any.name, any.name), .deploy) { call in
            try await plane.channels.promote(
                call.name("model"),
                call.name("channel"),
                call.body(PromoteRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.rollback(any.name, any.name), .deploy) { call in
            try await plane.channels.rollback(
                call.name("model"),
                call.name("channel"),
                call.body(RollbackRequest.self),
                by: call.caller
            )
        }
        routes.api(.get, APIPath.resolve, .call) { call in
            try await plane.registry.releases.resolve(PathParts.reference("ref", of: call.query))
        }
        routes.api(.get, APIPath.difference, .read) { call in
            let query = call.query
            return try await plane.registry.models.difference(
                PathParts.reference("left", of: query),
                PathParts.reference("right", of: query)
            )
        }
        routes.api(.post, APIPath.chat, .call) { call in
            try await plane.traffic.answering.chat(call.body(ChatRequest.self), by: call.caller)
        }
    }

    private func registerDocuments(_ routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.get, APIPath.prompts, .read) { _ in ListAnswer(items: try await plane.registry.prompts.list()) }
        routes.api(.post, APIPath.prompts, .publish) { call in
            try await plane.registry.prompts.push(call.body(PromptPush.self), by: call.caller)
        }
        routes.api(.get, APIPath.prompt(any.name), .read) { call in try await plane.registry.prompts.show(call.name("prompt")) }
        routes.api(.get, APIPath.promptDiff(any.name), .read) { call in
            let (from, to) = try PathParts.range(call.query)
            return try await plane.registry.prompts.difference(call.name("prompt"), from: from, to: to)
        }
        // What a document of each kind needs is asked when it is known which would change.
        routes.api(.post, APIPath.apply, .publish) { call in
            try await plane.registry.documents.apply(call.body(ApplyRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.policies, .read) { _ in ListAnswer(items: try await plane.registry.documents.policies()) }
        routes.api(.get, APIPath.policy(any.name), .read) { call in try await plane.registry.documents.policy(call.name("policy")) }
        routes.api(.post, APIPath.explain, .read) { call in
            try await plane.channels.explain(call.body(ExplainRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.decisions, .read) { call in
            let query = call.query
            return ListAnswer(
                items: try await plane.channels.decisions(
                    model: PathParts.name("model", of: query),
                    limit: PathParts.limit(query)
                )
            )
        }
        routes.api(.get, APIPath.decision(DecisionID(1)), .read) { call in
            try await plane.channels.decision(PathParts.identifier(call.text("decision")))
        }
    }

    private func registerWork(_ routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.get, APIPath.trafficSets, .read) { _ in ListAnswer(items: try await plane.traffic.sets.list()) }
        routes.api(.get, APIPath.traffic(any.name), .read) { call in
            try await plane.traffic.sets.show(call.name("traffic"))
        }
        routes.api(.post, APIPath.traffic(any.name), .publish) { call in
            try await plane.traffic.sets.import(call.name("traffic"), call.body(TrafficImport.self), by: call.caller)
        }
        routes.api(.get, APIPath.evaluations, .read) { call in
            let query = call.query
            return ListAnswer(
                items: try await plane.experiments.evaluations.list(
                    model: PathParts.name("model", of: query),
                    limit: PathParts.limit(query)
                )
            )
        }
        routes.api(.post, APIPath.evaluations, .publish) { call in
            try await plane.experiments.evaluations.start(call.body(EvaluationRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.evaluation("e-1"), .read) { call in
            try await plane.experiments.evaluations.show(call.text("evaluation"))
        }
        routes.api(.get, APIPath.canaries, .read) { call in
            let query = call.query
            return try await Lists.canaries(
                plane,
                model: PathParts.name("model", of: query),
                before: PathParts.number("before", of: query),
                limit: PathParts.limit(query)
            )
        }
        routes.api(.post, APIPath.canaries, .publish) { call in
            try await plane.experiments.canaries.start(call.body(CanaryRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.canary(CanaryID(1)), .read) { call in
            try await plane.experiments.canaries.show(PathParts.identifier(call.text("canary")))
        }
    }

    private func registerLog(_ routes: inout Routes) {
        let plane = plane
        routes.api(.get, APIPath.status, .read) { _ in try await plane.overview.status() }
        routes.api(.get, APIPath.audit, .read) { call in
            let query = call.query
            return try await Lists.events(
                plane,
                before: PathParts.number("before", of: query),
                limit: PathParts.limit(query),
                kind: query["kind"],
                subject: query["subject"]
            )
        }
        routes.api(.get, APIPath.auditVerify, .read) { _ in try await plane.audit.verify() }
    }
}
