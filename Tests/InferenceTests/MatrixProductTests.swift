import CKernels
import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// Matrix products of every tensor type: on every instruction set the same bits, and near what they are by definition.
@Suite struct MatrixProductTests {
    static let fastSets = KernelTests.fastSets
    static let quantized = WeightType.allCases.filter(\.isQuantized)
    static let plain = WeightType.allCases.filter { !$0.isQuantized }

    /// A matrix of random blocks, in which every integer occurs under scales of both signs, or of `bytes`.
    private struct Matrix {
        let file: GGUFFile
        let tensor: GGUFTensor
        let weights: [Float]

        init(_ type: WeightType, rows: Int, columns: Int, bytes: [UInt8]? = nil) throws {
            var random = SplitMix64(seed: UInt64(rows * columns))
            let blocks = rows * columns / type.block.elements
            var writer = GGUFWriter()
            writer.tensors.append(
                .init(
                    name: "m",
                    type: type.tensorType.rawValue,
                    dimensions: [UInt64(columns), UInt64(rows)],
                    bytes: bytes ?? type.randomBlocks(blocks, using: &random)
                )
            )
            file = try GGUFFile(bytes: writer.bytes())
            tensor = try #require(file.tensor(named: "m"))
            weights = try #require(file.withBytes(of: tensor, type.dequantized))
        }

        func packed(rows: Int? = nil) throws -> PackedMatrix {
            try PackedMatrix(tensor, rows: rows.map { 0..<$0 }, in: file)
        }
    }

    /// Columns of activations as the kernels take them, and the numbers that they stand for.
    private final class Activations {
        let exact: [Float]
        private var values: [Int8]
        private var scales: [Float]
        private var sums: [Int32]

        init(_ x: [Float], quantized: Bool) {
            let blocks = quantized ? x.count / 32 : 0
            var values = [Int8](repeating: 0, count: blocks * 32)
            var scales = [Float](repeating: 0, count: blocks)
            var sums = [Int32](repeating: 0, count: blocks)
            values.withUnsafeMutableBufferPointer { v in
                scales.withUnsafeMutableBufferPointer { s in
                    sums.withUnsafeMutableBufferPointer { u in
                        let out = ck_activations(values: v.baseAddress, scales: s.baseAddress, sums: u.baseAddress)
                        ck_quantize(CK_PORTABLE, x, blocks * 32, out, 0)
                    }
                }
            }
            (self.values, self.scales, self.sums) = (values, scales, sums)
            exact = quantized ? values.indices.map { Float(values[$0]) * scales[$0 / 32] } : x
        }

        /// Rows of the result have a stride of whole tiles; what is not written stays NaN.
        func multiply(_ matrix: PackedMatrix, columns: Int, _ set: InstructionSet) -> [Float] {
            let stride = ForwardBuffers.padded(matrix.rows)
            var out = [Float](repeating: .nan, count: stride * columns)
            guard matrix.isQuantized else {
                matrix.withKernelMatrix {
                    ck_matmul_float(set.kernels, $0, exact, matrix.columns, columns, &out, stride)
                }
                return out
            }
            values.withUnsafeMutableBufferPointer { v in
                scales.withUnsafeMutableBufferPointer { s in
                    sums.withUnsafeMutableBufferPointer { u in
                        let x = ck_activations(values: v.baseAddress, scales: s.baseAddress, sums: u.baseAddress)
                        matrix.withKernelMatrix { ck_matmul_quantized(set.kernels, $0, x, columns, &out, stride) }
                    }
                }
            }
            return out
        }
    }

