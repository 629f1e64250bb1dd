import CKernels
import GGUF

/// A weight matrix of rows × columns in the tiled layout that the kernels read (`ckernels.h`).
///
/// Owns its memory. Sendable although it holds pointers: nothing writes to it after `init`.
final class PackedMatrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    /// Bytes that the packed form takes.
    let byteCount: Int
    private let values: UnsafeMutableRawBufferPointer
    private let scales: UnsafeMutableBufferPointer<UInt16>
    private let kernelType: ck_type

    /// Packs a tensor of `[columns, rows]` of a supported type.
    init(_ tensor: GGUFTensor, in file: GGUFFile) throws(GGUFError) {
        guard let type = WeightType(tensor.type) else {
            throw .unsupportedTensorType(tensor: tensor.name, type: tensor.type)
        }
        kernelType =
            switch type {
            case .q8_0: CK_Q8
            case .q4_0: CK_Q4
            case .f32: CK_F32
            case .f16: CK_F16
            case .bf16: CK_BF16
            }
        (columns, rows) = (tensor.dimensions[0], tensor.dimensions[1])
        let valueBytes = ck_value_bytes(kernelType, rows, columns)
        let scaleBytes = ck_scale_bytes(kernelType, rows, columns)
        byteCount = valueBytes + scaleBytes
        values = .allocate(byteCount: valueBytes, alignment: 64)
        scales = .allocate(capacity: scaleBytes / 2)
        file.withBytes(of: tensor) { source in
            ck_pack(
                kernelType,
                source.bindMemory(to: UInt8.self).baseAddress,
                rows,
                columns,
                values.bindMemory(to: UInt8.self).baseAddress,
                scales.baseAddress
            )
        }
    }

    deinit {
        values.deallocate()
        scales.deallocate()
    }

    /// True when the product takes quantised activations.
    var isQuantized: Bool { kernelType == CK_Q8 || kernelType == CK_Q4 }

    /// Calls `body` with what the kernels take; the pointers are valid during the call.
    func withKernelMatrix<Result>(_ body: (UnsafePointer<ck_matrix>) -> Result) -> Result {
        var matrix = ck_matrix()
        matrix.type = kernelType
        matrix.rows = rows
        matrix.cols = columns
        matrix.values = UnsafePointer(values.bindMemory(to: UInt8.self).baseAddress)
        matrix.scales = UnsafePointer(scales.baseAddress)
        return withExtendedLifetime(self) { body(&matrix) }
    }

    /// Writes one row as `columns` floats.
    func unpack(row: Int, to out: UnsafeMutablePointer<Float>) {
        withKernelMatrix { ck_unpack_row($0, row, out) }
    }
}
