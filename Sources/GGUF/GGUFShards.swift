/// The files of a split model put together: each says its number, how many there are, and how many tensors all have.
///
/// Only the first file has the metadata of the model. What another one says besides its number must be the same.
struct GGUFShards {
    /// Keys in which a file says its place.
    private enum Key {
        static let number = "split.no"
        static let count = "split.count"
        static let tensorCount = "split.tensors.count"
    }

    private(set) var tensors: [GGUFTensor] = []
    private(set) var indexByName: [String: Int] = [:]
    private let metadata: [String: GGUFValue]
    private let count: Int
    private var added = 0

    /// Begins with the first file.
    ///
    /// - Parameter given: How many files there are.
    /// - Throws: `GGUFError.wrongType`, `incompleteSet`, `wrongShard`.
    init(first: GGUFDirectoryReader, given: Int) throws(GGUFError) {
        metadata = first.metadata
        count = try Self.integer(Key.count, in: first) ?? 1
        guard max(1, count) == given else {
            let number = try Self.integer(Key.number, in: first) ?? 0
            throw .incompleteSet(shard: number &+ 1, of: count, given: given)
        }
        try take(first)
    }

    /// Takes the next file.
    ///
    /// - Throws: `GGUFError`: it is another file of the set, or of no set.
    mutating func add(_ next: GGUFDirectoryReader) throws(GGUFError) {
        for key in next.keys where ![Key.number, Key.count, Key.tensorCount].contains(key) {
            guard metadata[key] == next.metadata[key] else { throw .shardsDiffer(key: key, shard: added + 1) }
        }
        try take(next)
    }

    /// Checks what only all files together can say.
    ///
    /// - Throws: `GGUFError.wrongTensorCount`.
    func finish() throws(GGUFError) {
        guard count > 1, let value = metadata[Key.tensorCount] else { return }
        guard value.integer == tensors.count else {
            throw .wrongTensorCount(stated: value.integer ?? -1, found: tensors.count)
        }
    }

    private mutating func take(_ reader: GGUFDirectoryReader) throws(GGUFError) {
        if count > 1 {
            let (number, of) = (try Self.integer(Key.number, in: reader), try Self.integer(Key.count, in: reader))
            guard number == added, of == count else {
                throw .wrongShard(
                    found: number.map { $0 &+ 1 },
                    ofFound: of,
                    expected: added + 1,
                    of: count
                )
            }
        }
        for var tensor in reader.tensors {
            tensor.shard = added
            guard indexByName.updateValue(tensors.count, forKey: tensor.name) == nil else {
                throw .duplicateTensor(tensor.name)
            }
            tensors.append(tensor)
        }
        guard tensors.count <= GGUFLimits.tensorCount else {
            throw .tooMany(
                what: "number of tensors",
                count: UInt64(tensors.count),
                limit: GGUFLimits.tensorCount
            )
        }
        added += 1
    }

    private static func integer(_ key: String, in reader: GGUFDirectoryReader) throws(GGUFError) -> Int? {
        guard let value = reader.metadata[key] else { return nil }
        guard let integer = value.integer else {
            throw .wrongType(key: key, expected: "an integer", found: value.kind)
        }
        return integer
    }
}
