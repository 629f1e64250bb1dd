import Catalog
import Foundation
import RegistryRecords
import TestSupport
import Testing

@Suite struct IdempotencyTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func key(_ text: String, _ request: String = "make a") throws -> IdempotencyKey {
        try IdempotencyKey(text, for: Data(request.utf8))
    }

    private func make(_ name: String, _ catalog: Catalog, _ key: IdempotencyKey, actor: String = "ada", day: Int = 0)
        async throws -> [Event]
    {
        try await catalog.append(actor: actor, time: Samples.time(day * 86_400), idempotencyKey: key) { _ in
            [try Samples.key(name), try Samples.key(name + "-2")]
        }.map(\.entry)
    }

    @Test func aRetryGetsTheFirstAnswerAlsoAfterARestartAndARebuild() async throws {
        let first: [Event]
        do {
            let catalog = try Catalog.open(path: scratch.catalog)
            first = try await make("a", catalog, key("k"))
            _ = try await catalog.append(actor: "ada", time: Samples.time(1)) { _ in [try Samples.key("other")] }
            #expect(try await make("a", catalog, key("k")) == first)
            try await catalog.close()
        }
        let catalog = try Catalog.open(path: scratch.catalog)
        #expect(try await make("a", catalog, key("k")) == first)
        _ = try await catalog.rebuild()
        #expect(try await make("a", catalog, key("k"), day: 6) == first)
        #expect(try await catalog.read { try $0.head().seq } == 3)
    }

    @Test func manyRetriesAtOnceDoItOnce() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        let key = try key("k")
        let answers = try await withThrowingTaskGroup(of: [Event].self) { group in
            for _ in 0..<40 { group.addTask { try await make("a", catalog, key) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers).count == 1)
        #expect(try await catalog.read { try $0.head().seq } == 2)
    }

    @Test func aKeyBelongsToItsActorAndItsRequest() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        _ = try await make("a", catalog, key("k"))
        await #expect(throws: CatalogError.keyReused("k")) { _ = try await make("b", catalog, key("k", "make b")) }
        _ = try await make("b", catalog, key("k", "make b"), actor: "bob")
        #expect(try await catalog.read { try $0.head().seq } == 4)
    }

    @Test func nothingToDoIsRememberedTooAFailureIsNot() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        let nothing = try await catalog.append(actor: "ada", time: Samples.time(0), idempotencyKey: key("n")) { _ in []
        }
        #expect(nothing.isEmpty)
        #expect(try await make("a", catalog, key("n")).isEmpty)
        struct Refusal: Error {}
        await #expect(throws: Refusal.self) {
            _ = try await catalog.append(actor: "ada", time: Samples.time(0), idempotencyKey: key("f")) { _ in
                throw Refusal()
            }
        }
        #expect(try await make("a", catalog, key("f")).count == 2)
    }

    @Test func answersAreKeptForSevenDays() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        _ = try await make("a", catalog, key("k"))
        _ = try await make("b", catalog, key("later", "b"), day: 8)
        await #expect(throws: CatalogError.alreadyExists(what: "key", name: "a")) {
            _ = try await make("a", catalog, key("k"), day: 8)
        }
    }

    @Test(arguments: ["", " ", "a b", "ü", "a\n", String(repeating: "k", count: 201)])
    func whatCannotBeAKeyIsRefused(_ text: String) {
        #expect(throws: CatalogError.badKey(text)) { try IdempotencyKey(text, for: Data()) }
    }
}
