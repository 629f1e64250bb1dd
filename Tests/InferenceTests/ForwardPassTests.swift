import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// Logits of every token of a sequence, run in batches of the given number of rows.
func allLogits(
    _ model: LanguageModel,
    _ tokens: [Int],
    batchRows: Int = 64,
    instructions: InstructionSet = .best
) throws -> [[Float]] {
    let pass = try ForwardPass(model, maxRows: batchRows, pageCount: 64, instructions: instructions)
    let sequence = TokenSequence()
    defer { pass.pages.release(sequence) }
    var all: [[Float]] = []
    for start in stride(from: 0, to: tokens.count, by: batchRows) {
        let range = start..<min(start + batchRows, tokens.count)
        try pass.run(
            range.map { BatchRow(token: tokens[$0], sequence: sequence, position: $0, wantsLogits: true) }
        )
        for row in 0..<range.count { all.append(Array(try pass.logits(row, position: range.lowerBound + row).values)) }
    }
    return all
}

@Suite struct ForwardPassTests {
    static func someTokens(_ count: Int, seed: UInt64 = 7) -> [Int] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Int.random(in: 0..<TinyModel().vocabularySize, using: &random) }
    }

    struct Shape: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let model: TinyModel
    }

    /// Shapes that differ in everything a file may choose. Float types need no multiples of 32.
    static let shapes: [Shape] = [
        Shape(testDescription: "grouped query", model: TinyModel()),
        Shape(testDescription: "one head each", model: TinyModel(headCount: 4, kvHeadCount: 4)),
        Shape(testDescription: "one kv head, six queries", model: TinyModel(headCount: 6, kvHeadCount: 1)),
        Shape(testDescription: "tied output", model: TinyModel(hasOwnOutput: false)),
        Shape(testDescription: "rope factors", model: TinyModel(hasRopeFactors: true)),
        Shape(testDescription: "wide heads", model: TinyModel(headCount: 2, kvHeadCount: 2, headDimension: 48)),
    ]

    @Test(arguments: shapes, [TensorType.f32, .f16, .bf16])
    func unquantizedLogitsAreWithinAThousandth(shape: Shape, type: TensorType) throws {
        var tiny = shape.model
        tiny.type = type
        try expectClose(tiny)
    }

    @Test func oddWidthsWorkUnquantized() throws {
        try expectClose(TinyModel(width: 50, feedForwardWidth: 71, type: .f32))
    }

    private func expectClose(_ tiny: TinyModel) throws {
        let file = try tiny.file()
        let tokens = Self.someTokens(48)
        let reference = try ReferenceModel(file).logits(tokens)
        let found = try allLogits(LanguageModel(file), tokens)
        for (expected, logits) in zip(reference, found) {
            let largest = expected.map(abs).max() ?? 0
            let difference = zip(expected, logits).map { abs($0 - Double($1)) }.max() ?? 0
            #expect(difference <= 1e-3 * largest)
        }
    }

    @Test(arguments: shapes, [TensorType.q8_0, .q4_0])
    func quantizedDistributionsAreClose(shape: Shape, type: TensorType) throws {
        var tiny = shape.model
        tiny.type = type
        let file = try tiny.file()
        let tokens = Self.someTokens(48)
        let reference = try ReferenceModel(file).logits(tokens)
        let found = try allLogits(LanguageModel(file), tokens)
        let divergences = zip(reference, found).map { divergence($0, $1.map(Double.init)) }
        // Eight-bit activations are all that differs; random weights make that as large as it gets.
        #expect(divergences.reduce(0, +) / Double(divergences.count) < 0.005)
    }

    @Test func mixedTypesWork() throws {
        let file = try TinyModel(type: .q4_0, embeddingType: .f16).file()
        let tokens = Self.someTokens(20)
        let reference = try ReferenceModel(file).logits(tokens)
        let found = try allLogits(LanguageModel(file), tokens)
        for (expected, logits) in zip(reference, found) {
            #expect(divergence(expected, logits.map(Double.init)) < 0.05)
        }
    }

    // MARK: - The same bits in every arrangement

    @Test(arguments: [TensorType.q8_0, .q4_0, .f32, .f16, .bf16], [1, 3, 16, 17, 40])
    func batchingChangesNoBit(type: TensorType, batchRows: Int) throws {
        let model = try LanguageModel(TinyModel(type: type).file())
        let tokens = Self.someTokens(70)
        let expected = try allLogits(model, tokens, batchRows: 70, instructions: .portable)
        for instructions in InstructionSet.allCases where instructions.isAvailable {
            let found = try allLogits(model, tokens, batchRows: batchRows, instructions: instructions)
            #expect(found == expected, "\(instructions), \(batchRows) rows")
        }
    }

    @Test func aChangedTokenChangesEveryLaterLogit() throws {
        let model = try LanguageModel(TinyModel().file())
        var tokens = Self.someTokens(20)
        let before = try allLogits(model, tokens)
        tokens[5] = (tokens[5] + 1) % model.description.vocabularySize
        let after = try allLogits(model, tokens)
        #expect(Array(before[..<5]) == Array(after[..<5]))
        for t in 5..<20 { #expect(before[t] != after[t]) }
    }

    @Test func neighboursAndSharedPagesChangeNoBit() throws {
        let model = try LanguageModel(TinyModel().file())
        let tokens = Self.someTokens(50)
        let expected = try allLogits(model, tokens)
        let pass = try ForwardPass(model, maxRows: 64, pageCount: 64, instructions: .best)
        let (first, noise) = (TokenSequence(), TokenSequence())
        try pass.run(
            (0..<40).map { BatchRow(token: tokens[$0], sequence: first, position: $0, wantsLogits: false) }
        )
        // 32 of those 40 tokens are whole pages; the rest is run again next to a stranger's tokens.
        let second = pass.pages.share(first, tokens: 40)
        #expect(second.capacity == 32)
        let others = Self.someTokens(18, seed: 99)
        let rows = (0..<18).flatMap { index in
            [
                BatchRow(token: others[index], sequence: noise, position: index, wantsLogits: false),
                BatchRow(token: tokens[32 + index], sequence: second, position: 32 + index, wantsLogits: true),
            ]
        }
        try pass.run(rows)
        for row in 0..<18 {
            #expect(Array(try pass.logits(row, position: 0).values) == expected[32 + row])
        }
        // Giving pages back and taking them again leaves nothing behind.
        for sequence in [first, second, noise] { pass.pages.release(sequence) }
        try pass.run(
            (0..<50).map { BatchRow(token: tokens[$0], sequence: first, position: $0, wantsLogits: true) }
        )
        #expect(Array(try pass.logits(49, position: 49).values) == expected[49])
    }

    // MARK: - Limits

    @Test func badRowsAreRefused() throws {
        let model = try LanguageModel(TinyModel().file(), contextLimit: 40)
        #expect(model.contextLength == 40)
        let pass = try ForwardPass(model, maxRows: 4, pageCount: 2, instructions: .best)
        let sequence = TokenSequence()
        func run(_ token: Int, _ position: Int) throws {
            try pass.run([BatchRow(token: token, sequence: sequence, position: position, wantsLogits: false)])
        }
        let size = model.description.vocabularySize
        #expect(throws: InferenceError.tokenOutOfRange(id: -1, vocabularySize: size)) { try run(-1, 0) }
        #expect(throws: InferenceError.tokenOutOfRange(id: size, vocabularySize: size)) { try run(size, 0) }
        #expect(throws: InferenceError.promptTooLong(tokens: 41, contextLength: 40)) { try run(0, 40) }
        #expect(throws: InferenceError.outOfPages(needed: 3, available: 2)) { try run(0, 32) }
    }
}
