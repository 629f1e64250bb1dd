/// The fields of a query or a form: `name=value` pairs, percent-encoded, with `+` for a space.
struct FieldList: Hashable, Sendable {
    /// The first value of each name.
    let values: [String: String]
    /// The names that occur more than once, sorted: only one of their values would count.
    let repeated: [String]
    /// Whether there are more fields than are read.
    let isCut: Bool

    /// At most so many fields are read.
    static let maxFields = 100

    /// Reads the bytes after the `?`, or of a form's body.
    init(_ bytes: some Collection<UInt8>) {
        var values: [String: String] = [:], repeated: Set<String> = []
        let pairs = bytes.split(separator: UInt8(ascii: "&"), maxSplits: FieldList.maxFields)
        for pair in pairs.prefix(FieldList.maxFields) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = FieldList.decoded(parts[0])
            if values[name] == nil {
                values[name] = parts.count > 1 ? FieldList.decoded(parts[1]) : ""
            } else {
                repeated.insert(name)
            }
        }
        self.values = values
        self.repeated = repeated.sorted()
        isCut = pairs.count > FieldList.maxFields
    }

    /// The value of `name`; nil when there is none or it is empty.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Percent-decoding on bytes; a `%` that no two digits follow stays, invalid UTF-8 becomes U+FFFD.
    ///
    /// - Parameter isField: Whether `+` stands for a space, as in a query; in a path it is itself.
    static func decoded(_ bytes: some Collection<UInt8>, isField: Bool = true) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        var pending: [UInt8] = []
        while let byte = pending.isEmpty ? rest.next() : pending.removeFirst() {
            switch byte {
            case UInt8(ascii: "+") where isField: decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let high = pending.isEmpty ? rest.next() : pending.removeFirst()
                let low = pending.isEmpty ? rest.next() : pending.removeFirst()
                if let high, let low, let first = digit(high), let second = digit(low) {
                    decoded.append(first << 4 | second)
                } else {
                    decoded.append(byte)
                    pending = [high, low].compactMap { $0 } + pending
                }
            default: decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
