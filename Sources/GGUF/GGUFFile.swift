/// A GGUF file whose header, metadata and tensor directory have been read and checked.
///
/// Every length, count, offset and type is checked before it is used, with arithmetic that cannot wrap, so a value of
/// this type describes tensors that lie inside the file and do not overlap. The *content* of tensors is not looked at.
///
/// The file is mapped, not read: it must not be shortened while a `GGUFFile` of it exists (the artifact store's blobs
/// are never changed). Checking the digest is the caller's part.
public final class GGUFFile: Sendable {
    /// 2 or 3.
    public let version: UInt32
    /// Metadata keys in file order.
    public let keys: [String]
    /// Metadata by key.
    public let metadata: [String: GGUFValue]
    /// The tensor directory in file order.
    public let tensors: [GGUFTensor]
    /// Power of two that every tensor's offset is a multiple of.
    public let alignment: Int
    private let bytes: GGUFBytes
    private let indexByName: [String: Int]

    /// Maps the file at `path` and reads its directory.
    ///
    /// - Throws: any `GGUFError` except those about asking for keys and tensors.
    public convenience init(path: String) throws(GGUFError) {
        try self.init(GGUFBytes(path: path))
    }

    /// Reads the directory of a file held in memory; the bytes are copied.
    ///
    /// - Throws: any `GGUFError` except those about asking for keys and tensors, and `cannotOpen`.
    public convenience init(bytes: [UInt8]) throws(GGUFError) {
        try self.init(GGUFBytes(copying: bytes))
    }

    private init(_ bytes: GGUFBytes) throws(GGUFError) {
        var reader = GGUFDirectoryReader(bytes.buffer)
        try reader.read()
        self.bytes = bytes
        version = reader.version
        keys = reader.keys
        metadata = reader.metadata
        tensors = reader.tensors
        alignment = reader.alignment
        indexByName = reader.indexByName
    }

    /// Bytes of the whole file.
    public var byteCount: Int { bytes.buffer.count }

    /// The entry of a tensor, or nil when the file has none of that name.
    public func tensor(named name: String) -> GGUFTensor? {
        indexByName[name].map { tensors[$0] }
    }

    /// The bytes of a tensor of this file, valid during the call.
    public func withBytes<Result>(
        of tensor: GGUFTensor,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(self.tensor(named: tensor.name) == tensor, "the tensor belongs to another file")
        return try withExtendedLifetime(bytes) {
            let range = tensor.fileOffset..<tensor.fileOffset + tensor.byteCount
            return try body(UnsafeRawBufferPointer(rebasing: bytes.buffer[range]))
        }
    }

    /// Refuses the file when a tensor has a type that cannot be computed with, naming the first one.
    ///
    /// - Throws: `GGUFError.unsupportedTensorType`.
    public func requireSupportedTypes() throws(GGUFError) {
        for tensor in tensors where WeightType(tensor.type) == nil {
            throw .unsupportedTensorType(tensor: tensor.name, type: tensor.type)
        }
    }
}

// Typed questions to the metadata: nil when the key is absent, an error when it has another type.
extension GGUFFile {
    /// A string.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func string(_ key: String) throws(GGUFError) -> String? {
        guard let value = metadata[key] else { return nil }
        guard case .string(let string) = value else { throw wrongType(key, "a string", value) }
        return string
    }

    /// An integer of any width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func integer(_ key: String) throws(GGUFError) -> Int? {
        guard let value = metadata[key] else { return nil }
        guard let integer = value.integer else { throw wrongType(key, "an integer", value) }
        return integer
    }

    /// A float of either width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func number(_ key: String) throws(GGUFError) -> Double? {
        guard let value = metadata[key] else { return nil }
        guard let number = value.number else { throw wrongType(key, "a float", value) }
        return number
    }

    /// A boolean.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func bool(_ key: String) throws(GGUFError) -> Bool? {
        guard let value = metadata[key] else { return nil }
        guard case .bool(let bool) = value else { throw wrongType(key, "a bool", value) }
        return bool
    }

    /// An array of strings.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func strings(_ key: String) throws(GGUFError) -> [String]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(.strings(let strings)) = value else { throw wrongType(key, "an array of strings", value) }
        return strings
    }

    /// An array of integers of any width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func integers(_ key: String) throws(GGUFError) -> [Int64]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(.integers(let integers, _)) = value else {
            throw wrongType(key, "an array of integers", value)
        }
        return integers
    }

    /// An integer that must be there and in `range`.
    ///
    /// - Throws: `GGUFError.missingKey`, `wrongType` or `invalidValue`.
    public func requiredInteger(_ key: String, in range: ClosedRange<Int>) throws(GGUFError) -> Int {
        guard let value = try integer(key) else { throw .missingKey(key) }
        guard range.contains(value) else {
            throw .invalidValue(
                key: key,
                value: "\(value)",
                reason: "it must be from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    private func wrongType(_ key: String, _ expected: String, _ found: GGUFValue) -> GGUFError {
        .wrongType(key: key, expected: expected, found: found.kind)
    }
}

/// One entry of the tensor directory. Everything in it has been checked against the file.
public struct GGUFTensor: Sendable, Equatable {
    /// The tensor's name, as in `blk.0.attn_q.weight`.
    public let name: String
    /// How the elements are stored.
    public let type: TensorType
    /// One to four sizes, the fastest-varying first: a matrix of rows × columns is `[columns, rows]`.
    public let dimensions: [Int]
    /// Offset of the first byte from the start of the file.
    public let fileOffset: Int
    /// Bytes of the data.
    public let byteCount: Int

    /// Number of elements: the product of the dimensions.
    public var elementCount: Int { dimensions.reduce(1, *) }
}
