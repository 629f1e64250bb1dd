import CKernels
import GGUF

/// A weight matrix of rows × columns in the tiled layout that the kernels read (`ckernels.h`).
///
/// Owns its memory. Sendable although it holds pointers: nothing writes to it after `init`.
final class PackedMatrix: @unchecked Sendable {
    /// Where in a file a matrix was.
    struct Part: Sendable {
        let tensor: String
        /// Which matrix of a stack; nil where the tensor is none.
        let expert: Int?
        /// The first of its rows, where one tensor fuses several matrices.
        let firstRow: Int
    }

    let part: Part
    let rows: Int
    let columns: Int
    /// Bytes that the packed form takes.
    let byteCount: Int
    private let values: UnsafeMutableRawBufferPointer
    private let scales: UnsafeMutableRawBufferPointer
    private let type: WeightType

    /// Packs a tensor, or a part of it.
    ///
    /// - Parameters:
    ///   - tensor: `[columns, rows]`, or `[columns, rows, experts]` with an expert; of a supported type.
    ///   - expert: which matrix of a stack.
    ///   - rows: which output rows, where one tensor fuses several matrices; all of them unless given.
    ///   - asFloats: whether quantised elements are held in single precision.
    /// - Throws: `GGUFError.unsupportedTensorType`, and `invalidDimensions` where the tensor has no such part.
    convenience init(
        _ tensor: GGUFTensor,
        expert: Int? = nil,
        rows part: Range<Int>? = nil,
        asFloats: Bool = false,
        in file: GGUFFile
    ) throws(GGUFError) {
        guard let type = WeightType(tensor.type) else {
            throw .unsupportedTensorType(tensor: tensor.name, type: tensor.type)
        }
        let range = try tensor.matrixRows(expert: expert, rows: part)
        let place = Part(tensor: tensor.name, expert: expert, firstRow: part?.lowerBound ?? 0)
        let rowBytes = tensor.byteCount / (tensor.elementCount / tensor.dimensions[0])
        let isUnpacked = asFloats && type.isQuantized
        self.init(isUnpacked ? .f32 : type, place, rows: range.count, columns: tensor.dimensions[0]) { pack in
            file.withBytes(of: tensor) { source in
                let bytes = range.lowerBound * rowBytes..<range.upperBound * rowBytes
                let rows = UnsafeRawBufferPointer(rebasing: source[bytes])
                guard isUnpacked else { return pack(rows) }
                // Rows are whole blocks, so that this is never nil.
                type.dequantized(rows)?.withUnsafeBytes(pack)
            }
        }
    }

    /// - Parameter source: hands the row-major bytes of the rows over, once.
    private init(
        _ type: WeightType,
        _ part: Part,
        rows: Int,
        columns: Int,
        _ source: ((UnsafeRawBufferPointer) -> Void) -> Void
    ) {
        (self.type, self.part, self.rows, self.columns) = (type, part, rows, columns)
        let (valueBytes, scaleBytes) = Self.bytes(type, rows: rows, columns: columns)
        byteCount = valueBytes + scaleBytes
        let values = UnsafeMutableRawBufferPointer.allocate(byteCount: valueBytes, alignment: 64)
        let scales = UnsafeMutableRawBufferPointer.allocate(byteCount: scaleBytes, alignment: 64)
        (self.values, self.scales) = (values, scales)
        source { bytes in
            ck_pack(
                type.kernelType,
                bytes.bindMemory(to: UInt8.self).baseAddress,
                rows,
                columns,
                values.bindMemory(to: UInt8.self).baseAddress,
                scales.bindMemory(to: UInt8.self).baseAddress
            )
        }
    }

    /// Bytes of the packed form of a matrix.
    static func bytes(_ type: WeightType, rows: Int, columns: Int) -> (values: Int, scales: Int) {
        (ck_value_bytes(type.kernelType, rows, columns), ck_scale_bytes(type.kernelType, rows, columns))
    }

    deinit {
        values.deallocate()
        scales.deallocate()
    }

    /// True when the product takes quantised activations.
    var isQuantized: Bool { type.isQuantized }

    /// Calls `body` with what the kernels take; the pointers are valid during the call.
    func withKernelMatrix<Result>(_ body: (UnsafePointer<ck_matrix>) -> Result) -> Result {
        var matrix = ck_matrix()
        matrix.type = type.kernelType
        matrix.rows = rows
        matrix.cols = columns
        matrix.values = UnsafePointer(values.bindMemory(to: UInt8.self).baseAddress)
        matrix.scales = UnsafePointer(scales.bindMemory(to: UInt8.self).baseAddress)
        return withExtendedLifetime(self) { body(&matrix) }
    }

    /// Writes one row as `columns` floats.
    func unpack(row: Int, to out: UnsafeMutablePointer<Float>) {
        withKernelMatrix { ck_unpack_row($0, row, out) }
    }
}

extension WeightType {
    /// The type as the kernels have it.
    fileprivate var kernelType: ck_type {
        switch self {
        case .f32: CK_F32
        case .f16: CK_F16
        case .bf16: CK_BF16
        case .q8_0: CK_Q8_0
        case .q4_0: CK_Q4_0
        case .q4_1: CK_Q4_1
        case .q5_0: CK_Q5_0
        case .q5_1: CK_Q5_1
        case .q2_K: CK_Q2_K
        case .q3_K: CK_Q3_K
        case .q4_K: CK_Q4_K
        case .q5_K: CK_Q5_K
        case .q6_K: CK_Q6_K
        case .iq4_nl: CK_IQ4_NL
        case .iq4_xs: CK_IQ4_XS
        case .mxfp4: CK_MXFP4
        }
    }
}

extension GGUFTensor {
    /// The rows of a matrix, or of a part of it, counted from the tensor's first row; never empty.
    ///
    /// - Throws: `GGUFError.invalidDimensions`.
    fileprivate func matrixRows(expert: Int?, rows part: Range<Int>?) throws(GGUFError) -> Range<Int> {
        func refusal(_ reason: String) -> GGUFError {
            .invalidDimensions(tensor: name, dimensions: dimensions.map(UInt64.init), reason: reason)
        }
        let first: Int
        switch (dimensions.count, expert) {
        case (2, nil):
            first = 0
        case (3, let expert?):
            guard dimensions[2] > expert, expert >= 0 else { throw refusal("there is no expert \(expert) in it") }
            first = expert * dimensions[1]
        case (_, nil):
            throw refusal("a matrix has two sizes")
        case (_, _?):
            throw refusal("a stack of experts has three sizes")
        }
        let part = part ?? 0..<dimensions[1]
        guard part.lowerBound >= 0, part.upperBound <= dimensions[1], !part.isEmpty else {
            throw refusal("it has no rows \(part.lowerBound)..<\(part.upperBound)")
        }
        return first + part.lowerBound..<first + part.upperBound
    }
}
