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
    /// Files of a split model, in order; a model in one file has one.
    public var shardCount: Int { shards.count }
    private let shards: [GGUFBytes]
    private let indexByName: [String: Int]

    /// Maps the file at `path` and reads its directory.
    ///
    /// - Throws: any `GGUFError` except those about asking for keys and tensors; `incompleteSet` for one file of several.
    public convenience init(path: String) throws(GGUFError) {
        try self.init(paths: [path])
    }

    /// Maps all files of a split model, in the order of their numbers, and reads them as one: the metadata of the first,
    /// the tensors of all. One path is a model in one file.
    ///
    /// - Throws: as `init(path:)`, and when the files are not those of one model: `incompleteSet`, `wrongShard`,
    ///   `shardsDiffer`, `duplicateTensor`, `wrongTensorCount`.
    public convenience init(paths: [String]) throws(GGUFError) {
        var shards: [GGUFBytes] = []
        for path in paths { shards.append(try GGUFBytes(path: path)) }
        try self.init(shards)
    }

    /// Reads the directory of a file held in memory; the bytes are copied.
    ///
    /// - Throws: any `GGUFError` except those about asking for keys and tensors, and `cannotOpen`.
    public convenience init(bytes: [UInt8]) throws(GGUFError) {
        try self.init([GGUFBytes(copying: bytes)])
    }

    /// Reads a split model held in memory.
    package convenience init(shards: [[UInt8]]) throws(GGUFError) {
        try self.init(shards.map { GGUFBytes(copying: $0) })
    }

    private init(_ shards: [GGUFBytes]) throws(GGUFError) {
        guard let first = shards.first else { throw .notGGUF }
        var reader = GGUFDirectoryReader(first.buffer)
        try reader.read()
        var set = try GGUFShards(first: reader, given: shards.count)
        for bytes in shards.dropFirst() {
            var next = GGUFDirectoryReader(bytes.buffer)
            try next.read()
            try set.add(next)
        }
        try set.finish()
        self.shards = shards
        version = reader.version
        keys = reader.keys
        metadata = reader.metadata
        alignment = reader.alignment
        tensors = set.tensors
        indexByName = set.indexByName
    }

    /// Bytes of the whole file, or of all files of a split model.
    public var byteCount: Int { shards.reduce(0) { $0 + $1.buffer.count } }

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
        return try withExtendedLifetime(shards) {
            let range = tensor.fileOffset..<tensor.fileOffset + tensor.byteCount
            return try body(UnsafeRawBufferPointer(rebasing: shards[tensor.shard].buffer[range]))
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
    /// Which file of a split model holds it, from 0 on.
    public internal(set) var shard = 0
    /// Offset of the first byte from the start of that file.
    public let fileOffset: Int
    /// Bytes of the data.
    public let byteCount: Int

    /// Number of elements: the product of the dimensions.
    public var elementCount: Int { dimensions.reduce(1, *) }
}
