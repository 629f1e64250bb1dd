/// Reads everything before the tensor data and checks it. The order of the checks is the order of the file.
struct GGUFDirectoryReader {
    private(set) var version: UInt32 = 0
    private(set) var keys: [String] = []
    private(set) var metadata: [String: GGUFValue] = [:]
    private(set) var tensors: [GGUFTensor] = []
    private(set) var indexByName: [String: Int] = [:]
    private(set) var alignment = 32
    private var cursor: GGUFCursor
    /// Elements of arrays that are kept so far: a header that becomes many times its size in memory is refused before.
    private var keptElements = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        cursor = GGUFCursor(bytes)
    }

    mutating func read() throws(GGUFError) {
        // The four letters as a little-endian integer: "GGUF".
        guard cursor.end >= 4, try cursor.integer(UInt32.self, "the magic number") == 0x4655_4747 else {
            throw .notGGUF
        }
        version = try cursor.integer(UInt32.self, "the version")
        guard version == 2 || version == 3 else {
            throw version.byteSwapped == 2 || version.byteSwapped == 3 ? .bigEndian : .unsupportedVersion(version)
        }
        let tensorCount = try count("number of tensors", limit: GGUFLimits.tensorCount)
        let metadataCount = try count("number of metadata keys", limit: GGUFLimits.metadataCount)
        for _ in 0..<metadataCount { try readPair() }
        try readAlignment()
        var entries: [Entry] = []
        for _ in 0..<tensorCount { entries.append(try readEntry()) }
        try placeTensors(entries)
    }

    private mutating func count(_ what: String, limit: Int) throws(GGUFError) -> Int {
        let count = try cursor.integer(UInt64.self, "the \(what)")
        guard count <= UInt64(limit) else { throw .tooMany(what: what, count: count, limit: limit) }
        return Int(count)
    }
}

// MARK: - Metadata

extension GGUFDirectoryReader {
    private mutating func readPair() throws(GGUFError) {
        let start = cursor.offset
        let key = try cursor.name(limit: GGUFLimits.keyBytes, "a metadata key")
        guard !key.isEmpty else { throw .emptyKey(offset: start) }
        guard metadata[key] == nil else { throw .duplicateKey(key) }
        let type = try valueType(key)
        metadata[key] = type == .array ? .array(try readArray(key)) : try readScalar(type, key)
        keys.append(key)
    }

    private mutating func valueType(_ key: String) throws(GGUFError) -> GGUFValueType {
        let rawValue = try cursor.integer(UInt32.self, "the type of \(key)")
        guard let type = GGUFValueType(rawValue: rawValue) else {
            throw .unknownValueType(key: key, rawValue: rawValue)
        }
        return type
    }

