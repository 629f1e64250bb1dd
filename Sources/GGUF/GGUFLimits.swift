/// What a file may ask for. Real files stay far below; a hostile one cannot make the reader allocate without bound.
enum GGUFLimits {
    static let metadataCount = 65_536
    static let tensorCount = 65_536
    static let keyBytes = 65_535
    static let stringBytes = 16 << 20
    static let arrayElements = 4 << 20
    static let tensorNameBytes = 64
    static let dimensionCount = 4
    /// Header, metadata and tensor directory together.
    static let headerBytes = 100_000_000
    static let alignment = 8...65_536
    static let blockCount = 512
}
