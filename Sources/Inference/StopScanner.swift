/// Looks for stop strings in bytes that arrive in pieces, and holds back what could be the beginning of one.
struct StopScanner {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []

    /// - Parameter stops: strings that end an answer; empty ones are ignored.
    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Adds bytes. The first stop string to be complete ends the text, at the byte where it begins (the longest one where
    /// several are complete at once), however the bytes were cut into pieces.
    ///
    /// - Returns: the bytes that are certainly before any stop string, and whether one was found. After that the
    ///   scanner is done.
    mutating func append(_ bytes: [UInt8]) -> (released: [UInt8], stopped: Bool) {
        guard let longest = stops.map(\.count).max() else { return (bytes, false) }
        for byte in bytes {
            held.append(byte)
            let complete = stops.filter { held.suffix($0.count).elementsEqual($0) }
            if let length = complete.map(\.count).max() {
                defer { held = [] }
                return (Array(held.dropLast(length)), true)
            }
        }
        let keep = (0..<min(longest, held.count + 1)).last { count in
            stops.contains { $0.starts(with: held.suffix(count)) }
        }
        defer { held = Array(held.suffix(keep ?? 0)) }
        return (Array(held.dropLast(keep ?? 0)), false)
    }

    /// What was held back, when no more bytes come.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
