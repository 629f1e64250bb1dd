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

    /// A sequence that begins as `tokens` does, with as many whole pages as are kept; at least the last token is left to
    /// run. Empty where nothing is kept.
    mutating func sequence(beginning tokens: [Int], in pages: KVPages) -> TokenSequence {
        var best: (index: Int, length: Int)?
        for (index, entry) in entries.enumerated() {
            let common = Self.common(entry.tokens, tokens.dropLast())
            let length = common / KVPages.pageTokens * KVPages.pageTokens
            if length > best?.length ?? 0 { best = (index, length) }
        }
        guard let best else { return TokenSequence() }
        uses += 1
        entries[best.index].lastUse = uses
        return pages.share(entries[best.index].sequence, tokens: best.length)
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
