import ControlPlane
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// The pages: each shows what the API answers, and its JSON representation is that answer.
struct PageRoutes {
    let plane: ControlPlane
    let pages: PageRenderer

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        registerModels(&routes)
        registerPrompts(&routes)
        registerEvidence(&routes)
        registerPolicies(&routes)
    }

    private func registerModels(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.page("/", .read, load: { _ in try await plane.overview.status() }) { OverviewPage($0, visit: $1.visit) }
        routes.page("/models", .read, load: { _ in ListAnswer(items: try await plane.registry.models.list()) }) {
            ModelsPage($0.items, visit: $1.visit)
        }
        // One address for a model and for references into it: `/models/ticket-bot@production` leads on.
        routes.visit(.get, "/models/{model}", .read) { call in
            let text = try call.text("model")
            guard let name = try? Name(text) else {
                guard let reference = try? Reference(text) else { throw Problem(status: 404) }
                return pages.redirect(to: try await PageRoutes.target(of: reference, plane))
            }
            let model = try await plane.registry.models.show(name)
            if call.state.wantsJSON { return try JSONBody.answer(model) }
            let health = try await plane.overview.status().health
            let slos = try await plane.levels.list(model: name)
            return pages.answer(ModelPage(model, health: health, slos: slos, visit: call.visit))
        }
        routes.page(
            "/models/{model}/versions/{number}",
            .read,
            load: { call in try await plane.registry.models.version(VersionID(call.name("model"), call.number("number"))) }
        ) { VersionPage($0, visit: $1.visit) }
        routes.page(
            "/models/{model}/releases/{number}",
            .read,
            load: { call in try await plane.registry.models.release(ReleaseID(call.name("model"), call.number("number"))) }
        ) { ReleasePage($0, visit: $1.visit) }
    }

    /// The page of what a reference means now.
    private static func target(of reference: Reference, _ plane: ControlPlane) async throws -> String {
        switch reference.selector {
        case .version(let number): Href.version(VersionID(reference.model, number))
        case .release(let number): Href.release(ReleaseID(reference.model, number))
        case .live, .channel: Href.release(try await plane.registry.releases.resolve(reference).release)
        }
    }

    private func registerPrompts(_ routes: inout Routes) {
        let plane = plane
        routes.page("/prompts", .read, load: { _ in ListAnswer(items: try await plane.registry.prompts.list()) }) {
            PromptsPage($0.items, visit: $1.visit)
        }
        routes.page("/prompts/{prompt}", .read, load: { try await plane.registry.prompts.show($0.name("prompt")) }) {
            PromptPage($0, visit: $1.visit)
        }
        routes.page(
            "/prompts/{prompt}/diff",
            .read,
            load: { call in
                let (from, to) = try PathParts.range(call.fields)
                return try await plane.registry.prompts.difference(call.name("prompt"), from: from, to: to)
            }
        ) { PromptDiffPage($0, visit: $1.visit) }
    }

    private func registerEvidence(_ routes: inout Routes) {
        let plane = plane
        routes.page(
            "/canaries",
            .read,
            load: { call in
                try await Lists.canaries(
                    plane,
                    model: PathParts.name("model", of: call.fields),
                    before: PathParts.number("before", of: call.fields),
                    limit: APIRoutes.items
                )
            }
        ) { CanariesPage($0, model: try PathParts.name("model", of: $1.fields), visit: $1.visit) }
        routes.page(
            "/canaries/{canary}",
            .read,
            load: { try await plane.experiments.canaries.show(PathParts.identifier($0.text("canary"))) }
        ) { CanaryPage($0, visit: $1.visit) }
        routes.page(
            "/evaluations/{evaluation}",
            .read,
            load: { try await plane.experiments.evaluations.show($0.text("evaluation")) }
        ) { EvaluationPage($0, visit: $1.visit) }
        routes.page("/traffic/{traffic}", .read, load: { try await plane.traffic.sets.show($0.name("traffic")) }) {
            TrafficSetPage($0, visit: $1.visit)
        }
    }

    private func registerPolicies(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.page("/policies", .read, load: { _ in ListAnswer(items: try await plane.registry.documents.policies()) }) {
            PoliciesPage($0.items, visit: $1.visit)
        }
        routes.page("/policies/{policy}", .read, load: { try await plane.registry.documents.policy($0.name("policy")) }) {
            PolicyPage($0, visit: $1.visit)
        }
        routes.page(
            "/decisions/{decision}",
            .read,
            load: { try await plane.channels.decision(PathParts.identifier($0.text("decision"))) }
        ) { DecisionPage($0, visit: $1.visit) }
        routes.visit(.get, "/audit", .read) { call in
            let filter = AuditPage.Filter(kind: call.fields["kind"], subject: call.fields["subject"])
            let list = try await Lists.events(
                plane,
                before: PathParts.number("before", of: call.fields),
                limit: APIRoutes.items,
                kind: filter.kind,
                subject: filter.subject
            )
            if call.state.wantsJSON { return try JSONBody.answer(list) }
            let chain = call.fields["verify"] == nil ? nil : try await plane.audit.verify()
            return pages.answer(AuditPage(list, filter: filter, chain: chain, visit: call.visit))
        }
    }
}
