import CKernels
import GGUF

/// What an adapter adds to the product of one matrix: `scale · up (down x)`.
struct LowRankProduct: Sendable {
    /// `rank × columns`.
    let down: PackedMatrix
    /// `rows × rank`.
    let up: PackedMatrix
    let scale: Float

    /// Adds the product to `out`, whose rows are `stride` apart. Each row by itself: how many there are, and which stand
    /// beside it, changes no bit.
    ///
    /// - Parameter input: `count` rows of the base's columns, as floats.
    func add(
        _ count: Int,
        _ input: ForwardBuffers.Floats,
        to out: ForwardBuffers.Floats,
        stride: Int,
        with memory: AdapterBuffers,
        _ isa: ck_isa
    ) {
        let (rank, rows) = (down.rows, up.rows)
        let (lowStride, deltaStride) = (ForwardBuffers.padded(rank), ForwardBuffers.padded(rows))
        down.withKernelMatrix { ck_matmul_float(isa, $0, input, down.columns, count, memory.low, lowStride) }
        for start in Swift.stride(from: 0, to: count, by: AdapterBuffers.chunk) {
            let chunk = min(AdapterBuffers.chunk, count - start)
            up.withKernelMatrix {
                ck_matmul_float(isa, $0, memory.low + start * lowStride, lowStride, chunk, memory.delta, deltaStride)
            }
            for index in 0..<chunk {
                ck_add_scaled(isa, out + (start + index) * stride, memory.delta + index * deltaStride, scale, rows)
            }
        }
    }
}

/// The products of an adapter, by the matrix of the base that each stands beside.
///
/// Both matrices of a pair are held as floats, also where the base is quantised, and take the input as it is: a product
/// over few columns would gain nothing from integers and lose their rounding. A pair that is all zero is left out, so that
/// such an adapter gives exactly the base's bits.
struct LowRankProducts: Sendable {
    private let products: [ObjectIdentifier: LowRankProduct]
    let byteCount: Int

    static let none = Self(products: [:], byteCount: 0)

    var isEmpty: Bool { products.isEmpty }
    var maxRank: Int { products.values.map(\.down.rows).max() ?? 0 }
    var maxRows: Int { products.values.map(\.up.rows).max() ?? 0 }

    /// The product beside a matrix of the base; nil where the adapter leaves it alone.
    func product(beside matrix: PackedMatrix) -> LowRankProduct? { products[ObjectIdentifier(matrix)] }

    private init(products: [ObjectIdentifier: LowRankProduct], byteCount: Int) {
        self.products = products
        self.byteCount = byteCount
    }

    /// Packs the tensors of an adapter that fits these matrices.
    ///
    /// - Throws: `InferenceError.refused` with every tensor that has a value that is not finite.
    init(_ description: AdapterDescription, in file: GGUFFile, beside matrices: [PackedMatrix]) throws {
        var faults: [any Error] = [], zero: Set<String> = []
        for name in description.pairs.flatMap({ [$0.names.down, $0.names.up] }) {
            switch try Self.content(of: name, in: file) {
            case .notFinite: faults.append(InferenceError.inconsistent("tensor \(name) has a value that is not finite"))
            case .zero: zero.insert(name)
            case .values: break
            }
        }
        guard faults.isEmpty else { throw InferenceError.refusal(faults) }
        let pairs = Dictionary(uniqueKeysWithValues: description.pairs.map { ($0.tensor, $0) })
        var products: [ObjectIdentifier: LowRankProduct] = [:], bytes = 0
        // The parts of a fused matrix share what is before the rows.
        var downs: [String: PackedMatrix] = [:]
        for matrix in matrices {
            guard let pair = pairs[matrix.part.tensor], !zero.contains(pair.names.down), !zero.contains(pair.names.up)
            else { continue }
            let expert = matrix.part.expert
            let key = "\(pair.tensor) \(expert ?? 0)"
            let down: PackedMatrix
            if let shared = downs[key] {
                down = shared
            } else {
                down = try Self.pack(pair.names.down, expert: expert, rows: nil, in: file)
                downs[key] = down
                bytes += down.byteCount
            }
            let rows = matrix.part.firstRow..<matrix.part.firstRow + matrix.rows
            let up = try Self.pack(pair.names.up, expert: expert, rows: rows, in: file)
            bytes += up.byteCount
            products[ObjectIdentifier(matrix)] = LowRankProduct(
                down: down,
                up: up,
                scale: description.alpha / Float(pair.rank)
            )
        }
        self.init(products: products, byteCount: bytes)
    }

    private enum Content { case values, zero, notFinite }

    private static func content(of name: String, in file: GGUFFile) throws -> Content {
        let tensor = try tensor(name, in: file)
        guard let values = file.withBytes(of: tensor, tensor.type.dequantized) else {
            throw GGUFError.unsupportedTensorType(tensor: name, type: tensor.type)
        }
        guard values.allSatisfy(\.isFinite) else { return .notFinite }
        return values.allSatisfy { $0 == 0 } ? .zero : .values
    }

    private static func tensor(_ name: String, in file: GGUFFile) throws(GGUFError) -> GGUFTensor {
        guard let tensor = file.tensor(named: name) else { throw .missingTensor(name) }
        return tensor
    }

    /// A matrix in the file's own precision, or in single precision where that is quantised.
    private static func pack(
        _ name: String,
        expert: Int?,
        rows: Range<Int>?,
        in file: GGUFFile
    ) throws -> PackedMatrix {
        try PackedMatrix(tensor(name, in: file), expert: expert, rows: rows, asFloats: true, in: file)
    }
}

/// The memory of an adapter's products during a pass: what `down` gives for all rows, and what `up` gives for some.
final class AdapterBuffers {
    /// Rows that `up` is multiplied with at once.
    static let chunk = 16
    let low: ForwardBuffers.Floats
    let delta: ForwardBuffers.Floats
    private let floats: ZeroedMemory

    /// - Throws: `InferenceError.outOfMemory`.
    init(_ products: LowRankProducts, maxRows: Int) throws(InferenceError) {
        let lowCount = ForwardBuffers.padded(products.maxRank) * maxRows
        let count = lowCount + ForwardBuffers.padded(products.maxRows) * Self.chunk
        floats = try ZeroedMemory(bytes: count * MemoryLayout<Float>.stride, for: "the adapter's activations")
        low = floats.start.bindMemory(to: Float.self, capacity: count)
        delta = low + lowCount
    }
}
