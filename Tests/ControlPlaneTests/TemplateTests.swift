import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import UserDocuments
import WireFormat

@testable import ControlPlane

/// Chat templates of model files, from publishing to the answer.
@Suite(.needsDemo) struct TemplateTests {
    private static let other = DemoPlane.known("own-bot")

    /// A version of a model of its own whose file has `template`; and of the demo's model, where nothing else is said.
    private static func publish(
        _ template: String,
        in demo: DemoPlane,
        model: Name = other
    ) async throws -> PublishAnswer {
        let file = try await demo.file("model.gguf", .weights, ModelFiles.bytes(template: template))
        return try await demo.publish([file], model: model)
    }

    private static func source(_ format: String, system: String = "") -> String {
        let first = system.isEmpty ? "" : "  - { role: system, text: \"\(system)\" }\n"
        return """
            apiVersion: serin/v1
            kind: Prompt
            name: own
            format: \(format)
            messages:
            \(first)  - { role: user, text: "{{ticket}}" }
            variables: { ticket: {} }

            """
    }

    private static func push(_ source: String, in demo: DemoPlane, model: Name? = other) async throws -> PromptAnswer {
        let push = PromptPush(source: source, model: model)
        return try await demo.plane.registry.prompts.push(push, by: DemoPlane.admin)
    }

    @Test func publishingSaysWhatTheTemplateDoesAndWhetherThePromptIsWrittenSo() async throws {
        let demo = try await DemoPlane()
        let answer = try await Self.publish(ModelFiles.template, in: demo, model: DemoPlane.model)
        let template = try #require(answer.version.facts?.template)
        #expect(template.problem == nil)
        #expect(template.roles == ["system", "user", "assistant", "tool"])
        #expect(template.defaultSystemMessage == "Be good.")
        #expect(!template.listsTools)
        #expect(answer.fit?.format == .chatml)
        #expect(answer.fit?.differs == true)
        #expect(answer.fit?.problem == nil)
        let plain = try await demo.publish("v3")
        #expect(plain.version.facts?.template?.problem?.contains("no chat template") == true)
        #expect(plain.fit?.differs == nil)
    }

    @Test func aPushSaysHowThePromptGoesWithTheModel() async throws {
        let demo = try await DemoPlane()
        let version = try await Self.publish(ModelFiles.template, in: demo).version.id
        let chatml = try await Self.push(Self.source("chatml"), in: demo)
        #expect(chatml.fit?.version == version)
        #expect(chatml.fit?.differs == true)
        let own = try await Self.push(Self.source("model"), in: demo)
        #expect(own.fit?.differs == false)
        #expect(own.fit?.problem == nil)
        // Two models, and none is named; one without a template.
        #expect(try await Self.push(Self.source("raw"), in: demo, model: nil).fit == nil)
        let without = try await Self.push(Self.source("model"), in: demo, model: DemoPlane.model)
        #expect(without.fit?.problem?.contains("no chat template") == true)
        await expectError(.notFound) { try await Self.push(Self.source("raw"), in: demo, model: DemoPlane.known("x")) }
    }

    @Test func whatAModelWouldReadIsSeenBeforeAnythingRuns() async throws {
        let demo = try await DemoPlane()
        let version = try await Self.publish(ModelFiles.template, in: demo).version.id
        let reference = Reference(model: Self.other, selector: .version(version.number))
        let rendering = demo.plane.registry.prompts.rendering
        let head = try await demo.head()
        let rendered = try await rendering.render(
            RenderRequest(model: reference, source: Self.source("model"), text: "<|im_end|>"),
            by: Caller(name: DemoPlane.known("reader"), role: .reader)
        )
        #expect(rendered.prompt == nil)
        #expect(rendered.parts.filter(\.isValue).map(\.text) == ["<|im_end|>"])
        #expect(rendered.tokens.flatMap(\.bytes) == Array(rendered.text.utf8))
        #expect(rendered.tokens.filter(\.isSpecial).count == 5)
        #expect(rendered.count == rendered.ids.count)
        #expect(try await demo.head() == head)
        await expectError(.notAllowed) {
            try await rendering.render(
                RenderRequest(model: reference, source: Self.source("model"), text: "x"),
                by: Caller(name: DemoPlane.known("app"), role: .caller)
            )
        }
        await expectError(.badRequest) {
            try await rendering.render(RenderRequest(model: reference, source: Self.source("raw")), by: DemoPlane.admin)
        }
        await expectError(.badRequest) {
            let request = RenderRequest(model: reference, prompt: "own", source: Self.source("raw"), text: "x")
            return try await rendering.render(request, by: DemoPlane.admin)
        }
        await expectError(.badData, "llama-3 has no tokens here") {
            let request = RenderRequest(model: reference, source: Self.source("llama-3"), text: "x")
            return try await rendering.render(request, by: DemoPlane.admin)
        }
    }

    /// What cannot be rendered is refused before a channel moves, with the prompt, the version and the reason.
    @Test(arguments: [
        ("{{ raise_exception('never') }}", ""), ("{% for x in y %}", ""),
        ("{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}x", "S"),
        ("{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}", "S"),
    ])
    func whatATemplateCannotWriteIsNotPromoted(_ template: String, _ system: String) async throws {
        let demo = try await DemoPlane()
        let version = try await Self.publish(template, in: demo).version.id
        let pushed = try await Self.push(Self.source("model", system: system), in: demo)
        #expect(pushed.fit?.problem != nil)
        let choice = ReleaseChoice(
            reference: Reference(model: Self.other, selector: .version(version.number)),
            prompt: pushed.prompt.id.description
        )
        await #expect {
            try await demo.plane.traffic.answering.chat(
                ChatRequest(release: choice, variables: ["ticket": "Hi"]),
                by: DemoPlane.admin
            )
        } throws: { error in
            let error = error as? ControlPlaneError
            return error?.title == "\(version) cannot serve with \(pushed.prompt.id)" && error?.why != nil
        }
    }

    @Test func aReleaseInTheFilesOwnTemplateAnswers() async throws {
        let demo = try await DemoPlane()
        let version = try await Self.publish(ModelFiles.template, in: demo).version.id
        let pushed = try await Self.push(Self.source("model"), in: demo)
        let answer = try await demo.plane.traffic.answering.chat(
            ChatRequest(
                release: ReleaseChoice(
                    reference: Reference(model: Self.other, selector: .version(version.number)),
                    prompt: pushed.prompt.id.description
                ),
                variables: ["ticket": "Where is my parcel? Order 48213."]
            ),
            by: DemoPlane.admin
        )
        #expect(answer.version == version)
        #expect(answer.promptTokens > 0)
    }
}
