import SeededRandom
import Testing

@testable import Inference

/// Whose rows a step runs where several callers have answers under way.
@Suite struct CallerShareTests {
    typealias Wants = [String: (lines: Int, left: Int)]
    typealias Gives = [String: (lines: Int, rows: Int)]

    /// Lines of each caller, tokens of its prompts, rows of the step; then lines and rows of prompts that it gives each.
    static let steps: [(wants: Wants, room: Int, gives: Gives)] = [
        (["a": (30, 0), "b": (1, 0)], 6, ["a": (5, 0), "b": (1, 0)]),
        (["a": (30, 0), "b": (1, 0)], 96, ["a": (30, 0), "b": (1, 0)]),
        (["a": (30, 0), "b": (4, 0)], 6, ["a": (3, 0), "b": (3, 0)]),
        // Half of a share for prompts; what one half leaves is the other's.
        (["a": (20, 500), "b": (1, 0)], 9, ["a": (4, 4), "b": (1, 0)]),
        (["a": (1, 500), "b": (1, 0)], 9, ["a": (1, 7), "b": (1, 0)]),
        (["a": (20, 1), "b": (1, 0)], 9, ["a": (7, 1), "b": (1, 0)]),
        (["a": (20, 0), "b": (0, 500)], 8, ["a": (4, 0), "b": (0, 4)]),
        (["a": (0, 500), "b": (0, 500)], 200, ["a": (0, 64), "b": (0, 64)]),
        // Each has a row, however little room there is.
        (
            ["a": (9, 0), "b": (1, 0), "c": (0, 7), "d": (2, 2)], 2,
            ["a": (1, 0), "b": (1, 0), "c": (0, 1), "d": (1, 0)]
        ),
    ]

    @Test(arguments: steps)
    func aStepIsShared(_ wants: Wants, _ room: Int, _ gives: Gives) {
        var demands: [String: CallerShares.Demand] = [:], owner: [Int: String] = [:]
        for (caller, want) in wants {
            demands[caller] = CallerShares.Demand(left: want.left)
            for _ in 0..<want.lines {
                demands[caller]?.lines.append((owner.count, 0))
                owner[owner.count] = caller
            }
        }
        let shares = CallerShares(demands, step: 2, room: room, maxPromptRows: 64)
        for (caller, give) in gives {
            #expect(shares.lines.count { owner[$0] == caller } == give.lines, "\(caller)")
            #expect(shares.promptRows[caller] == give.rows, "\(caller)")
        }
    }

    /// However many: all rows are used, nobody gets more than it wants, and nobody waits for ever.
    @Test func nobodyStarves() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let callers = (0..<Int.random(in: 2...6, using: &random)).map { "caller \($0)" }
            let lines = callers.map { _ in Int.random(in: 0...12, using: &random) }
            var left = callers.map { _ in Int.random(in: 0...90, using: &random) }
            for index in callers.indices where lines[index] == 0 && left[index] == 0 { left[index] = 1 }
            let room = Int.random(in: 1...40, using: &random)
            var turns = Array(repeating: 0, count: lines.reduce(0, +)), longest = 0
            for step in 1...100 {
                var demands: [String: CallerShares.Demand] = [:], first = 0
                for (index, caller) in callers.enumerated() {
                    demands[caller] = CallerShares.Demand(
                        lines: (first..<first + lines[index]).map { ($0, turns[$0]) },
                        left: left[index]
                    )
                    first += lines[index]
                }
                let shares = CallerShares(demands, step: step, room: room, maxPromptRows: 64)
                let rows = shares.lines.count + shares.promptRows.values.reduce(0, +)
                let wanted = lines.reduce(0, +) + left.reduce(0) { $0 + min(64, $1) }
                #expect(rows == min(wanted, max(room, callers.count)))
                for (caller, rows) in shares.promptRows { #expect(rows <= demands[caller]?.left ?? 0) }
                for line in shares.lines { turns[line] = step }
                longest = max(longest, turns.map { step - $0 }.max() ?? 0)
            }
            // Twelve lines of one caller that has half a row in each step.
            #expect(longest <= 24)
        }
    }

    /// Seconds of a step whatever it runs, and for each row; then the rows that take five times as long as one.
    @Test(arguments: [
        (0.0, 1e-4, 5), (1e-4, 1e-4, 9), (4.6e-4, 1e-4, 23), (1e-2, 1e-4, 96), (1e-3, 0.0, 96),
    ])
    func theRowsOfACrowdedStepFollowFromWhatStepsTake(fixed: Double, row: Double, rows: Int) {
        var cost = StepCost(maxRows: 96), random = SplitMix64(seed: 3)
        #expect(cost.crowdedRows == StepCost.unknownRows)
        for _ in 0..<4_000 {
            let count = Int.random(in: 1...96, using: &random)
            // What else the machine does only adds, and often.
            let noise = Bool.random(using: &random) ? 0 : Double.random(in: 0...0.05, using: &random)
            cost.record(rows: count, seconds: fixed + row * Double(count) + noise)
        }
        #expect(abs(cost.crowdedRows - rows) <= 1, "\(cost.crowdedRows)")
    }

    @Test func whatAStepTakesIsNeverNonsense() {
        var cost = StepCost(maxRows: 8)
        for (rows, seconds) in [(0, 1.0), (9, 1), (-1, 1), (3, -1), (3, .nan), (3, 0)] {
            cost.record(rows: rows, seconds: seconds)
        }
        #expect(cost.crowdedRows == 8)
        // Steps of one size say nothing of another; larger ones that are quicker say that rows cost nothing.
        cost.record(rows: 2, seconds: 1)
        #expect(cost.crowdedRows == 8)
        cost.record(rows: 8, seconds: 0.5)
        #expect(cost.crowdedRows == 8)
        cost.record(rows: 7, seconds: .infinity)
        #expect((1...8).contains(cost.crowdedRows))
    }
}
