import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// Equal content is the same prompt, the same version and the same release, however often and in whatever order it comes.
@Suite struct EqualContentTests {
    private static func source(_ demo: DemoPlane) throws -> String {
        try String(contentsOf: demo.folder.appending(path: "documents/prompt.yaml"), encoding: .utf8)
    }

    @Test func anOlderPromptIsFoundByPushAndApply() async throws {
        let demo = try await DemoPlane()
        let source = try Self.source(demo)
        let changed = source.replacingOccurrences(of: "Return one", with: "Give one")
        _ = try await demo.plane.registry.prompts.push(PromptPush(source: changed), by: DemoPlane.admin)
        let head = try await demo.head()
        for text in [source, source + "\n# a remark\n", changed] {
            let answer = try await demo.plane.registry.prompts.push(PromptPush(source: text), by: DemoPlane.admin)
            #expect(!answer.created && answer.prompt.id.number == (text == changed ? 2 : 1))
            let applied = try await demo.apply(text)
            #expect(applied.changes.map(\.action) == [.unchanged])
            #expect(applied.changes.map(\.revision) == [answer.prompt.id.number])
        }
        #expect(try await demo.head() == head)
    }

    /// A rejection stays with what was rejected, whatever it is called and however it is asked for.
    @Test func aReleaseIsFoundByItsContent() async throws {
        let demo = try await DemoPlane()
        let source = try Self.source(demo)
        let changed = source.replacingOccurrences(of: "Return one", with: "Give one")
        let releases = demo.plane.registry.releases
        func release(_ prompt: String?, _ set: [String: String] = [:]) async throws -> ReleaseRecord {
            let choice = ReleaseChoice(reference: try Reference("ticket-bot@1"), prompt: prompt, set: set)
            return try await releases.ledger.append(by: DemoPlane.admin) { state in
                let planned = try PlannedRelease(choice, in: state)
                return Change(planned.created) { try $0.requireRelease(planned.id) }
            }
            .answer
        }
        let first = try await release("triage@1")
        _ = try await demo.plane.registry.prompts.push(PromptPush(source: changed), by: DemoPlane.admin)
        #expect(try await release("triage").id != first.id)
        let back = try await demo.plane.registry.prompts.push(PromptPush(source: source), by: DemoPlane.admin)
        #expect(try await release(back.prompt.id.description).id == first.id)
        // What a log of before holds: the same words under another number.
        let again = PromptPushed(id: VersionID(back.prompt.id.name, 3), document: back.prompt.document, message: nil)
        _ = try await releases.ledger.append(by: DemoPlane.admin) { _ in Change([.promptPushed(again)], answer: true) }
        #expect(try await release("triage@3").id == first.id)
        // Settings that say what happens anyway change nothing.
        let usual = [
            "topP": "1", "minP": "0", "typicalP": "1", "repetitionPenalty": "1", "frequencyPenalty": "0",
            "presencePenalty": "0", "temperature": "\(first.content.decoding.temperature)",
        ]
        #expect(try await release("triage@1", usual).id == first.id)
        #expect(try await release("triage@1", ["topP": "0.5"]).id != first.id)
    }

