import Foundation
import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// A part of a tensor is the same matrix as a tensor of that part alone.
@Suite struct PackedMatrixTests {
    private func file(_ type: TensorType, _ dimensions: [Int]) throws -> (file: GGUFFile, weights: [Float]) {
        var random = SplitMix64(seed: UInt64(dimensions.count))
        let elements = (0..<dimensions.reduce(1, *)).map { _ in Float.random(in: -4...4, using: &random) }
        var writer = GGUFWriter()
        writer.add("m", type, dimensions, elements)
        let file = try GGUFFile(bytes: writer.bytes())
        let tensor = try #require(file.tensor(named: "m"))
        return (file, try #require(file.withBytes(of: tensor, type.dequantized)))
    }

    private func expect(_ matrix: PackedMatrix, holds weights: ArraySlice<Float>, _ what: String) {
        #expect(matrix.rows * matrix.columns == weights.count)
        var found: [Float] = []
        for row in 0..<matrix.rows {
            var values = [Float](repeating: .nan, count: matrix.columns)
            matrix.unpack(row: row, to: &values)
            found += values
        }
        #expect(found == Array(weights), "\(what)")
    }

    @Test(arguments: WeightType.allCases)
    func anExpertIsASliceOfItsStack(type: WeightType) throws {
        let (columns, rows, experts) = (2 * type.tensorType.block.elements, 19, 5)
        let (file, weights) = try file(type.tensorType, [columns, rows, experts])
        let tensor = try #require(file.tensor(named: "m"))
        for expert in 0..<experts {
            let size = columns * rows
            let all = try PackedMatrix(tensor, expert: expert, in: file)
            expect(all, holds: weights[expert * size..<(expert + 1) * size], "\(type) expert \(expert)")
            let few = try PackedMatrix(tensor, expert: expert, rows: 3..<9, in: file)
            let first = expert * size
            expect(few, holds: weights[first + 3 * columns..<first + 9 * columns], "\(type) rows of expert \(expert)")
        }
    }

    @Test(arguments: WeightType.allCases)
    func rowsOfAFusedTensorAreAMatrix(type: WeightType) throws {
        let columns = type.tensorType.block.elements * 3
        let (file, weights) = try file(type.tensorType, [columns, 50])
        let tensor = try #require(file.tensor(named: "m"))
        for rows in [0..<50, 0..<1, 49..<50, 16..<32, 7..<40] {
            let matrix = try PackedMatrix(tensor, rows: rows, in: file)
            expect(matrix, holds: weights[rows.lowerBound * columns..<rows.upperBound * columns], "\(type) \(rows)")
        }
    }

    @Test func partsThatAreNotThereAreRefused() throws {
        let flat = try file(.f32, [4, 6]).file
        let stack = try file(.f32, [4, 6, 2]).file
        let line = try file(.f32, [24]).file
        func expect(_ file: GGUFFile, expert: Int? = nil, rows: Range<Int>? = nil, _ message: String) throws {
            let tensor = try #require(file.tensor(named: "m"))
            #expect {
                try PackedMatrix(tensor, expert: expert, rows: rows, in: file)
            } throws: { "\($0)" == "tensor m has dimensions \(message)" }
        }
        try expect(flat, rows: 0..<7, "[4, 6]: it has no rows 0..<7")
        try expect(flat, rows: -1..<3, "[4, 6]: it has no rows -1..<3")
        try expect(flat, rows: 2..<2, "[4, 6]: it has no rows 2..<2")
        try expect(flat, expert: 0, "[4, 6]: a stack of experts has three sizes")
        try expect(stack, "[4, 6, 2]: a matrix has two sizes")
        try expect(stack, expert: 2, "[4, 6, 2]: there is no expert 2 in it")
        try expect(stack, expert: -1, "[4, 6, 2]: there is no expert -1 in it")
        try expect(stack, expert: 1, rows: 6..<8, "[4, 6, 2]: it has no rows 6..<8")
        try expect(line, "[24]: a matrix has two sizes")
    }
}
