/// Finds the texts of special tokens: leftmost first, the longest where several start at one place.
struct SpecialTokenFinder: Sendable {
    /// Tokens by the first byte of their text, longest text first.
    private let byFirstByte: [UInt8: [(token: Int, bytes: [UInt8])]]

    init(_ specials: [(token: Int, bytes: [UInt8])]) {
        var groups: [UInt8: [(token: Int, bytes: [UInt8])]] = [:]
        for special in specials {
            guard let first = special.bytes.first else { continue }
            groups[first, default: []].append(special)
        }
        byFirstByte = groups.mapValues { group in
            group.sorted { ($1.bytes.count, $0.token) < ($0.bytes.count, $1.token) }
        }
    }

    func find(in text: [UInt8]) -> [(token: Int, range: Range<Int>)] {
        var found: [(token: Int, range: Range<Int>)] = []
        var index = 0
        while index < text.count {
            let match = byFirstByte[text[index]]?.first { text[index...].starts(with: $0.bytes) }
            if let match {
                found.append((match.token, index..<index + match.bytes.count))
                index += match.bytes.count
            } else {
                index += 1
            }
        }
        return found
    }

    /// The token whose text is exactly this.
    func token(_ text: [UInt8]) -> Int? {
        text.first.flatMap { byFirstByte[$0] }?.first { $0.bytes == text }?.token
    }
}
