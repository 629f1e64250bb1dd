import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import UserDocuments
public import WireFormat

/// One request to a release, as `serin chat` makes it.
extension ControlPlane {
    /// Answers one request.
    ///
    /// - Throws: ``ControlPlaneError``: nothing live, a missing or unknown variable, a prompt that is too long.
    public func chat(_ request: ChatRequest, by caller: Caller) async throws -> ChatAnswer {
        try caller.require(.call, to: "call models")
        let model = request.release.reference.model
        let isPlain = request.release.prompt == nil && (request.release.set ?? [:]).isEmpty
        let (content, id) = try await read { state -> (ReleaseContent, ReleaseID) in
            if isPlain, let id = try? Self.releaseID(of: request.release.reference, in: state) {
                return (try Self.requireRelease(id, in: state).content, id)
            }
            let content = try Self.content(of: request.release, in: state)
            // A release that was never made has no number; it is answered all the same, as the next one.
            return (content, try Self.release(model, with: content, in: state).id)
        }
        let plan = try await plan(content, of: model)
        let variables = try Self.variables(of: request, for: plan.prompt)
        let engine = try await releases.serving(plan).engine
        let answer: Answer
        do {
            answer = try await engine.answer(
                AnswerRequest(
                    prompt: plan.prompt,
                    input: .variables(variables),
                    decoding: content.decoding,
                    seed: request.seed ?? 0
                )
            )
        } catch let error as PromptError {
            throw ControlPlaneError(.badRequest, "\(error)", next: "serin prompt show \(plan.prompt.name)")
        } catch let error as ReleaseRuntimeError where error.isOfRequest {
            throw ControlPlaneError(.badRequest, "\(error)")
        } catch {
            if Task.isCancelled { throw error }
            throw ControlPlaneError(.unavailable, "\(plan.version) cannot answer", why: "\(error)")
        }
        return ChatAnswer(
            text: answer.text,
            finish: answer.finish.rawValue,
            release: id,
            version: plan.version,
            prompt: content.prompt,
            promptTokens: answer.promptTokens,
            outputTokens: answer.outputTokens,
            firstTokenSeconds: answer.firstTokenSeconds,
            perTokenSeconds: answer.perTokenSeconds,
            totalSeconds: answer.totalSeconds,
            problems: plan.prompt.output?.problems(in: answer.text) ?? []
        )
    }

    /// The values of the variables: as given, or the text as the value of the only required one.
    private static func variables(of request: ChatRequest, for prompt: PromptDocument) throws -> [String: String] {
        guard let text = request.text else { return request.variables }
        let required = prompt.variables.filter(\.isRequired).map(\.name)
        guard required.count == 1, request.variables[required[0]] == nil else {
            throw ControlPlaneError(
                .badRequest,
                "prompt \(prompt.name) does not take a single text",
                why: "its required variables are: " + (required.isEmpty ? "none" : required.joined(separator: ", ")),
                next: "name them: --var \(required.first ?? "NAME")=VALUE"
            )
        }
        return request.variables.merging([required[0]: text]) { $1 }
    }
}
