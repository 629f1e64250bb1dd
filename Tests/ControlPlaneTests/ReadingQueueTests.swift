import RegistryTypes
import Testing

@testable import ControlPlane

/// Who waits for which reading: no caller is in the way of another.
struct ReadingQueueTests {
    private static let shop = DemoPlane.known("shop"), search = DemoPlane.known("search")

    @Test func oneCallerHasAPartOfThePlaces() throws {
        var queue = ReadingQueue()
        for index in 0..<ReadingQueue.maxWaitingOfOne { try queue.admit("s\(index)", by: Self.shop) }
        #expect(throws: ReadingQueue.Refusal.tooManyOfOne) { try queue.admit("s9", by: Self.shop) }
        // What another asked for first costs the one who joins nothing.
        try queue.admit("t0", by: Self.search)
        queue.join("t0", by: Self.shop)
        queue.finish("s0")
        try queue.admit("s9", by: Self.shop)
        #expect(queue.waiting == ["s1", "s2", "t0", "s9"])
        for index in 0..<4 { try queue.admit("u\(index)", by: DemoPlane.known("u\(index)")) }
        #expect(throws: ReadingQueue.Refusal.tooMany) { try queue.admit("v", by: DemoPlane.known("v")) }
    }

    @Test func aReadingEndsWhenNobodyWaitsForIt() throws {
        var queue = ReadingQueue()
        try queue.admit("a", by: Self.shop)
        queue.join("a", by: Self.search)
        queue.join("a", by: Self.search)
        #expect(
            queue.withdraw("a", by: DemoPlane.known("third"), endsForAll: false)
                == .notAsked(by: [Self.shop, Self.search])
        )
        #expect(queue.withdraw("a", by: Self.shop, endsForAll: true) == .goesOn)
        #expect(queue.withdraw("a", by: Self.shop, endsForAll: false) == .notAsked(by: [Self.search]))
        #expect(queue.withdraw("a", by: Self.search, endsForAll: false) == .goesOn)
        #expect(queue.withdraw("a", by: Self.search, endsForAll: false) == .ends)
        queue.finish("a")
        #expect(queue.withdraw("a", by: Self.search, endsForAll: false) == .wasOver)
        try queue.admit("b", by: Self.shop)
        #expect(queue.withdraw("b", by: DemoPlane.known("root"), endsForAll: true) == .ends)
        #expect(queue.withdraw("nothing", by: Self.shop, endsForAll: true) == .wasOver)
    }

    /// A reading that failed is asked for again: it has one place, at the end.
    @Test func whatFailedIsTakenAgain() throws {
        var queue = ReadingQueue()
        try queue.admit("a", by: Self.shop)
        queue.finish("a")
        try queue.admit("b", by: Self.shop)
        try queue.admit("a", by: Self.shop)
        #expect(queue.waiting == ["b", "a"])
    }

    /// One who asks a hundred times forgets results of his own, not those of another.
    @Test func resultsOfWhoeverHasMostAreForgotten() throws {
        var queue = ReadingQueue()
        try queue.admit("first", by: Self.search)
        queue.finish("first")
        var forgotten: [String] = []
        for index in 0..<100 {
            try queue.admit("s\(index)", by: Self.shop)
            queue.finish("s\(index)")
            forgotten += queue.forget()
        }
        #expect(forgotten.count == 101 - ReadingQueue.maxKept && !forgotten.contains("first"))
        #expect(forgotten.first == "s0")
    }
}
