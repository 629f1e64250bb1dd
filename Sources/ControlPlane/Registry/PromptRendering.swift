import Catalog
import Digests
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import UserDocuments
public import WireFormat
import Wording

/// Prompts as models read them, seen before anything runs.
public struct PromptRendering: Sendable {
    let ledger: Ledger
    let releases: LoadedReleases

    private struct Plan: Sendable {
        let version: VersionID
        let weights: WeightFiles
        let prompt: PromptDocument
        let pushed: VersionID?
    }

    /// The text and the tokens of a prompt for a model. Nothing is generated and nothing is kept.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `badRequest` for values that do not fit; `badData` when the model's
    ///   tokenizer or template does not take the prompt.
    public func render(_ request: RenderRequest, by caller: Caller) async throws -> RenderedText {
        try caller.require(.renderPrompt)
        let plan = try await ledger.read { try Self.plan(request, in: $0) }
        let variables = try Self.variables(request, for: plan.prompt)
        return try await render(plan, variables)
    }

    /// A prompt as the release of a channel reads it, with the name of each variable for its value; or why that cannot be
    /// said.
    func example(_ use: PromptUse, of name: Name) async -> PromptExample {
        let prompt = VersionID(name, use.version), channel = use.channel
        do {
            let release = try await ledger.read { state in
                try ReleasePlan(
                    state.requireRelease(ReleaseID(channel.model, channel.release)).content,
                    of: channel.model,
                    in: state
                )
            }
            let plan = Plan(
                version: release.version,
                weights: release.weights,
                prompt: release.prompt,
                pushed: prompt
            )
            return PromptExample(channel: channel, prompt: prompt, try await render(plan, Self.names(in: plan.prompt)))
        } catch let error as ControlPlaneError {
            let parts = [error.title, error.why].compactMap(\.self)
            return PromptExample(channel: channel, prompt: prompt, problem: parts.joined(separator: ": "))
        } catch {
            return PromptExample(channel: channel, prompt: prompt, problem: "\(error)")
        }
    }

    /// A value for each variable that says which one stands there, where that is not too long for it.
    private static func names(in prompt: PromptDocument) -> [String: String] {
        var values: [String: String] = [:]
        for variable in prompt.variables {
            let name = "{{\(variable.name)}}"
            values[variable.name] = variable.maxLength.map { name.count > $0 } == true ? "x" : name
        }
        return values
    }

    private func render(_ plan: Plan, _ variables: [String: String]) async throws -> RenderedText {
        let text = try await releases.text(of: plan.weights, plan.version)
        let time = ledger.now()
        do {
            let rendered = try PromptRenderer(plan.prompt, text).render(.variables(variables), at: time)
            return RenderedText(
                version: plan.version,
                prompt: plan.pushed,
                name: plan.prompt.name,
                format: plan.prompt.format,
                time: time,
                parts: rendered.segments.map { segment in
                    switch segment {
                    case .literal(let text): RenderedText.Part(text: text, isValue: false)
                    case .value(let text): RenderedText.Part(text: text, isValue: true)
                    }
                },
                tokens: rendered.tokens.map { token in
                    RenderedText.Token(
                        id: token,
                        bytes: text.bytes(of: token),
                        isSpecial: text.isSpecial(token)
                    )
                },
                contextLength: text.contextLength
            )
        } catch let error as PromptError {
            throw ControlPlaneError(
                .badRequest,
                "\(error)",
                next: plan.pushed.map { "\(.promptShow($0.name))" } ?? "give each variable: --var NAME=VALUE"
            )
        } catch let error as ReleaseRuntimeError {
            throw ControlPlaneError(
                error.isOfRequest ? .badRequest : .badData,
                "\(plan.pushed?.description ?? plan.prompt.name.text) cannot be rendered for \(plan.version)",
                why: "\(error)",
                next: "\(.versionShow(plan.version))"
            )
        }
    }

    /// How a prompt goes with the newest version of a model that can be loaded; of the only model when none is named.
    /// Nil where there is no such version, or more than one model.
    func fit(_ prompt: PromptRecord, model: Name?) async throws -> TemplateFit? {
        let version = try await ledger.read { state -> VersionRecord? in
            let models = try model.map { [$0] } ?? state.models(NamePart(limit: 2))
            guard models.count == 1, let only = models.first else { return nil }
            if model != nil { try state.requireModel(only) }
            return try state.newestLoadable(of: only)
        }
        guard let version, let weights = version.manifest.weights else { return nil }
        let text = try await releases.text(of: weights, version.id)
        return Self.fit(prompt, version.id, text)
    }

    /// How a prompt goes with a model file.
    static func fit(_ prompt: PromptRecord, _ version: VersionID, _ text: ModelText) -> TemplateFit {
        var problem: String?
        do { try PromptRenderer(prompt.document, text).check() } catch { problem = "\(error)" }
        return TemplateFit(
            version: version,
            prompt: prompt.id,
            format: prompt.document.format,
            differs: PromptRenderer.ownTemplateDiffers(prompt.document, text),
            problem: problem
        )
    }

    private static func plan(_ request: RenderRequest, in state: CatalogState) throws -> Plan {
        guard request.prompt == nil || request.source == nil else {
            throw ControlPlaneError(.badRequest, "a prompt is named and another one sent: send one of them")
        }
        let base: ReleaseContent?, version: VersionRecord
        if case .version(let number) = request.model.selector {
            version = try state.requireVersion(VersionID(request.model.model, number))
            base = nil
        } else {
            let release = try state.requireRelease(state.releaseID(of: request.model))
            version = try state.requireVersion(release.version)
            base = release.content
        }
        guard version.quarantined == nil, let weights = version.manifest.weights else {
            throw ControlPlaneError(
                .badData,
                "\(version.id) cannot be read",
                why: version.quarantined ?? "it holds no weights",
                next: "\(.versionShow(version.id))"
            )
        }
        if let source = request.source {
            let documents = try Documents.parse([SourceFile(name: "prompt.yaml", text: source)])
            guard documents.count == 1, case .prompt(let prompt) = documents[0].document else {
                throw ControlPlaneError(.badData, "the file is not one document of kind Prompt")
            }
            return Plan(version: version.id, weights: weights, prompt: prompt, pushed: nil)
        }
        let record: PromptRecord
        if let text = request.prompt {
            record = try state.requirePrompt(state.promptVersion(text))
        } else if let base {
            record = try state.requirePrompt(base.prompt)
        } else {
            record = try state.onlyPrompt(for: version.id)
        }
        return Plan(version: version.id, weights: weights, prompt: record.document, pushed: record.id)
    }

    /// The values of the variables: as given, or the text as the value of the only required one.
    private static func variables(_ request: RenderRequest, for prompt: PromptDocument) throws -> [String: String] {
        guard let text = request.text else { return request.variables }
        return try Answering.variables(request.variables, and: text, for: prompt)
    }
}
