import CKernels

/// The key-value cache: pages of 16 tokens that sequences take, share and give back.
///
/// Half precision, but single precision for models whose weights are not quantised: others are measured against those.
///
/// A page is one number for all layers and heads. Pages are counted, so that sequences with a common beginning can hold
/// the same ones; a shared page is full and never written again.
final class KVPages {
    static let pageTokens = Int(CK_LANES)

    /// How the kernels store the numbers.
    let format: ck_cache

    /// Pages that no sequence holds.
    var freeCount: Int { freePages.count }

    /// Where the pages of one layer are.
    private struct Part {
        /// Bytes before the first page.
        let start: Int
        let pageBytes: Int
        let headPageBytes: Int
    }

    private let memory: ZeroedMemory
    /// Of each layer that has pages, in order.
    private let parts: [Part]
    private var freePages: [Int]
    private var references: [Int]

    /// Pages that hold so many tokens.
    static func pageCount(tokens: Int) -> Int { (tokens + pageTokens - 1) / pageTokens }

    /// Bytes of one page over all layers and heads of a model.
    static func pageBytes(_ model: LanguageModel) -> Int {
        let shape = model.description
        return pageBytes(shape, model.cacheFormat)
    }

    /// The same of a model that is not loaded.
    static func pageBytes(_ shape: ModelDescription, _ format: ck_cache) -> Int {
        shape.pagedLayers.reduce(0) { $0 + $1.kvHeadCount * headPageBytes($1, format) }
    }

    private static func headPageBytes(_ layer: ModelDescription.Layer, _ format: ck_cache) -> Int {
        let numberBytes = format == CK_CACHE_F32 ? MemoryLayout<Float>.size : MemoryLayout<UInt16>.size
        return 2 * pageTokens * layer.headDimension * numberBytes
    }

    /// - Throws: `InferenceError.outOfMemory`.
    init(_ model: LanguageModel, pageCount: Int) throws(InferenceError) {
        format = model.cacheFormat
        var start = 0
        parts = model.description.pagedLayers.map { [format] layer in
            let headPageBytes = Self.headPageBytes(layer, format)
            let pageBytes = layer.kvHeadCount * headPageBytes
            defer { start += pageCount * pageBytes }
            return Part(start: start, pageBytes: pageBytes, headPageBytes: headPageBytes)
        }
        memory = try ZeroedMemory(bytes: pageCount * Self.pageBytes(model), for: "the key-value cache")
        freePages = Array((0..<pageCount).reversed())
        references = Array(repeating: 0, count: pageCount)
    }

    /// Makes room for tokens up to `length`.
    ///
    /// - Throws: `InferenceError.outOfPages`; then nothing has changed.
    func extend(_ sequence: TokenSequence, to length: Int) throws(InferenceError) {
        let needed = Self.pageCount(tokens: length) - sequence.pages.count
        guard needed > 0 else { return }
        guard needed <= freePages.count else { throw .outOfPages(needed: needed, available: freePages.count) }
        for _ in 0..<needed {
            let page = freePages.removeLast()
            references[page] = 1
            sequence.pages.append(page)
        }
    }

    /// A new sequence that shares the first `tokens` tokens of another; `tokens` is rounded down to whole pages.
    func share(_ sequence: TokenSequence, tokens: Int) -> TokenSequence {
        let shared = TokenSequence()
        shared.pages = Array(sequence.pages.prefix(tokens / Self.pageTokens))
        for page in shared.pages { references[page] += 1 }
        return shared
    }

    /// Copies what one sequence's n-th page holds to another's: the page that a shared beginning ends in.
    func copy(page index: Int, of source: TokenSequence, to target: TokenSequence) {
        for (layer, part) in parts.enumerated() {
            start(of: target.pages[index], layer: layer).copyMemory(
                from: start(of: source.pages[index], layer: layer),
                byteCount: part.pageBytes
            )
        }
    }

    /// Pages that are held by these sequences and no others.
    func count(heldOnlyBy sequences: [TokenSequence]) -> Int {
        var holders: [Int: Int] = [:]
        for sequence in sequences {
            for page in sequence.pages { holders[page, default: 0] += 1 }
        }
        return holders.count { references[$0.key] == $0.value }
    }

    /// Gives a sequence's pages back; the sequence is empty afterwards.
    func release(_ sequence: TokenSequence) {
        for page in sequence.pages {
            references[page] -= 1
            if references[page] == 0 { freePages.append(page) }
        }
        sequence.pages = []
        sequence.state = nil
    }

    /// Where a layer's part of a page starts, the layer counted among those that have pages; its heads follow one
    /// another, `headPageBytes` each.
    @inline(__always)
    func start(of page: Int, layer: Int) -> UnsafeMutableRawPointer {
        memory.start + parts[layer].start + page * parts[layer].pageBytes
    }

    /// Bytes of one head's keys and values in one page of a layer.
    func headPageBytes(layer: Int) -> Int { parts[layer].headPageBytes }
}

/// One sequence's place in the cache.
final class TokenSequence {
    fileprivate(set) var pages: [Int] = []
    /// What recurrent layers remember; nil before the first token, and where there are none.
    var state: RecurrentState?

    /// Tokens that a new sequence shares with the one it was made from: whole pages.
    var capacity: Int { pages.count * KVPages.pageTokens }
}