    /// Every rounding of a product is one of single precision, of a number no larger than the sum of the largest weight
    /// of the matrix times each activation; a weight may itself be the small difference of a product and a minimum.
    private func expectRight(_ found: [Float], _ matrix: Matrix, _ x: [Float], columns: Int, _ what: String) {
        let (width, rows) = (matrix.tensor.dimensions[0], matrix.tensor.dimensions[1])
        let stride = ForwardBuffers.padded(rows)
        let largest = matrix.weights.reduce(0) { max($0, Double(abs($1))) }
        let roundings = Double(2 * (width / 32) + 4)
        for column in 0..<columns {
            let inputs = x[column * width..<(column + 1) * width].map(Double.init)
            let bound = inputs.reduce(0) { $0 + abs($1) } * largest * roundings * 0x1p-24
            var worst = 0.0
            for row in 0..<rows {
                var exact = 0.0
                for k in 0..<width { exact += Double(matrix.weights[row * width + k]) * inputs[k] }
                worst = max(worst, abs(Double(found[column * stride + row]) - exact))
            }
            #expect(worst <= bound, "\(what), column \(column)")
            #expect(found[(column * stride + rows)..<((column + 1) * stride)].allSatisfy { $0 == 0 }, "\(what)")
        }
    }

    private static func widths(_ type: WeightType) -> [Int] {
        switch type.block.elements {
        case 1: [1, 31, 33, 100, 160]
        case 32: [32, 64, 96, 160, 544]
        default: [256, 512, 768]
        }
    }

    /// A column's result is the same whatever columns are beside it, on every instruction set.
    @Test(arguments: WeightType.allCases)
    func everyNumberOfColumnsGivesTheSameBits(type: WeightType) throws {
        for width in Self.widths(type) {
            let matrix = try Matrix(type, rows: 33, columns: width)
            let packed = try matrix.packed()
            let x = Activations(KernelTests.noise(width * 33, seed: UInt64(width)), quantized: type.isQuantized)
            let expected = x.multiply(packed, columns: 33, .portable)
            expectRight(expected, matrix, x.exact, columns: 33, "\(type) of \(width)")
            for columns in 1...33 {
                for set in Self.fastSets {
                    let found = x.multiply(packed, columns: columns, set)
                    #expect(found == Array(expected.prefix(columns * 48)), "\(type) of \(width) × \(columns), \(set)")
                }
            }
        }
    }

