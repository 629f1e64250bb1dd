import ControlPlane
import HTTPTypes
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Prompts and their versions.
struct PromptRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        routes.api(.get, APIPath.prompts, .readRegistry) { call in
            try await plane.registry.prompts.list(PathParts.part(call.query))
        }
        routes.api(.post, APIPath.prompts, .pushPrompt) { call in
            try await plane.registry.prompts.push(call.body(PromptPush.self), by: call.caller)
        }
        routes.api(.post, APIPath.render, .renderPrompt) { call in
            try await plane.registry.prompts.rendering.render(call.body(RenderRequest.self), by: call.caller)
        }
        routes.page(
            .prompts,
            .readRegistry,
            load: { try await plane.registry.prompts.list(PathParts.part($0.fields, limit: .usual)) }
        ) {
            PromptsPage($0, part: try PathParts.part($1.fields, limit: .usual), context: $1.context)
        }
        routes.api(.get, APIPath.prompt(any.name), .readRegistry) { call in
            try await plane.registry.prompts.show(
                call.name("prompt"),
                before: PathParts.number("before", of: call.query),
                limit: PathParts.limit(call.query)
            )
        }
        routes.page(
            .prompt,
            .readRegistry,
            load: { call in
                try await plane.registry.prompts.show(
                    call.name("prompt"),
                    before: PathParts.number("before", of: call.fields)
                )
            }
        ) { PromptPage($0, context: $1.context) }
        routes.api(.get, APIPath.promptDiff(any.name), .readRegistry) { call in
            let (from, to) = try PathParts.range(call.query)
            return try await plane.registry.prompts.difference(call.name("prompt"), from: from, to: to)
        }
        routes.page(
            .promptDiff,
            .readRegistry,
            load: { call in
                let (from, to) = try PathParts.range(call.fields)
                return try await plane.registry.prompts.difference(call.name("prompt"), from: from, to: to)
            }
        ) { PromptDiffPage($0, context: $1.context) }
    }
}
