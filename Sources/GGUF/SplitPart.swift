/// Which part of a split model a file is, as its metadata says.
public struct SplitPart: Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    /// Parts of the whole.
    public let count: Int
    /// Tensors of the whole; nil where the file does not say.
    public let tensorCount: Int?

    /// Reads `split.no`, `split.count` and `split.tensors.count`; nil for a file that is no part of anything.
    public init?(_ file: GGUFFile) {
        guard let count = file.metadata["split.count"]?.integer, count > 0,
            let index = file.metadata["split.no"]?.integer, (0..<count).contains(index)
        else { return nil }
        self.count = count
        number = index + 1
        tensorCount = file.metadata["split.tensors.count"]?.integer
    }

    /// What a person reads.
    public var description: String { "the file is part \(number) of \(count) of a split model" }
}
