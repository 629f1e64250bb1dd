import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import UserDocuments

@testable import Catalog

/// Digests of an older build beside those of today.
extension OlderBuildTests {
    @Test func theDigestsOfItsEntriesStillMatchAndEqualContentIsFoundByEitherForm() async throws {
        let model = try Name("ticket-bot")
        try await catalog.read { state in
            for version in try state.versions(of: model) {
                #expect(try version.digest == version.manifest.digest(.foundation))
                #expect(try state.version(of: model, manifest: version.manifest)?.id == version.id)
            }
            for release in try state.releases(of: model) {
                #expect(try release.digest == release.content.digest(.foundation))
                #expect(try state.release(of: model, content: release.content)?.id == release.id)
            }
            // The forms of these two differ: a number such as 1e-7, and a key beyond the first plane.
            let odd = try #require(try state.latestPrompt(Name("odd")))
            #expect(try odd.digest == odd.document.digest(.foundation) && odd.digest != odd.document.digest(.rfc8785))
            #expect(try odd.document.digests().contains(odd.digest))
            let release = try #require(try state.release(ReleaseID(model, 3)))
            #expect(try release.digest != release.content.digest(.rfc8785))
            for kind in DocumentKind.allCases {
                for record in try state.documents(kind) {
                    let contents = try Document.parse(record.source, file: "d.yaml").map(\.content)
                    #expect(try contents.contains { try $0.digest(.foundation) == record.digest })
                }
            }
            #expect(try state.events(limit: 65).allSatisfy { try $0.form() == .foundation })
        }
    }

    @Test func itsLogGoesOnInTheNewForm() async throws {
        let model = try Name("ticket-bot")
        let (odd, release, version) = try await catalog.read { state in
            (
                try #require(try state.latestPrompt(Name("odd"))), try #require(try state.release(ReleaseID(model, 3))),
                try #require(try state.version(VersionID(model, 1)))
            )
        }
        let same: [RegistryEvent] = [
            .releaseCreated(ReleaseCreated(id: ReleaseID(model, 5), content: release.content)),
            .versionPublished(VersionPublished(id: VersionID(model, 4), manifest: version.manifest)),
        ]
        for event in same {
            await #expect(throws: CatalogError.self) { try await catalog.append([event]) }
        }
        let prompt = PromptPushed(id: VersionID(odd.id.name, 2), document: odd.document)
        try await catalog.append([.promptPushed(prompt)])
        let (entry, pushed) = try await catalog.read { state in
            (try #require(try state.events(limit: 1).first), try #require(try state.latestPrompt(odd.id.name)))
        }
        #expect(try entry.form() == .rfc8785)
        #expect(try pushed.digest == odd.document.digest(.rfc8785) && pushed.document == odd.document)
        // A release pins whatever digest its prompt has.
        let content = ReleaseContent(
            version: 2,
            manifest: release.content.manifest,
            prompt: pushed.id,
            promptDigest: pushed.digest,
            decoding: release.content.decoding
        )
        try await catalog.append([.releaseCreated(ReleaseCreated(id: ReleaseID(model, 5), content: content))])
        #expect(
            try await catalog.read { try $0.release(of: model, content: content)?.digest } == content.digest(.rfc8785)
        )
        #expect(try await catalog.verifyChain(known: 67).isIntact)
        #expect(try await catalog.rebuild().isEqual)
    }
}
