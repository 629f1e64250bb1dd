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
        for tensor in tensors where !tensor.type.isSupported {
            throw .unsupportedTensorType(tensor: tensor.name, type: tensor.type)
        }
    }
}
