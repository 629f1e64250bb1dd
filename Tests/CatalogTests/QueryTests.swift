import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import UserDocuments

@Suite struct QueryTests {
    let scratch: ScratchFolder
    let catalog: Catalog
    let bot: Name
    let production: Name

    init() async throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
        bot = try Name("ticket-bot")
        production = try Name("production")
        try await catalog.append(try Samples.story())
    }

    @Test func versionsComeBackAsPublished() async throws {
        let bot = bot
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.models() == [bot])
            #expect(try state.versions(of: bot).map(\.id.number) == [1, 2, 3])
            let version = try #require(try state.version(VersionID(bot, 1)))
            #expect(version.smoke?.loadSeconds == 0.1 + 0.2)
            #expect(version.smoke?.tokensPerSecond == 1.0 / 3)
            #expect(version.facts?.tensorTypes == ["Q8_0": 29, "F32": 9])
            #expect(version.publishedBy == "ada")
            #expect(version.publishedAt == Samples.time(5))
            #expect(try state.version(of: bot, manifest: version.manifest)?.id == version.id)
            #expect(try state.version(before: VersionID(bot, 3))?.id == VersionID(bot, 2))
            #expect(try state.version(before: VersionID(bot, 9))?.id == VersionID(bot, 3))
            #expect(try state.version(before: VersionID(bot, 1)) == nil)
            #expect(try state.version(VersionID(bot, 2))?.quarantined == "died while loading")
            #expect(try state.nextVersionNumber(of: bot) == 4)
            #expect(try state.nextVersionNumber(of: Name("new")) == 1)
        }
    }

    @Test func aVersionWithoutWeightsAndCardHasNoFacts() async throws {
        let id = VersionID(try Name("dataset"), 1)
        let manifest = try Manifest(files: [
            ArtifactFile(path: "a/b.bin", digest: Samples.digest("b"), sizeBytes: 0, role: .opaque)
        ])
        try await catalog.append([.versionPublished(VersionPublished(id: id, manifest: manifest))])
        let version = try #require(try await catalog.read { try $0.version(id) })
        #expect(version.facts == nil && version.smoke == nil && version.card == nil && version.message == nil)
        #expect(version.manifest == manifest)
    }

    @Test func releasesPromptsAndDocuments() async throws {
        let bot = bot
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.releases(of: bot).map(\.id.number) == [1, 2, 3])
            #expect(try state.release(ReleaseID(bot, 2))?.rejected == "taken back")
            let release = try #require(try state.release(ReleaseID(bot, 3)))
            #expect(try state.release(of: bot, content: release.content)?.id == release.id)
            #expect(try state.releases(with: VersionID(bot, 3)).map(\.id.number) == [3])
            #expect(try state.releases(withPrompt: VersionID(Name("triage"), 1)).count == 3)
            #expect(try state.nextReleaseNumber(of: bot) == 4)
            #expect(try state.prompts().map(\.text) == ["triage"])
            #expect(try state.promptVersions(of: Name("triage")).map(\.id.number) == [1, 2])
            #expect(try state.nextPromptNumber(of: Name("triage")) == 3)
            #expect(try state.documents(.policy).map { "\($0.name)#\($0.revision)" } == ["production#2", "staging#1"])
            #expect(try state.documents(.canary).isEmpty)
            #expect(try state.revisions(.policy, Name("production")).map(\.shipped) == [true, false])
        }
    }

    @Test func channelsPointWhereTheyWereMoved() async throws {
        let (bot, production) = (bot, production)
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.channels().map(\.channel.text) == ["production", "staging"])
            let channel = try #require(try state.channel(bot, production))
            #expect(channel.release == 3 && channel.move.from == 1 && channel.move.decision == DecisionID(3))
            #expect(channel.rollbackTo == 1)
            #expect(try state.liveRelease(bot, production) == 3)
            #expect(try state.moves(bot, production).map(\.to) == [3, 1, 2, 1])
            #expect(try state.moves(bot, production, limit: 1, before: channel.move.seq).map(\.to) == [1])
            #expect(try state.channel(bot, Name("other")) == nil)
        }
    }

    @Test func evidenceIsFoundByWhatItIsAbout() async throws {
        let bot = bot
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.canaries().map(\.id.number) == [3, 2, 1])
            #expect(try state.canaries(candidate: ReleaseID(bot, 2)).map(\.verdict) == [.fail])
            #expect(try state.canaries(model: Name("other")).isEmpty)
            #expect(try state.canaries(state: .stopped).map(\.summary) == ["cannot be loaded"])
            #expect(try state.canaries(limit: 1, before: CanaryID(3)).map(\.id.number) == [2])
            let canary = try #require(try state.canary(CanaryID(1)))
            #expect(canary.seed == .max - 3 && canary.failedChecks == ["answers correct"])
            #expect(try state.nextCanaryID() == CanaryID(4))
            #expect(try state.evaluations(of: ReleaseID(bot, 3)).map(\.scores.first?.lower95) == [0.94321])
            #expect(try state.evaluations(suite: Name("none")).isEmpty)
            #expect(try state.nextEvaluationID() == EvaluationID(2))
            #expect(try state.decisions().map(\.id.number) == [3, 2, 1])
            #expect(try state.decisions(about: ReleaseID(bot, 2)).map(\.decision.outcome) == [.refused])
            #expect(try state.decision(DecisionID(3))?.by == "ada")
            #expect(try state.nextDecisionID() == DecisionID(4))
            #expect(try state.trafficSets().map(\.requests) == [2000])
        }
    }

    @Test func keysAreFoundByTheHashOfTheirTokenRevokedOnesToo() async throws {
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.key(tokenHash: Samples.digest("token of root"))?.role == .admin)
            #expect(try state.key(tokenHash: Samples.digest("token of ci"))?.revokedAt == Samples.time(30))
            #expect(try state.key(tokenHash: Samples.digest("guess")) == nil)
        }
    }

    @Test func theLogIsReadByPart() async throws {
        try await catalog.read { (state: CatalogState) throws in
            #expect(try state.events(limit: 2).map(\.seq) == [32, 31])
            #expect(try state.events(before: 31, limit: 2).map(\.seq) == [30, 29])
            #expect(try state.events(after: 30).map(\.seq) == [31, 32])
            #expect(try state.events(kind: "channel.moved").map(\.seq) == [32, 25, 17, 16, 10])
            #expect(
                try state.events(after: 10, kind: "channel.moved", subject: "ticket-bot@production").map(\.seq) == [
                    16, 17, 25,
                ]
            )
            #expect(try state.events(limit: -1).isEmpty)
        }
    }

    @Test func aNameThatDoesNotExistIsAnsweredWithNamesThatDo() async throws {
        let bot = bot
        try await catalog.read { (state: CatalogState) throws in
            #expect(
                try state.missing(.model(Name("tiket-bot")))
                    == .notFound(what: "model", name: "tiket-bot", near: ["ticket-bot"])
            )
            #expect(
                try state.missing(.version(VersionID(bot, 9)))
                    == .notFound(
                        what: "version",
                        name: "ticket-bot@9",
                        near: ["ticket-bot@1", "ticket-bot@2", "ticket-bot@3"]
                    )
            )
            #expect(
                try state.missing(.release(ReleaseID(Name("tickets"), 1)))
                    == .notFound(what: "model", name: "tickets", near: ["ticket-bot"])
            )
            #expect(
                try state.missing(.channel(model: bot, channel: Name("prod")))
                    == .notFound(
                        what: "channel",
                        name: "ticket-bot@prod",
                        near: ["ticket-bot@production", "ticket-bot@staging"]
                    )
            )
            #expect(
                try state.missing(.canary(CanaryID(99)))
                    == .notFound(what: "canary", name: "c-99", near: ["c-3", "c-2", "c-1"])
            )
            #expect(try state.missing(.traffic(Name("zzz"))) == .notFound(what: "traffic set", name: "zzz", near: []))
            for sought: CatalogState.Sought in [
                .prompt(try Name("x")), .promptVersion(VersionID(try Name("triage"), 7)),
                .document(.policy, try Name("x")),
                .evaluation(EvaluationID(7)), .decision(DecisionID(7)), .key(try Name("x")),
            ] {
                #expect(try !state.missing(sought).description.isEmpty)
            }
        }
    }
}
