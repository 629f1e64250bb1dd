/// Beginnings of prompts that ran lately. A prompt that begins the same, with the same rules or examples, shares their
/// pages instead of running those tokens again: the pages hold the same bits, whoever ran them.
struct PromptPrefixes {
    private struct Entry {
        /// Whole pages of tokens.
        let tokens: [Int]
        let sequence: TokenSequence
        var lastUse: Int
    }

    /// Most beginnings.
    private static let maxEntries = 16

    /// Most pages that they hold together.
    private let maxPages: Int
    private var entries: [Entry] = []
    private var uses = 0

    init(maxPages: Int) { self.maxPages = maxPages }

    /// Pages that nobody else holds: as many are free once all beginnings are dropped.
    func ownPages(in pages: KVPages) -> Int { pages.count(heldOnlyBy: entries.map(\.sequence)) }

    /// What is kept of the beginning of a prompt.
    struct Beginning {
        /// Its whole pages.
        var sequence = TokenSequence()
        /// Pages that go one further: that one begins as the prompt does, too. Nil where there is none.
        var beyond: TokenSequence?
        /// Tokens of the prompt that need not be run: those of the whole pages and of the one beyond.
        var tokens = 0
    }

    /// What is kept of the beginning of `tokens`; at least the last token is left to run. The caller gives both
    /// sequences back.
    mutating func beginning(of tokens: [Int], in pages: KVPages) -> Beginning {
        var best = (index: 0, length: 0)
        for (index, entry) in entries.enumerated() {
            let length = Self.common(entry.tokens, tokens.dropLast())
            if length > best.length { best = (index, length) }
        }
        guard best.length > 0 else { return Beginning() }
        uses += 1
        entries[best.index].lastUse = uses
        let kept = entries[best.index].sequence
        let sequence = pages.share(kept, tokens: best.length)
        let isWhole = sequence.capacity == best.length
        return Beginning(
            sequence: sequence,
            beyond: isWhole ? nil : pages.share(kept, tokens: sequence.capacity + KVPages.pageTokens),
            tokens: best.length
        )
    }

    /// Keeps the whole pages of a prompt that has been run.
    mutating func keep(_ tokens: [Int], of sequence: TokenSequence, in pages: KVPages) {
        let length = tokens.count / KVPages.pageTokens * KVPages.pageTokens
        guard length > 0, length <= maxPages * KVPages.pageTokens else { return }
        uses += 1
        let kept = tokens.prefix(length)
        if let index = entries.firstIndex(where: { $0.tokens.starts(with: kept) }) {
            entries[index].lastUse = uses
            return
        }
        for entry in entries where kept.starts(with: entry.tokens) { pages.release(entry.sequence) }
        entries.removeAll { kept.starts(with: $0.tokens) }
        entries.append(
            Entry(tokens: Array(kept), sequence: pages.share(sequence, tokens: length), lastUse: uses)
        )
        while entries.count > Self.maxEntries || pageCount > maxPages, dropOldest(in: pages) {}
    }

    /// Drops the beginning that was not used for the longest time; false when there was none.
    mutating func dropOldest(in pages: KVPages) -> Bool {
        guard let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse }) else { return false }
        pages.release(entries.remove(at: oldest).sequence)
        return true
    }

    /// Pages of all beginnings; one that several share counts for each.
    private var pageCount: Int { entries.reduce(0) { $0 + $1.sequence.pages.count } }

    private static func common(_ left: [Int], _ right: ArraySlice<Int>) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }
}
