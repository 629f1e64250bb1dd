/// Hashes of the words of a text: runs of letters and digits, A-Z as a-z, every byte outside ASCII a letter.
struct WordHashes {
    /// FNV-1a (Fowler, Noll and Vo) of each word, in order.
    let words: [UInt64]

    /// The first `limit` words.
    init(_ text: String, limit: Int) {
        var found: [UInt64] = []
        var hash: UInt64 = 0
        var isInside = false
        for byte in text.utf8 {
            let letter = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
            if letter >= 0x61 && letter <= 0x7a || letter >= 0x80 || letter >= 0x30 && letter <= 0x39 {
                hash = ((isInside ? hash : 0xcbf2_9ce4_8422_2325) ^ UInt64(letter)) &* 0x100_0000_01b3
                isInside = true
            } else if isInside {
                found.append(hash)
                isInside = false
                if found.count == limit { break }
            }
        }
        if isInside, found.count < limit { found.append(hash) }
        words = found
    }

    /// Share of distinct words; nil without words.
    var distinctShare: Double? {
        words.isEmpty ? nil : Double(Set(words).count) / Double(words.count)
    }

    /// Share of pairs of neighbouring words that occurred before; nil for fewer than 8 words.
    var repeatedPairs: Double? {
        guard words.count >= 8 else { return nil }
        let pairs = zip(words, words.dropFirst()).map { $0 &* 31 &+ $1 }
        return 1 - Double(Set(pairs).count) / Double(pairs.count)
    }
}
