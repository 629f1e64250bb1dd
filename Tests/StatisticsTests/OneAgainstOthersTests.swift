import SeededRandom
import Statistics
import Testing

/// When several sources contradict one.
@Suite struct OneAgainstOthersTests {
    /// Bad and all cases of the one and of the others, and whether these contradict it.
    @Test(
        arguments: [
            ((38, 104), [(0, 60), (1, 61)], true), ((3, 3), [(0, 8), (0, 9)], true),
            ((3, 3), [(0, 4), (0, 4), (0, 4)], true), ((3, 3), [(0, 2), (0, 2)], false), ((3, 3), [(0, 100)], false),
            ((3, 3), [], false),
            // One that asks much that is easy decides nothing alone, nor beside one that saw hardly anything.
            ((40, 60), [(20, 30), (0, 10_000)], false), ((40, 60), [(0, 10_000), (0, 2)], false),
            ((40, 60), [(0, 10_000), (0, 30)], true), ((40, 60), [(20, 30), (22, 30)], false),
            // None of its cases is bad, or the others show as many.
            ((0, 60), [(0, 60), (0, 60)], false), ((6, 60), [(5, 60), (7, 60)], false),
            // Many cases: two exact bounds.
            ((9000, 20_000), [(10, 30_000), (12, 30_000)], true),
            ((9000, 20_000), [(13_500, 30_000), (0, 30_000)], false),
        ] as [((Int, Int), [(Int, Int)], Bool)]
    )
    func table(_ own: (Int, Int), _ others: [(Int, Int)], _ isContradicted: Bool) throws {
        let own = try #require(Proportion(bad: own.0, n: own.1))
        let found = OneAgainstOthers(own: own, others: others.compactMap { Proportion(bad: $0.0, n: $0.1) })
        #expect(found.isContradicted == isContradicted)
        #expect(found.isLeaning || !isContradicted)
    }

    /// Equal sources contradict one of them in at most 1 % of the looks.
    @Test func equalSourcesRarelyContradict() throws {
        var random = SplitMix64(seed: 11)
        var contradicted = 0
        let runs = 4000
        for run in 0..<runs {
            let share = [2, 10, 40][run % 3]
            func draw() throws -> Proportion {
                let bad = (0..<40).count { _ in random.next() % 100 < share }
                return try #require(Proportion(bad: bad, n: 40))
            }
            if OneAgainstOthers(own: try draw(), others: [try draw(), try draw(), try draw()]).isContradicted {
                contradicted += 1
            }
        }
        #expect(Double(contradicted) / Double(runs) <= OneAgainstOthers.error)
    }
}
