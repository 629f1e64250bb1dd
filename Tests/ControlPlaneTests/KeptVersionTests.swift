import Digests
import Foundation
import GGUF
import Gateway
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import UserDocuments
import WireFormat
import Wording

@testable import ControlPlane

/// The registry keeps what the engine cannot run: stored, listed and compared, run by nothing, and released only where a
/// policy says so.
@Suite struct KeptVersionTests {
    /// The demo's model under the name of another architecture.
    private static func mamba(_ demo: DemoPlane) async throws -> ArtifactFile {
        var bytes = try Data(contentsOf: demo.folder.appending(path: "v3/model.gguf"))
        let name = try #require(bytes.firstRange(of: Data("llama".utf8)))
        bytes.replaceSubrange(name, with: Data("mamba".utf8))
        return try await demo.file("model.gguf", .weights, bytes)
    }

    /// A safetensors file of one tensor.
    private static func safetensors(_ name: String, rows: Int = 2) -> Data {
        let header = #"{"\#(name)":{"dtype":"BF16","shape":[\#(rows),4],"data_offsets":[0,\#(rows * 8)]}}"#
        var bytes = Data()
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.utf8.count >> (8 * shift))) }
        return bytes + Data(header.utf8) + Data(count: rows * 8)
    }

    private static let policy = """
        apiVersion: serin/v1
        kind: Policy
        name: elsewhere
        for: { channel: staging, models: [ticket-bot] }
        gates:
          - { id: card, type: card, level: advisory }
        releaseWithoutEngine: allow
        """

    @Test func everythingIsKeptWithItsReasonsAndFacts() async throws {
        let demo = try await DemoPlane()
        let other = try await demo.publish([Self.mamba(demo)])
        #expect(other.created && other.version.smoke == nil && !other.version.isLoadable)
        let reasons = try #require(other.version.cannotRun?.reasons)
        #expect(reasons.contains { $0.contains("architecture mamba is not supported") })
        let header = try #require(other.version.cannotRun?.header)
        #expect(header.architecture == "mamba" && header.format == .gguf && !header.precision.isEmpty)
        let v3 = try GGUFSummary(GGUFFile(path: demo.folder.appending(path: "v3/model.gguf").path))
        #expect(header.parameterCount == v3.parameterCount && header.tensorTypes == v3.tensorTypes)

        let split = try await demo.publish([
            demo.file("m-00001-of-00002.safetensors", .safetensors, Self.safetensors("a")),
            demo.file("m-00002-of-00002.safetensors", .safetensors, Self.safetensors("b", rows: 3)),
        ])
        #expect(split.version.cannotRun?.reasons == ["its weights are safetensors; the engine loads GGUF"])
        #expect(split.version.cannotRun?.header?.parameterCount == 20)
        #expect(split.version.cannotRun?.header?.shapes == ["2 × 4": 1, "3 × 4": 1])
        await expectError(.badData, "the same tensor in two files") {
            try await demo.publish([
                demo.file("m-00001-of-00002.safetensors", .safetensors, Self.safetensors("a")),
                demo.file("m-00002-of-00002.safetensors", .safetensors, Self.safetensors("a", rows: 3)),
            ])
        }
        let newer = try await demo.publish([
            demo.file("model.gguf", .weights, Data("GGUF".utf8) + Data([9, 0, 0, 0]) + Data(count: 100))
        ])
        #expect(newer.version.cannotRun?.reasons == ["GGUF version 9 is not supported; supported: 2, 3"])
        #expect(newer.version.cannotRun?.header == nil)
        let notes = try await demo.publish([demo.file("notes.bin", .opaque, Data("notes".utf8))])
        #expect(notes.version.facts == nil && notes.version.smoke == nil)
        #expect(notes.version.obstacles == [CannotRun.noWeights])

        let versions = try await demo.plane.registry.models.versions(DemoPlane.model).items
        #expect(versions.map { !$0.obstacles.isEmpty } == [true, true, true, true, false])
        let difference = try await demo.plane.registry.models.difference(
            Reference("ticket-bot@1"),
            Reference("ticket-bot@2")
        )
        #expect(difference.rows.contains { $0.field == "cannot be run here" && $0.left == nil && $0.right != nil })
    }

    @Test func nothingRunsItAndEveryRefusalSaysWhy() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish([Self.mamba(demo)])
        let choice = try DemoPlane.choice("ticket-bot@2")
        let plane = demo.plane
        let refusals = [
            await expectError(.badData, "a canary") {
                _ = try await plane.experiments.canaries.start(CanaryRequest(release: choice), by: DemoPlane.admin)
            },
            await expectError(.badData, "an evaluation") {
                let request = EvaluationRequest(release: choice, suite: DemoPlane.known("golden"))
                _ = try await plane.experiments.evaluations.start(request, by: DemoPlane.admin)
            },
            await expectError(.badData, "a chat") {
                let request = ChatRequest(release: choice, variables: [:], text: "hello")
                _ = try await plane.traffic.answering.chat(request, by: DemoPlane.admin)
            },
        ]
        // With every reason too, where weights are only read.
        let readings = plane.traffic.readings
        let asked = try await readings.start(
            ReadingRequest(baseline: Reference("ticket-bot@2"), text: "a ticket"),
            by: DemoPlane.admin
        )
        try await eventually("the reading ends") { try await readings.show(asked.id).isOver }
        let problem = try await readings.show(asked.id).problem
        #expect(
            problem?.title == "ticket-bot@2 cannot be run here" && problem?.next == "serin version show ticket-bot@2"
        )
        for error in refusals {
            #expect(error?.title == "ticket-bot@2 cannot be run here")
            #expect(error?.why?.contains("architecture mamba is not supported") == true)
        }
        // Whatever a person says: no policy that ships allows it, and a mandatory gate is past no override.
        let answer = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        #expect(answer.outcome == .refused)
        let decision = try #require(answer.decision)
        let engine = try #require(decision.gates.first { $0.type == "engine" })
        #expect(
            engine.blocks && engine.found.contains("mamba") && engine.remedy?.contains("releaseWithoutEngine") == true
        )
        let smoke = try #require(decision.gates.first { $0.type == "smoke" })
        #expect(smoke.blocks && smoke.state == .unknown && smoke.found.contains("never loaded"))
        #expect(try await demo.live() == 1)
    }

    @Test func aPolicyMayAllowAReleaseWithoutAnEngine() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish([Self.mamba(demo)])
        await expectError(.badData, "a canary comes after the policy too") {
            try await demo.plane.experiments.canaries.start(
                CanaryRequest(release: DemoPlane.choice("ticket-bot@2")),
                by: DemoPlane.admin
            )
        }
        #expect(try await demo.promote("ticket-bot@2", to: "staging", reason: "now").outcome == .refused)
        _ = try await demo.apply(Self.policy)
        let answer = try await demo.promote("ticket-bot@2", to: "staging", reason: "served elsewhere")
        #expect(answer.outcome == .moved)
        let engine = try #require(answer.decision?.gates.first { $0.type == "engine" })
        #expect(engine.state == .pass && engine.found.contains("nothing here loads it or answers with it"))
        #expect(!(answer.decision?.gates.contains { $0.type == "smoke" } ?? true))
        // What it points to is known, nothing answers with it, and what is live elsewhere goes on.
        #expect(try await demo.plane.registry.releases.resolve(Reference("ticket-bot@staging")).version.number == 2)
        let error = await expectError(.badData) {
            try await demo.plane.traffic.answering.chat(
                ChatRequest(release: DemoPlane.choice("ticket-bot@staging"), variables: [:], text: "hello"),
                by: DemoPlane.admin
            )
        }
        #expect(error?.title == "ticket-bot@2 cannot be run here")
        try await expectNothingOffersIt(demo)
        #expect(try await demo.live() == 1)
        // A restart finds it as it was, and so does a replay of the log.
        try await demo.plane.close()
        let again = try await DemoPlane(ScratchFolder(copying: demo.folder))
        #expect(try await again.plane.registry.releases.resolve(Reference("ticket-bot@staging")).version.number == 2)
        #expect(try await again.live() == 1)
        // Production's own policy stands.
        #expect(try await again.promote("ticket-bot@2", reason: "now", override: true).outcome == .refused)
    }

    /// A version that nothing here runs, live in staging: not listed, refused once and for all, and production as it was.
    private func expectNothingOffersIt(_ demo: DemoPlane) async throws {
        #expect(demo.plane.gateway.models.map(\.id) == ["ticket-bot"])
        for (reference, code) in [("ticket-bot@staging", "no_engine"), ("ticket-bot@r2", "no_engine")] {
            let body = #"{"model": "\#(reference)", "messages": [{"role": "user", "content": "x"}]}"#
            let call = GatewayCall(
                id: RequestID(time: Timestamp(milliseconds: 0), random: (1, 1)),
                key: DemoPlane.known("app"),
                capture: .off
            )
            let refused = await #expect(throws: GatewayError.self) {
                try await demo.plane.gateway.chat(Array(body.utf8), call)
            }
            #expect(refused.map { ErrorAnswer($0).code } == code, "\(reference)")
        }
        // Production reads the prompt as its release does; where only what nothing here runs uses it, that is said.
        let prompts = demo.plane.registry.prompts
        let example = try #require(try await prompts.show(DemoPlane.known("triage")).example)
        #expect(example.channel.channel.text == "production" && example.problem == nil)
        #expect(example.runs.contains { !$0.isSpecial && $0.text.contains("{{ticket}}") })
        #expect(
            example.runs.filter(\.isSpecial).count >= 4 && example.count ?? 0 > 4
                && example.format?.rawValue == "chatml"
        )
    }

    @Test func aSplitModelAnswersAsTheWholeOne() async throws {
        let demo = try await DemoPlane()
        let path = demo.folder.appending(path: "v1/model.gguf").path
        let whole = try GGUFFile(path: path)
        var shards: [ArtifactFile] = []
        for number in 0..<2 {
            var writer = GGUFWriter()
            if number == 0 {
                for key in whole.keys { if let value = whole.metadata[key] { writer.add(key, value) } }
            }
            writer.add("split.no", .uint16(UInt16(number)))
            writer.add("split.count", .uint16(2))
            writer.add("split.tensors.count", .int32(Int32(whole.tensors.count)))
            for (index, tensor) in whole.tensors.enumerated() where index % 2 == number {
                writer.tensors.append(
                    GGUFWriter.Tensor(
                        name: tensor.name,
                        type: tensor.type.rawValue,
                        dimensions: tensor.dimensions.map(UInt64.init),
                        bytes: whole.withBytes(of: tensor) { Array($0) }
                    )
                )
            }
            shards.append(try await demo.file("m-0000\(number + 1)-of-00002.gguf", .weights, Data(writer.bytes())))
        }
        let published = try await demo.publish(shards)
        #expect(published.version.smoke?.passed == true && published.version.cannotRun == nil)
        #expect(published.version.facts?.parameterCount == (try GGUFSummary(whole)).parameterCount)
        func answer(_ reference: String) async throws -> String {
            try await demo.plane.traffic.answering.chat(
                ChatRequest(
                    release: ReleaseChoice(reference: Reference(reference), prompt: "triage@1"),
                    variables: [:],
                    text: "my parcel 48213 is late"
                ),
                by: DemoPlane.admin
            ).text
        }
        #expect(try await answer("ticket-bot@2") == answer("ticket-bot@1"))
        let alone = await expectError(.badData) { try await demo.publish([shards[0]]) }
        #expect(alone?.title.contains("this is file 1 of a model in 2 files, and it is alone") == true)
        await expectError(.badData, "two files with their names exchanged") {
            try await demo.publish([
                ArtifactFile(
                    path: shards[1].path,
                    digest: shards[0].digest,
                    sizeBytes: shards[0].sizeBytes,
                    role: .weights
                ),
                ArtifactFile(
                    path: shards[0].path,
                    digest: shards[1].digest,
                    sizeBytes: shards[1].sizeBytes,
                    role: .weights
                ),
            ])
        }
    }

    /// Bytes of a refused publish are removed in time, and nothing that anything refers to.
    @Test func bytesOfRefusedPublishingAreCollected() async throws {
        let demo = try await DemoPlane()
        let bad = Data("---\nlicense: [mit\n---\ntext".utf8)
        await expectError(.badData) { try await demo.publish([demo.file("card.md", .card, bad)]) }
        let kept = try await demo.publish([demo.file("notes.bin", .opaque, Data("notes".utf8))])
        try await demo.plane.close()
        let copy = try ScratchFolder(copying: demo.folder)
        let data = copy.url.appending(path: "data")
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        // The copy is younger than a day.
        #expect(try await FolderCheck.collect(data, hours: 24, now: now).blobs == 0)
        let later = now.adding(seconds: 90_000)
        let removed = try await FolderCheck.collect(data, hours: 24, now: later)
        // With it goes what the demo imported as a file, and holds as a frozen set.
        #expect(removed.blobs >= 1 && removed.bytes >= Int64(bad.count))
        let hex = Digest(of: bad).hexadecimal
        let place = "blobs/sha256/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
        #expect(!FileManager.default.fileExists(atPath: data.appending(path: place).path))
        #expect(try await FolderCheck.collect(data, hours: 24, now: later).blobs == 0)
        #expect(try await FolderCheck.check(data).isClean)
        let again = try await DemoPlane(copy)
        #expect(
            try await again.publish([again.file("notes.bin", .opaque, Data("notes".utf8))]).version.id
                == kept.version.id
        )
    }

    @Test func aVersionQuantisedTwiceIsSaid() async throws {
        let demo = try await DemoPlane()
        let base = try #require(try await demo.plane.registry.models.versions(DemoPlane.model).items.first)
        let own = try GGUFSummary(GGUFFile(path: demo.folder.appending(path: "v3/model.gguf").path)).precision
        try #require(own != base.precision)
        func publish(_ method: String, dryRun: Bool) async throws -> PublishAnswer {
            let manifest = try await Manifest(
                files: [demo.demoFile("v3/model.gguf", .weights)],
                lineage: Manifest.Lineage(from: base.id, method: Name(method))
            )
            return try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: manifest, dryRun: dryRun),
                by: DemoPlane.admin
            )
        }
        #expect(try await publish("distill", dryRun: true).warnings == nil)
        let warnings = try await publish("quantize", dryRun: false).warnings
        #expect(warnings?.count == 1 && warnings?[0].contains("ticket-bot@1 is Q8_0, quantised already") == true)
    }

    @Test func aModelIsKnownByTheNameOfTheWorld() async throws {
        let demo = try await DemoPlane()
        let known = try DisplayName("HuggingFaceTB/SmolLM2")
        let model = try known.identifier
        func publish(
            _ model: Name,
            _ text: String,
            _ displayName: DisplayName?,
            derived: Bool? = nil
        ) async throws -> PublishAnswer {
            let file = try await demo.file("notes.bin", .opaque, Data(text.utf8))
            return try await demo.plane.registry.publishing.publish(
                model,
                PublishRequest(manifest: Manifest(files: [file]), displayName: displayName, isDerivedName: derived),
                by: DemoPlane.admin
            )
        }
        #expect(try await publish(model, "one", known, derived: true).displayName == known)
        #expect(try await publish(model, "two", known, derived: true).version.id.number == 2)
        #expect(try await publish(model, "three", nil).displayName == known)
        #expect(try await demo.plane.registry.models.show(model).displayName == known)
        #expect(try await demo.plane.registry.models.list().items.first { $0.name == model }?.displayName == known)
        #expect(
            try await demo.plane.registry.models.list().items.first { $0.name == DemoPlane.model }?.displayName == nil
        )
        // The same name derived from another one, and of a model that has none.
        let head = try await demo.head()
        let other = try DisplayName("Somebody/SmolLM2")
        let collision = await expectError(.conflict) {
            try await publish(other.identifier, "four", other, derived: true)
        }
        #expect(collision?.next?.text.contains("--model smollm2 --display-name Somebody/SmolLM2") == true)
        await expectError(.conflict, "a model without a display name") {
            try await publish(DemoPlane.model, "five", DisplayName("x/Ticket-Bot"), derived: true)
        }
        await expectError(.conflict, "a display name is one model") {
            try await publish(DemoPlane.known("copy"), "six", known)
        }
        #expect(try await demo.head() == head)
        // Said outright it is renamed, also where the content is known.
        let renamed = try await publish(model, "one", other)
        #expect(!renamed.created && renamed.displayName == other && renamed.version.id.number == 1)
        #expect(try await demo.head() == head + 1)
        #expect(try await publish(model, "one", other).displayName == other)
        #expect(try await demo.head() == head + 1)
        // The log gives the same tables again.
        try await demo.plane.close()
        let copy = try ScratchFolder(copying: demo.folder)
        #expect(try await FolderCheck.rebuild(copy.url.appending(path: "data")).isEqual)
    }
}
