import Foundation
import SeededRandom
import Synchronization
import TestSupport
import Testing

@testable import GGUF
@testable import Inference

/// The same bits whatever runs beside a sequence, however its tokens are cut into batches, whether its beginning is
/// shared, on how many threads, and on which instructions: random points of all of these together.
@Suite struct DeterminismMatrixTests {
    /// One arrangement of the sequences 0 to `sequences - 1`.
    struct Point: CustomStringConvertible {
        let sequences: Int
        /// Rows of a batch, on each thread its own.
        let chunks: [Int]
        let sharesPrefix: Bool
        let instructions: InstructionSet

        var threads: Int { chunks.count }

        var description: String {
            "\(sequences) sequences, \(threads) threads with \(chunks) rows, \(sharesPrefix ? "shared" : "own") pages, "
                + "\(instructions)"
        }

        init(_ random: inout SplitMix64, threads: Int) {
            sequences = [1, 2, 3, 5, 8, 16, 32][Int(random.below(7))]
            // As many short ones as long ones.
            chunks = (0..<threads).map { _ in 1 + Int(random.below(1 << random.below(10))) }
            sharesPrefix = random.below(2) == 0
            let available = InstructionSet.allCases.filter(\.isAvailable)
            instructions = available[Int(random.below(UInt64(available.count)))]
        }
    }

    /// Tokens that all sequences begin with: two pages.
    static let prefixLength = 2 * KVPages.pageTokens
    static let mostSequences = 32
    /// Points of an architecture or a type; outside the slow run one for each number of threads.
    static let pointCount = Checkout.isFullRun ? 200 : 4

    /// A model with its sequences, and the logits of each after the common beginning, computed alone and token by token.
    private struct Subject: Sendable {
        let model: LanguageModel
        let texts: [[Int]]
        let expected: [[[Float]]]

        init(_ model: LanguageModel) throws {
            self.model = model
            var random = SplitMix64(seed: 11)
            let vocabulary = UInt64(model.description.vocabularySize)
            func some(_ count: Int) -> [Int] { (0..<count).map { _ in Int(random.below(vocabulary)) } }
            let prefix = some(prefixLength)
            texts = (0..<mostSequences).map { index in prefix + some(1 + index % 11) }
            expected = try texts.map { text in
                Array(try allLogits(model, text, batchRows: 1, instructions: .portable)[prefixLength...])
            }
        }

        /// Positions whose logits differ, or are not there, in one arrangement of the sequences on this thread.
        func faults(_ point: Point, chunk: Int) throws -> Int {
            let pageCount = (point.sequences + 1) * KVPages.pageCount(tokens: prefixLength + 11)
            let pass = try ForwardPass(
                model,
                maxRows: chunk,
                pageCount: pageCount,
                instructions: point.instructions
            )
            let first = TokenSequence()
            if point.sharesPrefix {
                let rows = texts[0].prefix(prefixLength).enumerated().map { position, token in
                    BatchRow(token: token, sequence: first, position: position, wantsLogits: false)
                }
                try run(rows, pass, chunk) { _, _ in }
            }
            let sequences = try (0..<point.sequences).map { _ in
                guard point.sharesPrefix else { return TokenSequence() }
                let shared = pass.pages.share(first, tokens: prefixLength)
                shared.state = try first.state.map(RecurrentState.init(copying:))
                return shared
            }
            // Position by position over all sequences, so that every batch has several.
            let start = point.sharesPrefix ? prefixLength : 0
            let longest = texts.prefix(point.sequences).map(\.count).max() ?? 0
            let rows = (start..<longest).flatMap { position in
                zip(sequences, texts).filter { position < $1.count }.map { sequence, text in
                    BatchRow(
                        token: text[position],
                        sequence: sequence,
                        position: position,
                        wantsLogits: position >= prefixLength
                    )
                }
            }
            var faults = texts.prefix(point.sequences).reduce(0) { $0 + $1.count - prefixLength }
            try run(rows, pass, chunk) { row, logits in
                guard let index = sequences.firstIndex(where: { $0 === row.sequence }) else { return }
                let wanted = expected[index][row.position - prefixLength]
                if wanted.map(\.bitPattern) == logits.map(\.bitPattern) { faults -= 1 }
            }
            return faults
        }

        private func run(
            _ rows: [BatchRow],
            _ pass: ForwardPass,
            _ chunk: Int,
            _ found: (BatchRow, UnsafeBufferPointer<Float>) -> Void
        ) throws {
            for start in stride(from: 0, to: rows.count, by: chunk) {
                let batch = Array(rows[start..<min(start + chunk, rows.count)])
                try pass.run(batch)
                for (index, row) in batch.filter(\.wantsLogits).enumerated() {
                    found(row, try pass.logits(index, position: row.position).values)
                }
            }
        }

        /// Faults of all threads of a point, which use the one model at the same time.
        func faults(_ point: Point) throws -> Int {
            let results = Mutex<[Result<Int, any Error>]>([])
            for chunk in point.chunks {
                Thread {
                    let result = Result { try self.faults(point, chunk: chunk) }
                    results.withLock { $0.append(result) }
                }.start()
            }
            try eventually("all threads end", every: .microseconds(100)) {
                results.withLock { $0.count } == point.threads
            }
            return try results.withLock { try $0.reduce(0) { try $0 + $1.get() } }
        }
    }

    private func check(_ models: [LanguageModel], seed: UInt64) throws {
        let subjects = try models.map { try Subject($0) }
        var random = SplitMix64(seed: seed)
        for index in 0..<Self.pointCount {
            let point = Point(&random, threads: 1 + index % 4)
            let subject = subjects[index % subjects.count]
            let faults = try subject.faults(point)
            #expect(faults == 0, "\(point)")
        }
    }

    @Test(arguments: GoldenModel.names)
    func architectures(name: String) throws {
        let golden = try GoldenModel(name)
        let types: [TensorType] = Checkout.isFullRun ? [.f32, .bf16, .q8_0, .q4_0, .q5_1, .iq4_nl, .mxfp4] : [.q8_0]
        try check(types.map(golden.model), seed: UInt64(name.utf8.count))
    }

    /// An adapter beside the weights, whichever form those have.
    @Test(arguments: GoldenAdapter.names)
    func adapters(name: String) throws {
        let golden = try GoldenAdapter(name)
        let types: [TensorType] = Checkout.isFullRun ? [.f32, .bf16, .q8_0, .q4_0] : [.q8_0]
        try check(types.map { try golden.model(base: $0, adapter: .f16) }, seed: UInt64(name.utf8.count))
    }

    @Test(arguments: WeightType.allCases)
    func types(type: WeightType) throws {
        let model = try LanguageModel(TinyModel.filling(type.tensorType).file())
        try check([model], seed: UInt64(type.tensorType.rawValue))
    }
}
