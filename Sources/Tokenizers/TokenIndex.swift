/// Token ids by their bytes, which lie in one block.
struct TokenIndex: Sendable {
    private var places: [UInt32]
    private let block: TokenBytes
    private let hash = SecretHash()

    /// No token.
    static let none = UInt32.max

    /// - Parameter block: the bytes of all ids; those that are entered must stay what they are.
    init(_ block: TokenBytes) {
        self.block = block
        places = Array(repeating: Self.none, count: max(16, block.count * 3 / 2).nextPowerOf2)
    }

    /// Bytes of the longest token.
    var longest: Int { block.longest }

    func find(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let id = places[place(bytes)]
        return id == Self.none ? nil : id
    }

    /// Enters a token, unless another one with its bytes is there.
    ///
    /// - Returns: the other one.
    mutating func insert(_ id: Int) -> UInt32? {
        let place = place(block[id])
        guard places[place] == Self.none else { return places[place] }
        places[place] = UInt32(id)
        return nil
    }

    private func place(_ bytes: ArraySlice<UInt8>) -> Int {
        var place = hash(bytes) & (places.count - 1)
        while places[place] != Self.none, !block[Int(places[place])].elementsEqual(bytes) {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }
}

/// The bytes of all tokens one after another: a quarter of a million arrays would cost more than what is in them.
struct TokenBytes: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    /// Bytes of the longest one.
    private(set) var longest = 0

    subscript(id: Int) -> ArraySlice<UInt8> { bytes[(id == 0 ? 0 : ends[id - 1])..<ends[id]] }

    mutating func append(_ token: some Sequence<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: token)
        ends.append(bytes.count)
        longest = max(longest, bytes.count - start)
    }
}
