import Foundation
import Testing

@testable import AnswerMetrics

/// The metrics of answers beside the plain way to work them out (`metrics_oracle.py`).
@Suite struct MetricVectorTests {
    private struct Vectors: Decodable {
        struct Distance: Decodable { let left, right: String, distance: Int }
        struct Words: Decodable { let answer, expected: String, tokenF1, rougeL: Double? }
        struct Pattern: Decodable { let pattern: String, texts: [String], occurs: [Bool] }
        struct Loop: Decodable { let text: String, ends: Bool }
        struct Precision: Decodable { let said, right: [Bool], precision, variance: Double }

        let distances: [Distance]
        let words: [Words]
        let patterns: [Pattern]
        let loops: [Loop]
        let precision: [Precision]
    }

    private static let vectors = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try JSONDecoder().decode(
            Vectors.self,
            from: Data(contentsOf: folder.appending(path: "Golden/vectors.json"))
        )
    }

    @Test func distances() throws {
        for row in try Self.vectors.get().distances {
            let left = Array(row.left.unicodeScalars), right = Array(row.right.unicodeScalars)
            #expect(EditSimilarity.distance(left, right) == row.distance)
            #expect(EditSimilarity.distance(right, left) == row.distance)
            let longest = max(left.count, right.count)
            let similarity = longest == 0 ? 1 : 1 - Double(row.distance) / Double(longest)
            #expect(EditSimilarity.of(row.left, row.right) == similarity)
        }
    }

    @Test func wordsInCommon() throws {
        for row in try Self.vectors.get().words {
            let words = AnswerWords(row.answer, expected: row.expected)
            #expect(words.tokenF1 == row.tokenF1, "\(row.answer) | \(row.expected)")
            #expect(words.rougeL == row.rougeL, "\(row.answer) | \(row.expected)")
        }
    }

    @Test func patterns() throws {
        for row in try Self.vectors.get().patterns {
            let pattern = try AnswerPattern(row.pattern)
            for (text, occurs) in zip(row.texts, row.occurs) {
                #expect(pattern.occurs(in: text) == occurs, "\(row.pattern) in \(text.debugDescription)")
            }
        }
    }

    @Test func loops() throws {
        for row in try Self.vectors.get().loops {
            #expect(AnswerLoop.ends(row.text) == row.ends, "\(row.text.debugDescription)")
        }
    }

    /// The values have the mean of the precision, and the spread that the delta method gives it.
    @Test func precision() throws {
        for row in try Self.vectors.get().precision {
            let label = LabelPrecision(zip(row.said, row.right).map { (isSaid: $0, isRight: $1) })
            let mean = label.values.reduce(0, +) / Double(label.values.count)
            let squares = label.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let variance = squares / Double(label.values.count - 1)
            #expect(abs(mean - row.precision) < 1e-12)
            #expect(abs(variance - row.variance) < 1e-12 * max(1, row.variance))
            #expect(label.said == row.said.count { $0 })
        }
        #expect(LabelPrecision([(false, false)]).values.isEmpty)
    }
}
