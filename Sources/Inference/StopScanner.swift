/// Looks for stop strings in bytes that arrive in pieces, and holds back what could be the beginning of one.
struct StopScanner {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []

    /// - Parameter stops: strings that end an answer; empty ones are ignored.
    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Adds bytes.
    ///
    /// - Returns: the bytes that are certainly before any stop string, and whether one was found. After that the
    ///   scanner is done.
    mutating func append(_ bytes: [UInt8]) -> (released: [UInt8], stopped: Bool) {
        held += bytes
        for start in held.indices {
            let rest = held[start...]
            if stops.contains(where: { rest.starts(with: $0) }) {
                defer { held = [] }
                return (Array(held[..<start]), true)
            }
            if stops.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) {
                defer { held.removeFirst(start) }
                return (Array(held[..<start]), false)
            }
        }
        defer { held = [] }
        return (held, false)
    }

    /// What was held back, when no more bytes come.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
