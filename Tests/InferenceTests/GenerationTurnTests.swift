import GGUF
import SeededRandom
import Testing
import Tokenizers

@testable import Inference

/// Whose turn it is in a batch: long prompts, short ones, and work in the background.
extension GenerationBatchTests {
    @Test func aLongPromptDoesNotHoldAnswersUp() throws {
        let batch = try batch(promptRows: 4)
        try batch.admit(key: 1, GenerationRequest(promptTokens: [5, 6], maxTokens: 30), seeds: [0])
        batch.step { _ in }
        try batch.admit(
            key: 2,
            GenerationRequest(promptTokens: ForwardPassTests.someTokens(40), maxTokens: 2),
            seeds: [0]
        )
        var order: [Int] = []
        for _ in 0..<10 {
            batch.step { event in
                if case .token(let key, _, _, _) = event { order.append(key) }
            }
        }
        // A token of the first in each of ten steps, in which four tokens of the second are run each time.
        #expect(order == Array(repeating: 1, count: 10) + [2])
    }

    /// Counted in steps: a short prompt that comes behind a long one has its first token as soon as its rows have been run.
    @Test(arguments: [1, 4])
    func aShortPromptDoesNotWaitForALongOne(before: Int) throws {
        let tiny = TinyModel()
        let batch = try batch(tiny, promptRows: 8), alone = try tiny.alone()
        let long = GenerationRequest(promptTokens: ForwardPassTests.someTokens(90), maxTokens: 2)
        for key in 0..<before { try batch.admit(key: key, long, seeds: [0]) }
        batch.step { _ in }
        let short = GenerationRequest(promptTokens: [5, 6, 7], maxTokens: 2)
        try batch.admit(key: 9, short, seeds: [0])
        var reports = BatchReports(), order: [Int] = []
        var steps = 0, first: Int?
        while !batch.isIdle {
            steps += 1
            batch.step { event in
                reports.add(event)
                guard case .token(let key, _, _, _) = event else { return }
                if key == 9, first == nil { first = steps }
                order.append(key)
            }
        }
        // Eight rows for two prompts are four each; for five prompts at least one.
        #expect(try #require(first) <= (before == 1 ? 1 : 3))
        #expect(order.first == 9)
        // No row of a step stays empty while there are prompts: the long ones take no more steps than their rows need.
        #expect(steps <= (90 * before + 3) / 8 + 4)
        try expect(reports, of: 9, toEqual: alone.generate(short), "short")
        for key in 0..<before { try expect(reports, of: key, toEqual: alone.generate(long), "long \(key)") }
    }

    @Test(
        arguments: [
            (64, [8100, 3], [61, 3]), (64, [8100, 8100], [32, 32]), (64, [5], [5]), (64, [], []),
            (8, [90, 90, 90, 3], [2, 2, 2, 2]), (10, [4, 90, 1], [4, 5, 1]), (2, [90, 3, 2, 1], [1, 0, 0, 1]),
            (1, [90, 1], [1, 0]), (0, [3], [0]),
        ]
    )
    func rowsOfAStepAreShared(room: Int, lengths: [Int], shares: [Int]) {
        #expect(GenerationBatch.shares(of: room, among: lengths) == shares)
    }

    /// Where rows are all that costs, a step of one caller's answer has few of another's, and all answers stay the same.
    @Test func aCallersAnswersDoNotSlowAnothers() throws {
        let tiny = TinyModel()
        let batch = try batch(tiny, promptRows: 8), alone = try tiny.alone()
        for rows in 1...40 { batch.cost.record(rows: rows, seconds: 1e-15 * Double(rows)) }
        let long = GenerationRequest(promptTokens: ForwardPassTests.someTokens(20), maxTokens: 12)
        let short = GenerationRequest(promptTokens: [5, 6, 7], maxTokens: 4)
        let others = batch.limits.maxSequences - 1
        for key in 0..<others { try batch.admit(key: key, long, seeds: [0], caller: "a") }
        try batch.admit(key: 99, short, seeds: [0], caller: "b")
        var reports = BatchReports(), isOver = false, rows: [Int] = []
        while !batch.isIdle {
            batch.step { event in
                reports.add(event)
                if case .ended(99, _, _) = event { isOver = true }
            }
            if !isOver { rows.append(batch.rows.count) }
        }
        // Three rows of its prompt, then three tokens, beside five rows in all.
        #expect(rows.count <= 6 && rows.allSatisfy { $0 <= 5 }, "\(rows)")
        try expect(reports, of: 99, toEqual: alone.generate(short), "short")
        for key in 0..<others { try expect(reports, of: key, toEqual: alone.generate(long), "long \(key)") }
    }

    @Test func theBackgroundRestsAndItsTimesLeaveThatOut() throws {
        let batch = try batch(promptRows: 4)
        let request = GenerationRequest(promptTokens: ForwardPassTests.someTokens(10), maxTokens: 6)
        try batch.admit(key: 1, request, seeds: [0], isBackground: true)
        try batch.admit(key: 2, request, seeds: [0])
        var order: [Int] = []
        func step(resting: Bool) -> Bool {
            batch.step(restingBackground: resting) { event in
                if case .token(let key, _, _, _) = event { order.append(key) }
            }
        }
        // The live prompt goes first, although it came later: three steps, then five tokens.
        for _ in 0..<8 { #expect(step(resting: true)) }
        #expect(order == Array(repeating: 2, count: 6))
        #expect(batch.background.sequences == 1 && batch.background.pages == 1)
        #expect(!step(resting: true))
        batch.delayBackground(by: .seconds(3600))
        var reports = BatchReports()
        while !batch.isIdle { batch.step { reports.add($0) } }
        let answer = try #require(reports.ended[1]?[0])
        #expect(answer.tokens.count == 6)
        #expect(answer.totalSeconds < -3000)
        #expect(batch.background.sequences == 0)
    }

    @Test func cancellingInThePromptGivesThePagesBack() throws {
        let batch = try batch(promptRows: 4)
        try batch.admit(
            key: 7,
            GenerationRequest(promptTokens: ForwardPassTests.someTokens(40), maxTokens: 8),
            seeds: [1, 2, 3]
        )
        batch.step { _ in }
        batch.cancel(8)
        #expect(batch.sequenceCount == 3)
        batch.cancel(7)
        #expect(batch.isIdle && batch.sequenceCount == 0 && batch.cacheBytesInUse == 0)
        batch.step { _ in Issue.record("nothing runs") }
    }
}
