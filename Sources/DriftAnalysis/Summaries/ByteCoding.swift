import Digests
import Foundation

/// Writes numbers in as few bytes as they need.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ byte: UInt8) { bytes.append(byte) }

    mutating func put(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

    /// Seven bits to a byte, the lowest first.
    mutating func put(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The sign in the lowest bit, so that small numbers of either sign are short.
    mutating func put(signed value: Int128) {
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(fixed value: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))) }
    }

    mutating func put(_ text: String) {
        put(text.utf8.count)
        put(raw: text.utf8)
    }

    /// The bytes behind `magic` and a version, with 8 bytes of their SHA-256 at the end.
    func sealed(magic: String, version: UInt8) -> Data {
        let content = Array(magic.utf8) + [version] + bytes
        return Data(content + Digest(of: content).bytes.prefix(8))
    }
}

/// Reads what ``ByteWriter`` wrote, believing nothing.
struct ByteReader {
    let what: String
    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    /// Opens sealed bytes.
    ///
    /// - Throws: ``DriftError/damaged(what:why:)``, ``DriftError/newer(what:version:)``.
    init(_ data: Data, what: String, magic: String, version: UInt8) throws(DriftError) {
        self.what = what
        bytes = Array(data)
        place = magic.utf8.count + 1
        end = bytes.count - 8
        guard bytes.count >= place + 8 else { throw .damaged(what: what, why: "too short") }
        guard bytes.starts(with: magic.utf8) else { throw .damaged(what: what, why: "not one") }
        guard Digest(of: bytes[..<end]).bytes.prefix(8).elementsEqual(bytes[end...]) else {
            throw .damaged(what: what, why: "wrong checksum")
        }
        let found = bytes[place - 1]
        guard found == version else { throw .newer(what: what, version: Int(found)) }
    }

    /// Opens bytes without a seal.
    init(plain bytes: [UInt8], what: String) {
        self.what = what
        self.bytes = bytes
        place = 0
        end = bytes.count
    }

    var isAtEnd: Bool { place >= end }

    func damaged(_ why: String) -> DriftError { .damaged(what: what, why: why) }

    mutating func byte() throws(DriftError) -> UInt8 {
        guard place < end else { throw damaged("cut off") }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func raw(_ count: Int) throws(DriftError) -> [UInt8] {
        guard count >= 0, count <= end - place else { throw damaged("cut off") }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }

    /// A whole number from 0 to `limit`.
    mutating func number(limit: Int = 1 << 48) throws(DriftError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte()
            guard shift < 63 || next <= 1 else { break }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 {
                guard let number = Int(exactly: value), number <= limit else { throw damaged("a number out of range") }
                return number
            }
        }
        throw damaged("an endless number")
    }

    mutating func signed() throws(DriftError) -> Int128 {
        var value: UInt128 = 0
        for shift in stride(from: UInt128(0), through: 126, by: 7) {
            let next = try byte()
            guard shift < 126 || next <= 3 else { break }
            value |= UInt128(next & 0x7f) << shift
            if next < 0x80 { return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1) }
        }
        throw damaged("an endless number")
    }

    mutating func fixed() throws(DriftError) -> UInt64 {
        try raw(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    }

    mutating func text(limit: Int) throws(DriftError) -> String {
        guard let text = String(validating: try raw(number(limit: limit)), as: UTF8.self) else {
            throw damaged("text that is not UTF-8")
        }
        return text
    }
}
