import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// What becomes a version, and what is refused before it does.
@Suite struct PublishTests {
    @Test func sameContentIsTheSameVersion() async throws {
        let demo = try await DemoPlane()
        let first = try await demo.publish("v3", expected: 2)
        #expect(first.created)
        #expect(first.previous?.id.number == 1)
        let head = try await demo.head()
        let second = try await demo.publish("v3")
        #expect(!second.created)
        #expect(second.version == first.version)
        await expectError(.conflict, "that content is version 2") { try await demo.publish("v3", expected: 3) }
        await expectError(.conflict, "version 1 has other content") { try await demo.publish("v2", expected: 1) }
        await expectError(.conflict, "the next one is 3") { try await demo.publish("v2", expected: 9) }
        #expect(try await demo.head() == head)
    }

    @Test func twoAtOnceAreOneVersion() async throws {
        let demo = try await DemoPlane()
        let files = try await [demo.demoFile("v3/model.gguf", .weights), demo.demoFile("v3/card.md", .card)]
        let answers = try await withThrowingTaskGroup(of: PublishAnswer.self) { group in
            for _ in 0..<8 { group.addTask { try await demo.publish(files) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.created } == 1)
        #expect(Set(answers.map(\.version.id.number)) == [2])
    }

    @Test func dryRunStoresNothing() async throws {
        let demo = try await DemoPlane()
        let files = try await [demo.demoFile("v3/model.gguf", .weights), demo.demoFile("v3/card.md", .card)]
        let head = try await demo.head()
        let answer = try await demo.plane.registry.publishing.publish(
            DemoPlane.model,
            PublishRequest(manifest: Manifest(files: files), dryRun: true),
            by: DemoPlane.admin
        )
        #expect(!answer.created)
        #expect(answer.version.id.number == 2)
        #expect(answer.version.smoke?.passed == true)
        #expect(try await demo.head() == head)
        await expectError(.notAllowed) {
            try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: Manifest(files: files)),
                by: Caller(name: DemoPlane.known("reader"), role: .reader)
            )
        }
    }

    /// A dry run says what the publishing would: the number that it would get, and every refusal, also before a byte is sent.
    @Test func aDryRunSaysWhatWouldBe() async throws {
        let demo = try await DemoPlane()
        let publishing = demo.plane.registry.publishing
        let taken = try DisplayName("Org/Taken"), other = DemoPlane.known("other")
        let first = try await [demo.demoFile("v1/model.gguf", .weights), demo.demoFile("v1/card.md", .card)]
        _ = try await publishing.publish(
            other,
            PublishRequest(
                manifest: Manifest(files: [demo.file("a.bin", .opaque, Data("a".utf8))]),
                displayName: taken
            ),
            by: DemoPlane.admin
        )
        let renamed = try [
            ArtifactFile(path: "renamed.gguf", digest: first[0].digest, sizeBytes: first[0].sizeBytes, role: .weights),
            first[1],
        ]
        let unsent = try [
            ArtifactFile(path: "b.bin", digest: Digest(of: Data("b".utf8)), sizeBytes: 1, role: .opaque)
        ]
        let head = try await demo.head()
        func dry(
            _ files: [ArtifactFile],
            _ model: Name = DemoPlane.model,
            expected: Int? = nil,
            as name: DisplayName? = nil,
            isDerived: Bool? = nil
        ) async throws -> PublishAnswer {
            let request = try PublishRequest(
                manifest: Manifest(files: files),
                expectedVersion: expected,
                dryRun: true,
                displayName: name,
                isDerivedName: isDerived
            )
            return try await publishing.publish(model, request, by: DemoPlane.admin)
        }
        let known = try await dry(first)
        #expect(known.known == true && !known.created && known.version.id.number == 1)
        let new = try await dry(renamed)
        #expect(new.known == false && !new.created && new.version.id.number == 2 && new.unseen == nil)
        #expect(new.version.smoke?.passed == true)
        let blind = try await dry(unsent)
        #expect(blind.known == false && blind.version.id.number == 2 && blind.unseen == unsent.map(\.digest))
        #expect(blind.version.smoke == nil && blind.version.card == nil)
        for files in [first, renamed, unsent] {
            await expectError(.conflict, "another number") { try await dry(files, expected: 99) }
            await expectError(.conflict, "another model's name") { try await dry(files, as: taken) }
            await expectError(.conflict, "a derived name that is taken") {
                try await dry(files, as: DisplayName("Ticket/Bot"), isDerived: true)
            }
        }
        #expect(try await demo.head() == head)
    }

    /// What is said with content that is known, and what a card's writer should mend, is told.
    @Test func whatIsNotKeptIsTold() async throws {
        let demo = try await DemoPlane()
        let text = "---\nlicence: mit\nownr: me\nlanguage:\n---\ntext\n"
        let card = try await demo.file("card.md", .card, Data(text.utf8))
        func publish(_ message: String?) async throws -> [String] {
            try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: Manifest(files: [card]), message: message),
                by: DemoPlane.admin
            ).warnings ?? []
        }
        let lint = try await publish("first")
        #expect(lint.count == 3 && lint[0].contains("did you mean \"license\"?"), "\(lint)")
        #expect(try await publish("first").isEmpty)
        #expect(try await publish(nil).isEmpty)
        #expect(try await publish("second").first?.contains("the message was not stored") == true)
        let source = try String(contentsOf: demo.folder.appending(path: "documents/prompt.yaml"), encoding: .utf8)
        let pushed = try await demo.plane.registry.prompts.push(
            PromptPush(source: source, message: "again"),
            by: DemoPlane.admin
        )
        #expect(!pushed.created && pushed.warnings?.count == 1)
    }

    @Test func refusesWhatIsNotThereOrBroken() async throws {
        let demo = try await DemoPlane()
        let head = try await demo.head()
        let weights = try await demo.demoFile("v3/model.gguf", .weights)
        await expectError(.badData, "no such bytes") {
            try await demo.publish([
                ArtifactFile(path: "model.gguf", digest: Digest(of: Data("x".utf8)), sizeBytes: 1, role: .weights)
            ])
        }
        await expectError(.badData, "another size") {
            try await demo.publish([
                ArtifactFile(
                    path: "model.gguf",
                    digest: weights.digest,
                    sizeBytes: weights.sizeBytes + 1,
                    role: .weights
                )
            ])
        }
        let card = await expectError(.badData, "broken card") {
            try await demo.publish([
                weights, demo.file("card.md", .card, Data("---\nlicense: [mit\n---\ntext".utf8)),
            ])
        }
        #expect(card?.title.contains("card.md") == true)

        var bytes = try Data(contentsOf: demo.folder.appending(path: "v3/model.gguf"))
        let truncated = bytes.prefix(bytes.count / 2)
        let half = await expectError(.badData, "half a file") {
            try await demo.publish([demo.file("model.gguf", .weights, Data(truncated))])
        }
        #expect(half?.title.contains("model.gguf") == true)
        let name = try #require(bytes.firstRange(of: Data("general.architecture".utf8)))
        bytes[name.upperBound - 1] = 1
        let other = bytes
        await expectError(.badData, "a header that cannot be believed") {
            try await demo.publish([demo.file("model.gguf", .weights, other)])
        }
        await expectError(.badData, "no safetensors") {
            try await demo.publish([demo.file("model.safetensors", .safetensors, Data("GGUF".utf8))])
        }
        await expectError(.badData, "no vision part") {
            try await demo.publish([weights, demo.file("mmproj.gguf", .vision, Data("none".utf8))])
        }
        #expect(try await demo.head() == head)
        // The attempts left no marker that would quarantine anything at the next start.
        #expect(try LoadMarkers(folder: demo.folder.appending(path: "data")).unfinished() == [])
    }

    /// Bytes that come with the request are stored before the version is; anything wrong with one of them stores none.
    @Test func smallFilesComeWithTheRequest() async throws {
        let demo = try await DemoPlane()
        let note = Data("{\"a\":1}".utf8), stranger = Data("another".utf8), empty = Data()
        let files = try [note, empty].enumerated().map { index, data in
            try ArtifactFile(
                path: "f\(index)",
                digest: Digest(of: data),
                sizeBytes: Int64(data.count),
                role: .opaque
            )
        }
        let head = try await demo.head()
        func publish(
            _ contents: [SmallFile],
            dryRun: Bool? = nil,
            by caller: Caller = DemoPlane.admin
        ) async throws -> PublishAnswer {
            try await demo.plane.registry.publishing.publish(
                DemoPlane.model,
                PublishRequest(manifest: Manifest(files: files), dryRun: dryRun, contents: contents),
                by: caller
            )
        }
        let damaged = try JSONDecoder().decode(SmallFile.self, from: Data("{\"base64\":\"e30\"}".utf8))
        let long = SmallFile(Data(repeating: 7, count: SmallFile.limitBytes + 1))
        for (what, contents) in [
            ("no file of the manifest", [SmallFile(note), SmallFile(stranger)]),
            ("is not base64", [SmallFile(note), damaged]),
            ("have more than", [SmallFile(note), long]),
        ] {
            let error = await expectError(.badRequest, "\(what)") { try await publish(contents) }
            #expect(error?.title.contains(what) == true, "\(error?.title ?? "")")
        }
        await expectError(.badRequest, "a dry run") { try await publish([SmallFile(note)], dryRun: true) }
        await expectError(.notAllowed) {
            try await publish([SmallFile(note)], by: Caller(name: DemoPlane.known("reader"), role: .reader))
        }
        let request = MissingRequest(digests: files.map(\.digest))
        #expect(try await demo.plane.registry.uploads.missing(request, by: DemoPlane.admin).missing.count == 2)
        await expectError(.badData, "one is missing") { try await publish([SmallFile(note)]) }
        #expect(try await demo.head() == head)

        let answer = try await publish([SmallFile(empty), SmallFile(note), SmallFile(note)])
        #expect(answer.created)
        #expect(try await demo.plane.registry.uploads.missing(request, by: DemoPlane.admin).missing.isEmpty)
        let path = try await demo.plane.registry.uploads.path(of: Digest(of: note))
        #expect(try Data(contentsOf: path) == note)
        #expect(try await !publish([SmallFile(note)]).created)
    }

    /// The marker of the third process in a row that ended while it loaded the live version, which never answered.
    @Test func weightsThatKilledTheProcessStayOut() async throws {
        let before = try await DemoPlane()
        try await before.plane.close()
        let scratch = try ScratchFolder(copying: before.folder)
        let data = scratch.url.appending(path: "data")
        let weights = try Digest(of: Data(contentsOf: scratch.url.appending(path: "v1/model.gguf")))
        let version = VersionID(DemoPlane.model, 1)
        let marker = LoadMarker(
            weights: weights,
            version: version,
            model: DemoPlane.model,
            since: Timestamp(milliseconds: 1_795_000_000_000)
        )
        let markers = try LoadMarkers(folder: data)
        for _ in 0..<2 {
            try markers.begin(marker)
            for load in try markers.unfinished() { try markers.noteCrash(load) }
        }
        try markers.begin(marker)
        try Data("{".utf8).write(to: data.appending(path: "loading/\(String(repeating: "0", count: 64))"))

        let demo = try await DemoPlane(scratch)
        #expect(demo.plane.startNotes.count == 1)
        #expect(try await demo.plane.overview.status().quarantined.map(\.id) == [version])
        #expect(try LoadMarkers(folder: data).unfinished() == [])
        let error = await expectError(.badData) {
            try await demo.plane.traffic.answering.chat(
                ChatRequest(release: DemoPlane.choice("ticket-bot"), variables: [:], text: "hello"),
                by: DemoPlane.admin
            )
        }
        #expect(error?.why?.contains("process ended while it loaded ticket-bot@1") == true)
        // The same bytes under another number are refused by digest.
        await expectError(.badData) {
            try await demo.publish([demo.demoFile("v1/model.gguf", .weights)], model: DemoPlane.known("other"))
        }
        #expect(try await demo.publish("v3").created)
    }
}
