import RegistryTypes
import Testing

@testable import TrafficLog

/// Which words of callers count.
@Suite struct LabelSourcesTests {
    /// What some keys say, and what counts of it.
    private struct Said {
        var sources = LabelSources()
        var counted: [Name: (good: Int, bad: Int)] = [:]
        var said: [Name: (good: Int, bad: Int)] = [:]
        private var places: [Int64: (key: Name, isBad: Bool)] = [:]
        let statement: LabelSources.Statement

        init() throws {
            statement = LabelSources.Statement(
                question: .correct,
                model: try Name("bot"),
                channel: try Name("production"),
                release: 1,
                arm: .live
            )
        }

        mutating func say(_ key: String, isBad: Bool) throws {
            let key = try Name(key), place = Int64(places.count)
            places[place] = (key, isBad)
            if isBad { said[key, default: (0, 0)].bad += 1 } else { said[key, default: (0, 0)].good += 1 }
            sources.take(LabelSources.Word(label: place, request: place, isBad: isBad), of: statement, by: key)
            for word in sources.release(statement) {
                guard let (key, isBad) = places[word.label] else { continue }
                if isBad { counted[key, default: (0, 0)].bad += 1 } else { counted[key, default: (0, 0)].good += 1 }
            }
        }

        var all: (good: Int, bad: Int) { counted.values.reduce((0, 0)) { ($0.0 + $1.good, $0.1 + $1.bad) } }
    }

    /// Words of each key, right and wrong, given in turns, and what counts of all of them.
    @Test(
        arguments: [
            ([("a", 300, 0)], 0, 0), ([("a", 0, 300)], 0, 0),
            // Two: nobody knows which of them is right.
            ([("a", 196, 4), ("b", 0, 12)], 0, 0), ([("a", 0, 40), ("b", 0, 40)], 0, 0),
            ([("a", 0, 20), ("b", 0, 20), ("c", 0, 20)], 0, 60), ([("a", 20, 0), ("b", 20, 0), ("c", 20, 0)], 60, 0),
            // As many of the loud one as the others have, and not what only it says.
            ([("a", 0, 300), ("b", 0, 2), ("c", 0, 3)], 0, 10), ([("a", 0, 300), ("b", 20, 0), ("c", 20, 0)], 40, 0),
            ([("a", 300, 0), ("b", 0, 20), ("c", 0, 20)], 0, 40),
        ] as [([(String, Int, Int)], Int, Int)]
    )
    func whatCounts(_ keys: [(String, Int, Int)], _ good: Int, _ bad: Int) throws {
        var said = try Said()
        for step in 0..<300 {
            for (key, rights, wrongs) in keys {
                if step < rights { try said.say(key, isBad: false) }
                if step < wrongs { try said.say(key, isBad: true) }
            }
        }
        #expect(said.all.good == good && said.all.bad == bad, "\(said.all)")
    }

    /// Whatever a key says, in whatever order: no more of it counts as bad, or as good, than others say so too.
    @Test(arguments: 1...12 as ClosedRange<UInt64>) func noKeyCountsBeyondTheOthers(_ seed: UInt64) throws {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var said = try Said()
        let keys = 3 + random(3)
        for _ in 0..<1500 {
            let key = random(2) == 0 ? 0 : random(keys)
            // The first one lies as it likes, in runs; the others find one in so many wrong.
            let isBad = key == 0 ? state >> 50 & 1 == 0 : random(4 + 3 * key) == 0
            try said.say("key-\(key)", isBad: isBad)
            for (key, counted) in said.counted {
                let others = said.said.filter { $0.key != key }.values
                #expect(counted.bad <= others.reduce(0) { $0 + $1.bad })
                #expect(counted.good <= others.reduce(0) { $0 + $1.good })
            }
        }
        #expect(said.all.good + said.all.bad > 100)
    }

    /// A word in the place of another one counts as the newer; once somebody with a role said it, no caller's does; and what
    /// counted once is not counted again.
    @Test func aRequestHasOneWord() throws {
        let said = try Said(), statement = said.statement
        var sources = LabelSources()
        func word(_ label: Int64, _ request: Int64, _ isBad: Bool) -> LabelSources.Word {
            LabelSources.Word(label: label, request: request, isBad: isBad)
        }
        sources.take(word(1, 1, true), of: statement, by: try Name("a"))
        sources.take(word(2, 1, false), of: statement, by: try Name("a"))
        sources.take(word(3, 2, true), of: statement, by: try Name("b"))
        sources.settle(statement, request: 2)
        #expect(sources.waiting(statement) == 1)
        sources.take(word(4, 2, true), of: statement, by: try Name("b"))
        sources.take(word(5, 3, false), of: statement, by: try Name("b"))
        #expect(sources.release(statement).isEmpty)
        sources.take(word(6, 4, false), of: statement, by: try Name("c"))
        #expect(sources.release(statement).map(\.label) == [2, 5, 6])
        #expect(sources.release(statement).isEmpty && sources.waiting(statement) == 0)
        sources.take(word(7, 1, true), of: statement, by: try Name("a"))
        #expect(sources.release(statement).isEmpty && sources.waiting(statement) == 0)
        #expect(sources.hasCounted(.correct, request: 1) && !sources.hasCounted(.liked, request: 1))
    }
}
