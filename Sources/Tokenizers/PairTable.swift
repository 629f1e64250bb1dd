/// Hashes with a secret of the process, so that no file can be made whose entries all fall on one place. What a table
/// answers does not depend on it.
struct SecretHash: Sendable {
    private let secret: UInt64

    init() {
        // The standard library seeds this at random once a process.
        var hasher = Hasher()
        hasher.combine(0)
        secret = UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }

    func callAsFunction(_ value: UInt64) -> Int {
        var mixed = value ^ secret
        for odd: UInt64 in [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93] {
            let product = mixed.multipliedFullWidth(by: odd ^ secret << 1)
            mixed = product.high ^ product.low
        }
        return Int(truncatingIfNeeded: mixed & UInt64(Int.max))
    }

    func callAsFunction(_ bytes: ArraySlice<UInt8>) -> Int {
        guard bytes.count > 8 else { return self(bytes.reduce(UInt64(bytes.count)) { $0 << 8 | UInt64($1) }) }
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize() & Int.max
    }
}

/// 64-bit values by 64-bit keys; no key is ever removed. `UInt64.max` is no key.
struct PairTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt64]
    private let hash = SecretHash()
    private(set) var count = 0

    /// - Parameter capacity: the most keys that come.
    init(capacity: Int) {
        let places = max(16, capacity * 3 / 2).nextPowerOf2
        keys = Array(repeating: .max, count: places)
        values = Array(repeating: 0, count: places)
    }

    func value(_ key: UInt64) -> UInt64? {
        let place = place(key)
        return keys[place] == key ? values[place] : nil
    }

    /// Enters a value where the key has none; the first one stays.
    mutating func insert(_ key: UInt64, _ value: UInt64) {
        let place = place(key)
        guard keys[place] != key, count < keys.count - 1 else { return }
        keys[place] = key
        values[place] = value
        count += 1
    }

    private func place(_ key: UInt64) -> Int {
        var place = hash(key) & (keys.count - 1)
        while keys[place] != key, keys[place] != .max { place = (place + 1) & (keys.count - 1) }
        return place
    }
}

extension Int {
    /// The smallest power of two that is not smaller.
    var nextPowerOf2: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
