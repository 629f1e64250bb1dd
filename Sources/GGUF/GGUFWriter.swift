/// Writes GGUF files, for fixtures. It writes what it is told: a test may ask for nonsense.
package struct GGUFWriter {
    /// A tensor as it is written; the offset is chosen by the writer unless it is given.
    package struct Tensor {
        package var name: String
        package var type: UInt32
        package var dimensions: [UInt64]
        package var bytes: [UInt8]
        package var offset: UInt64?

        package init(name: String, type: UInt32, dimensions: [UInt64], bytes: [UInt8], offset: UInt64? = nil) {
            self.name = name
            self.type = type
            self.dimensions = dimensions
            self.bytes = bytes
            self.offset = offset
        }
    }

    package var version: UInt32 = 3
    package var metadata: [(key: String, value: GGUFValue)] = []
    package var tensors: [Tensor] = []
    package var alignment = 32

    package init() {}

    /// Adds a metadata pair.
    package mutating func add(_ key: String, _ value: GGUFValue) {
        metadata.append((key, value))
    }

    /// Adds a tensor of `elements`; `dimensions` are fastest-varying first.
    package mutating func add(_ name: String, _ type: TensorType, _ dimensions: [Int], _ elements: [Float]) {
        guard let bytes = type.encoded(elements), dimensions.reduce(1, *) == elements.count else {
            preconditionFailure("\(name): \(elements.count) elements of \(type) do not fill \(dimensions)")
        }
        tensors.append(
            Tensor(name: name, type: type.rawValue, dimensions: dimensions.map(UInt64.init), bytes: bytes)
        )
    }

    /// The whole file.
    package func bytes() -> [UInt8] {
        var out = GGUFOutput()
        out.bytes += Array("GGUF".utf8)
        out.integer(version)
        out.integer(UInt64(tensors.count))
        out.integer(UInt64(metadata.count))
        for (key, value) in metadata {
            out.string(key)
            out.integer(value.type.rawValue)
            out.value(value)
        }
        var data: [UInt8] = []
        for tensor in tensors {
            while !data.count.isMultiple(of: alignment) { data.append(0) }
            out.string(tensor.name)
            out.integer(UInt32(tensor.dimensions.count))
            for size in tensor.dimensions { out.integer(size) }
            out.integer(tensor.type)
            out.integer(tensor.offset ?? UInt64(data.count))
            data += tensor.bytes
        }
        while !out.bytes.count.isMultiple(of: alignment) { out.bytes.append(0) }
        return out.bytes + data
    }
}

/// Bytes that grow by little-endian values.
private struct GGUFOutput {
    var bytes: [UInt8] = []

    mutating func integer<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func string(_ string: String) {
        integer(UInt64(string.utf8.count))
        bytes += Array(string.utf8)
    }

    mutating func value(_ value: GGUFValue) {
        switch value {
        case .uint8(let value): integer(value)
        case .int8(let value): integer(value)
        case .uint16(let value): integer(value)
        case .int16(let value): integer(value)
        case .uint32(let value): integer(value)
        case .int32(let value): integer(value)
        case .uint64(let value): integer(value)
        case .int64(let value): integer(value)
        case .float32(let value): integer(value.bitPattern)
        case .float64(let value): integer(value.bitPattern)
        case .bool(let value): integer(UInt8(value ? 1 : 0))
        case .string(let value): string(value)
        case .array(let value): array(value)
        }
    }

    private mutating func array(_ array: GGUFArray) {
        integer(array.elementType.rawValue)
        integer(UInt64(array.count))
        switch array {
        case .integers(let values, let type):
            let size = type.fixedSize ?? 8
            for value in values { withUnsafeBytes(of: value.littleEndian) { bytes += $0.prefix(size) } }
        case .floats(let values, let type):
            for number in values { type == .float32 ? integer(Float(number).bitPattern) : integer(number.bitPattern) }
        case .bools(let values):
            for bool in values { integer(UInt8(bool ? 1 : 0)) }
        case .strings(let values):
            for text in values { string(text) }
        case .unread: preconditionFailure("an array whose elements were not kept cannot be written")
        }
    }
}