    private mutating func readScalar(_ type: GGUFValueType, _ key: String) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: .uint8(try cursor.integer(UInt8.self, key))
        case .int8: .int8(try cursor.integer(Int8.self, key))
        case .uint16: .uint16(try cursor.integer(UInt16.self, key))
        case .int16: .int16(try cursor.integer(Int16.self, key))
        case .uint32: .uint32(try cursor.integer(UInt32.self, key))
        case .int32: .int32(try cursor.integer(Int32.self, key))
        case .uint64: .uint64(try cursor.integer(UInt64.self, key))
        case .int64: .int64(try cursor.integer(Int64.self, key))
        case .float32: .float32(Float(bitPattern: try cursor.integer(UInt32.self, key)))
        case .float64: .float64(Double(bitPattern: try cursor.integer(UInt64.self, key)))
        case .bool: .bool(try readBool(key))
        case .string: .string(try cursor.string(limit: GGUFLimits.stringBytes, key))
        case .array: throw .nestedArray(key: key)
        }
    }

    private mutating func readBool(_ key: String) throws(GGUFError) -> Bool {
        let byte = try cursor.integer(UInt8.self, key)
        guard byte <= 1 else { throw .invalidBoolean(key: key, byte: byte) }
        return byte == 1
    }

    private mutating func readArray(_ key: String) throws(GGUFError) -> GGUFArray {
        let type = try valueType(key)
        let count = try self.count("number of elements of \(key)", limit: GGUFLimits.arrayElements)
        // Before anything is reserved: the file must be long enough for what it announces.
        let minSize = type.fixedSize ?? 8
        let left = cursor.end - cursor.offset
        guard count <= left / minSize else {
            throw .truncated(what: key, offset: cursor.offset, needed: UInt64(count * minSize), available: left)
        }
        if count > GGUFLimits.shortArray, !key.utf8.starts(with: Self.tokenizerKeys.utf8) {
            try skip(type, count, key)
            return .unread(type, count: count)
        }
        keptElements += count
        guard keptElements <= GGUFLimits.arrayElements else {
            throw .tooMany(
                what: "number of elements of all arrays up to \(key)",
                count: UInt64(keptElements),
                limit: GGUFLimits.arrayElements
            )
        }
        switch type {
        case .uint8: return .integers(try integers(UInt8.self, count, key), type)
        case .int8: return .integers(try integers(Int8.self, count, key), type)
        case .uint16: return .integers(try integers(UInt16.self, count, key), type)
        case .int16: return .integers(try integers(Int16.self, count, key), type)
        case .uint32: return .integers(try integers(UInt32.self, count, key), type)
        case .int32: return .integers(try integers(Int32.self, count, key), type)
        case .uint64: return .integers(try integers(UInt64.self, count, key), type)
        case .int64: return .integers(try integers(Int64.self, count, key), type)
        case .float32:
            return .floats(
                try elements(count) { cursor throws(GGUFError) in
                    Double(Float(bitPattern: try cursor.integer(UInt32.self, key)))
                },
                type
            )
        case .float64:
            return .floats(
                try elements(count) { cursor throws(GGUFError) in
                    Double(bitPattern: try cursor.integer(UInt64.self, key))
                },
                type
            )
        case .bool:
            var values: [Bool] = []
            for _ in 0..<count { values.append(try readBool(key)) }
            return .bools(values)
        case .string:
            return .strings(
                try elements(count) { cursor throws(GGUFError) in
                    try cursor.string(limit: GGUFLimits.stringBytes, "an element of \(key)")
                }
            )
        case .array:
            throw .nestedArray(key: key)
        }
    }

    /// Where the arrays are that a tokenizer is made of; all others that are read have at most an element for each layer.
    private static let tokenizerKeys = "tokenizer."

    /// Walks over an array, as far as it must be looked at to know where it ends.
    private mutating func skip(_ type: GGUFValueType, _ count: Int, _ key: String) throws(GGUFError) {
        if let size = type.fixedSize, type != .bool {
            _ = try cursor.take(UInt64(count * size), key)
            return
        }
        for _ in 0..<count {
            if type == .bool {
                _ = try readBool(key)
            } else {
                _ = try cursor.string(limit: GGUFLimits.stringBytes, "an element of \(key)")
            }
        }
    }

    private mutating func elements<Element>(
        _ count: Int,
        _ next: (inout GGUFCursor) throws(GGUFError) -> Element
    ) throws(GGUFError) -> [Element] {
        var values: [Element] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try next(&cursor)) }
        return values
    }

    private mutating func integers<T: FixedWidthInteger>(
        _ type: T.Type,
        _ count: Int,
        _ key: String
    ) throws(GGUFError) -> [Int64] {
        try elements(count) { cursor throws(GGUFError) in
            let value = try cursor.integer(type, key)
            guard let wide = Int64(exactly: value) else {
                throw .invalidValue(key: key, value: "\(value)", reason: "an element does not fit 63 bits")
            }
            return wide
        }
    }

    private mutating func readAlignment() throws(GGUFError) {
        guard let value = metadata["general.alignment"] else { return }
        guard case .uint32(let given) = value else { throw .invalidAlignment(value.kind) }
        guard GGUFLimits.alignment.contains(Int(given)), given & (given - 1) == 0 else {
            throw .invalidAlignment("\(given)")
        }
        alignment = Int(given)
    }
}

// MARK: - Tensor directory

extension GGUFDirectoryReader {
    /// A directory entry before its place in the file is known.
    private struct Entry {
        let name: String
        let type: TensorType
        let dimensions: [Int]
        let byteCount: Int
        /// From the start of the data section.
        let offset: UInt64
    }