    @Test func weightsAreOneVersionWhereverTheyComeFrom() async throws {
        let demo = try await DemoPlane()
        let files = try await [demo.demoFile("v3/model.gguf", .weights), demo.demoFile("v3/card.md", .card)]
        func publish(from number: Int?, method: String? = nil, dryRun: Bool = false) async throws -> PublishAnswer {
            let lineage = try number.map {
                Manifest.Lineage(from: VersionID(DemoPlane.model, $0), method: try method.map { try Name($0) })
            }
            return try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: Manifest(files: files, lineage: lineage), dryRun: dryRun),
                by: DemoPlane.admin
            )
        }
        let first = try await publish(from: nil)
        #expect(first.created && first.version.id.number == 2 && first.version.lineage == nil)
        #expect(try await !publish(from: nil).created)
        // Where it came from is added, once.
        let dry = try await publish(from: 1, method: "fine-tune", dryRun: true)
        #expect(!dry.created && dry.version.id.number == 2)
        let added = try await publish(from: 1, method: "fine-tune")
        #expect(!added.created && added.version.id.number == 2)
        #expect(added.version.lineage?.from.number == 1 && added.version.lineage?.method?.text == "fine-tune")
        let head = try await demo.head()
        #expect(try await publish(from: 1, method: "fine-tune").version == added.version)
        #expect(try await publish(from: nil).version == added.version)
        #expect(try await demo.plane.registry.models.version(first.version.id).version.lineage == added.version.lineage)
        let other = await expectError(.conflict) { try await publish(from: 1, method: "quantize") }
        #expect(other?.title.contains("comes from ticket-bot@1 (fine-tune)") == true)
        #expect(try await demo.head() == head)
    }

    /// A rejection holds for whatever runs the same: another wording of a prompt that says the same, settings that say what
    /// happens anyway, the same weights under another name. It ends with new evidence, and other content is free of it.
    @Test func aRejectionIsCarriedByWhatRuns() async throws {
        let demo = try await DemoPlane()
        let source = try Self.source(demo)
        _ = try await demo.publish("v2")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        _ = try await demo.rollback(reason: "complaints")
        func rejection(_ reference: String, _ prompt: String? = nil, _ set: [String: String] = [:]) async throws
            -> String?
        {
            let choice = ReleaseChoice(reference: try Reference(reference), prompt: prompt, set: set)
            let decision = try await demo.plane.channels.explain(
                ExplainRequest(release: choice, channel: DemoPlane.production),
                by: DemoPlane.admin
            )
            return decision.gates.first { $0.id.text == "rejected" }?.found
        }
        #expect(try await rejection("ticket-bot@2", "triage@1")?.contains("complaints") == true)

        // The same prompt in other words: a rule that holds anyway, a setting that is not the release's, another order.
        let same = [
            source + "clientSystem: refuse\n",
            source.replacingOccurrences(of: "name: triage", with: "name: other"),
            source.replacingOccurrences(of: "temperature: 0", with: "temperature: 0, topP: 1"),
            source.replacingOccurrences(of: "[intent, order, priority]", with: "[priority, order, intent]"),
        ]
        for text in same {
            let pushed = try await demo.plane.registry.prompts.push(PromptPush(source: text), by: DemoPlane.admin)
            #expect(pushed.created, "\(text)")
            let found = try await rejection("ticket-bot@2", pushed.prompt.id.description)
            #expect(found?.contains("runs the same") == true, "\(pushed.prompt.id): \(found ?? "none")")
        }
        // The same weights as another version.
        let weights = try Data(contentsOf: demo.folder.appending(path: "v2/model.gguf"))
        let copy = try await demo.publish([
            demo.file("renamed.gguf", .weights, weights), demo.demoFile("v2/card.md", .card),
        ])
        #expect(copy.created)
        #expect(try await rejection("\(copy.version.id)", "triage@1")?.contains("complaints") == true)
        #expect(try await rejection("\(copy.version.id)", "triage@1", ["topP": "1"])?.contains("complaints") == true)
        // What runs otherwise is not rejected.
        _ = try await demo.publish("v3")
        let other = source.replacingOccurrences(of: "Return one", with: "Give one")
        let pushed = try await demo.plane.registry.prompts.push(PromptPush(source: other), by: DemoPlane.admin)
        for (reference, prompt, set) in [
            ("ticket-bot@4", "triage@1", [:]), ("ticket-bot@2", pushed.prompt.id.description, [:]),
            ("ticket-bot@2", "triage@1", ["temperature": "1"]),
        ] as [(String, String, [String: String])] {
            #expect(try await rejection(reference, prompt, set) == nil, "\(reference) \(prompt) \(set)")
        }
    }

    @Test func aVersionDoesNotComeFromItself() async throws {
        let demo = try await DemoPlane()
        let base = try await demo.plane.registry.models.version(VersionID(DemoPlane.model, 1)).version
        let manifest = try Manifest(
            files: base.manifest.files,
            lineage: Manifest.Lineage(from: VersionID(DemoPlane.model, 1), method: nil)
        )
        await expectError(.conflict) {
            try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: manifest),
                by: DemoPlane.admin
            )
        }
    }
}
