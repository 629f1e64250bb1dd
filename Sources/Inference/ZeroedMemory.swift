#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory of the system's that reads as zero and costs nothing until it is written; given back at the end.
final class ZeroedMemory {
    /// The first byte, at a multiple of a cache line so that no vector lies across two.
    let start: UnsafeMutableRawPointer
    private let allocation: UnsafeMutableRawPointer

    /// - Parameter what: what the memory is for, for the error.
    /// - Throws: `InferenceError.outOfMemory`.
    init(bytes: Int, for what: String) throws(InferenceError) {
        let line = 64
        guard let allocation = calloc(bytes + line, 1) else { throw .outOfMemory(what: what, bytes: bytes) }
        self.allocation = allocation
        start = allocation.alignedUp(toMultipleOf: line)
    }

    deinit { free(allocation) }
}