    private mutating func readEntry() throws(GGUFError) -> Entry {
        let start = cursor.offset
        let name = try cursor.name(limit: GGUFLimits.tensorNameBytes, "a tensor name")
        guard !name.isEmpty else { throw .emptyTensorName(offset: start) }
        guard indexByName.updateValue(indexByName.count, forKey: name) == nil else { throw .duplicateTensor(name) }
        let dimensionCount = try cursor.integer(UInt32.self, "the number of dimensions of \(name)")
        guard (1...GGUFLimits.dimensionCount).contains(Int(dimensionCount)) else {
            throw .invalidDimensions(tensor: name, dimensions: [], reason: "\(dimensionCount) sizes, not 1 to 4")
        }
        var sizes: [UInt64] = []
        for _ in 0..<dimensionCount { sizes.append(try cursor.integer(UInt64.self, "the dimensions of \(name)")) }
        let rawType = try cursor.integer(UInt32.self, "the type of \(name)")
        guard let type = TensorType(rawValue: rawType) else {
            throw .unknownTensorType(tensor: name, rawValue: rawType)
        }
        let offset = try cursor.integer(UInt64.self, "the offset of \(name)")
        let byteCount = try Self.byteCount(name: name, type: type, sizes: sizes)
        // The product fits an Int, so each size does.
        return Entry(name: name, type: type, dimensions: sizes.map { Int($0) }, byteCount: byteCount, offset: offset)
    }

    private static func byteCount(name: String, type: TensorType, sizes: [UInt64]) throws(GGUFError) -> Int {
        guard sizes.allSatisfy({ $0 >= 1 }) else {
            throw .invalidDimensions(tensor: name, dimensions: sizes, reason: "a size is zero")
        }
        var elements: UInt64 = 1
        for size in sizes {
            let (product, overflow) = elements.multipliedReportingOverflow(by: size)
            guard !overflow, product <= UInt64(Int.max) else {
                throw .invalidDimensions(tensor: name, dimensions: sizes, reason: "their product overflows")
            }
            elements = product
        }
        let block = type.block
        guard sizes[0].isMultiple(of: UInt64(block.elements)) else {
            throw .invalidDimensions(
                tensor: name,
                dimensions: sizes,
                reason: "a row of \(type) is a multiple of \(block.elements) elements"
            )
        }
        let (bytes, overflow) = (Int(elements) / block.elements).multipliedReportingOverflow(by: block.bytes)
        guard !overflow else {
            throw .invalidDimensions(tensor: name, dimensions: sizes, reason: "their size in bytes overflows")
        }
        return bytes
    }

    private mutating func placeTensors(_ entries: [Entry]) throws(GGUFError) {
        guard !entries.isEmpty else { return }
        let padding = (alignment - cursor.offset % alignment) % alignment
        let dataStart = cursor.offset + padding
        let available = cursor.bytes.count - dataStart
        guard available >= 0 else {
            throw .truncated(
                what: "the padding before the tensor data",
                offset: cursor.offset,
                needed: UInt64(padding),
                available: cursor.bytes.count - cursor.offset
            )
        }
        for entry in entries {
            guard entry.offset.isMultiple(of: UInt64(alignment)) else {
                throw .misalignedTensor(tensor: entry.name, offset: entry.offset, alignment: alignment)
            }
            guard entry.byteCount <= available, entry.offset <= UInt64(available - entry.byteCount) else {
                throw .tensorOutsideFile(
                    tensor: entry.name,
                    offset: entry.offset,
                    byteCount: entry.byteCount,
                    available: available
                )
            }
            tensors.append(
                GGUFTensor(
                    name: entry.name,
                    type: entry.type,
                    dimensions: entry.dimensions,
                    fileOffset: dataStart + Int(entry.offset),
                    byteCount: entry.byteCount
                )
            )
        }
        // Writers fill the padding with zeros. A number of tensors that is too small would leave an entry of the directory
        // here, and all data would be read from the wrong place.
        if let filled = cursor.bytes[cursor.offset..<dataStart].firstIndex(where: { $0 != 0 }) {
            throw .filledPadding(offset: filled, tensorCount: entries.count)
        }
        let ordered = tensors.sorted { $0.fileOffset < $1.fileOffset }
        for (first, second) in zip(ordered, ordered.dropFirst())
        where second.fileOffset < first.fileOffset + first.byteCount {
            throw .overlappingTensors(first.name, second.name)
        }
    }
}

/// What a file may ask for. Real files stay far below; a hostile one cannot make the reader allocate without bound.
enum GGUFLimits {
    static let metadataCount = 65_536
    static let tensorCount = 65_536
    static let keyBytes = 65_535
    static let stringBytes = 16 << 20
    /// Of all arrays that are kept, together; a vocabulary of a million tokens with scores, types and merges fits.
    static let arrayElements = 4 << 20
    /// Arrays that nobody asks for are kept up to so many elements.
    static let shortArray = 65_536
    static let tensorNameBytes = 64
    static let dimensionCount = 4
    /// Header, metadata and tensor directory together.
    static let headerBytes = 100_000_000
    static let alignment = 8...65_536
    static let blockCount = 512
}