    /// A row's result is the same whatever rows are below it.
    @Test(arguments: WeightType.allCases)
    func everyNumberOfRowsGivesTheSameBits(type: WeightType) throws {
        for width in Self.widths(type).suffix(2) {
            let matrix = try Matrix(type, rows: 33, columns: width)
            let x = Activations(KernelTests.noise(width * 5, seed: UInt64(width)), quantized: type.isQuantized)
            let all = x.multiply(try matrix.packed(), columns: 5, .portable)
            for rows in 1...33 {
                let packed = try matrix.packed(rows: rows)
                let stride = ForwardBuffers.padded(rows)
                for set in Self.fastSets + [.portable] {
                    let found = x.multiply(packed, columns: 5, set)
                    for column in 0..<5 {
                        #expect(
                            found[column * stride..<column * stride + rows] == all[column * 48..<column * 48 + rows],
                            "\(type) of \(width), \(rows) rows, \(set)"
                        )
                        #expect(found[column * stride + rows..<(column + 1) * stride].allSatisfy { $0 == 0 })
                    }
                }
            }
        }
    }

    /// Where kernels go over the columns in chunks, and over long rows in parts.
    @Test(arguments: quantized, [(2048, 131), (16_384 + 256, 9), (32_768 + 512, 5)])
    func longRowsAndManyColumnsGiveTheSameBits(type: WeightType, size: (width: Int, columns: Int)) throws {
        let matrix = try Matrix(type, rows: 3, columns: size.width)
        let packed = try matrix.packed()
        let x = Activations(KernelTests.noise(size.width * size.columns, seed: 4), quantized: true)
        let expected = x.multiply(packed, columns: size.columns, .portable)
        expectRight(expected, matrix, x.exact, columns: size.columns, "\(type) of \(size.width)")
        for set in Self.fastSets { #expect(x.multiply(packed, columns: size.columns, set) == expected, "\(set)") }
    }

    /// The largest integers and activations must not saturate anything on the way.
    @Test(arguments: quantized, [UInt8](arrayLiteral: 0x00, 0x0f, 0x7f, 0x80, 0xf0, 0xff))
    func extremesAreExact(type: WeightType, byte: UInt8) throws {
        let (rows, width) = (17, 512)
        var block = [UInt8](repeating: byte, count: type.block.bytes)
        for offset in type.halfOffsets { block.replaceSubrange(offset..<offset + 2, with: [0x00, 0x3c]) }  // 1
        if type == .mxfp4 { block[0] = 128 }
        let count = rows * width / type.block.elements
        let matrix = try Matrix(
            type,
            rows: rows,
            columns: width,
            bytes: Array(repeatElement(block, count: count).joined())
        )
        let packed = try matrix.packed()
        for signs: [Float] in [[1], [-1], [1, -1]] {
            let x = Activations((0..<width).map { 127 * signs[$0 % signs.count] }, quantized: true)
            for set in InstructionSet.allCases where set.isAvailable {
                let found = x.multiply(packed, columns: 1, set)
                for row in 0..<rows {
                    let exact = (0..<width).reduce(0.0) {
                        $0 + Double(matrix.weights[row * width + $1]) * Double(x.exact[$1])
                    }
                    #expect(Double(found[row]) == exact, "\(type) \(set)")
                }
            }
        }
    }

    @Test(arguments: WeightType.allCases)
    func rowsComeBackFromTheTiles(type: WeightType) throws {
        let width = 3 * max(32, type.block.elements)
        let matrix = try Matrix(type, rows: 37, columns: width)
        let packed = try matrix.packed()
        for row in 0..<37 {
            var found = [Float](repeating: 0, count: width)
            packed.unpack(row: row, to: &found)
            #expect(found == Array(matrix.weights[row * width..<(row + 1) * width]))
        }
    }

    /// All powers of two of MXFP4 and all halves are kept: also those that are no normal numbers.
    @Test func everyScaleIsKept() throws {
        for type in Self.quantized {
            let block = type.block
            var bytes: [UInt8] = []
            let scales = type == .mxfp4 ? 256 : 65_536
            for bits in 0..<scales where type == .mxfp4 || bits & 0x7c00 != 0x7c00 {
                var one = (0..<block.bytes).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ bits) }
                if type == .mxfp4 { one[0] = UInt8(bits) }
                for offset in type.halfOffsets {
                    one.replaceSubrange(offset..<offset + 2, with: [UInt8(bits & 255), UInt8(bits >> 8)])
                }
                bytes += one
            }
            let rows = bytes.count / block.bytes
            let matrix = try Matrix(type, rows: rows, columns: block.elements, bytes: bytes)
            let packed = try matrix.packed()
            var found = [Float](repeating: 0, count: block.elements)
            var differing = 0
            for row in 0..<rows {
                packed.unpack(row: row, to: &found)
                let expected = matrix.weights[row * block.elements..<(row + 1) * block.elements]
                if !zip(found, expected).allSatisfy({ $0 == $1 }) { differing += 1 }
            }
            #expect(differing == 0, "\(type)")
        }
    }

    /// A row that is no whole number of blocks is refused before anything is packed.
    @Test(arguments: quantized)
    func brokenRowsAreRefused(type: WeightType) throws {
        let width = type.block.elements + type.block.elements / 2
        var writer = GGUFWriter()
        writer.tensors.append(
            .init(
                name: "blk.0.ffn_up.weight",
                type: type.tensorType.rawValue,
                dimensions: [UInt64(width), 2],
                bytes: Array(repeating: 0, count: 3 * type.block.bytes)
            )
        )
        let message =
            "tensor blk.0.ffn_up.weight has dimensions [\(width), 2]: "
            + "a row of \(type.tensorType) is a multiple of \(type.block.elements) elements"
        #expect {
            try GGUFFile(bytes: writer.bytes())
        } throws: { "\($0)" == message }
    }
}
