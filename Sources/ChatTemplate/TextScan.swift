/// Looking through the bytes of texts, by the rules that Python has for characters.
enum TextScan {
    /// Whether a scalar is white space to Python.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0d, 0x1c...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
        default: false
        }
    }

    /// How many bytes a blank has that begins at `index`; 0 when there is none.
    static func blankLength(_ bytes: some RandomAccessCollection<UInt8>, at index: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 {
            let place = bytes.index(bytes.startIndex, offsetBy: index + offset)
            return place < bytes.endIndex ? bytes[place] : 0
        }
        switch byte(0) {
        case 0x09...0x0d, 0x1c...0x20: return 1
        case 0xc2: return byte(1) == 0x85 || byte(1) == 0xa0 ? 2 : 0
        case 0xe1...0xe3:
            let value = UInt32(byte(0) & 0x0f) << 12 | UInt32(byte(1) & 0x3f) << 6 | UInt32(byte(2) & 0x3f)
            return Unicode.Scalar(value).map(isBlank) == true ? 3 : 0
        default: return 0
        }
    }

    /// The first place in `range` that is not blank.
    static func trimmedStart(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound {
            let length = blankLength(bytes, at: index)
            if length == 0 { break }
            index += length
        }
        return min(index, range.upperBound)
    }

    /// The place after the last one in `range` that is not blank.
    static func trimmedEnd(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound {
            var start = end - 1
            while start > range.lowerBound, bytes[start] & 0xc0 == 0x80 { start -= 1 }
            guard blankLength(bytes, at: start) == end - start else { break }
            end = start
        }
        return end
    }

    /// Where a text is that has blanks around it; an empty range when all is blank.
    static func inside(_ bytes: [UInt8]) -> Range<Int> {
        let start = trimmedStart(bytes, 0..<bytes.count)
        return start..<max(start, trimmedEnd(bytes, 0..<bytes.count))
    }

    /// All places in `text` where `needle` stands, from the front and apart from each other, `limit` at most. The time
    /// is linear in both, whatever they hold. `compared` counts the bytes looked at.
    static func places(of needle: String, in text: String, limit: Int = .max, compared: inout Int) -> [Int] {
        var needle = needle, text = text
        var count = 0
        let places = needle.withUTF8 { needle in
            text.withUTF8 { text in
                plainPlaces(of: needle, in: text, limit: limit, compared: &count)
                    ?? linearPlaces(of: needle, in: text, limit: limit, compared: &count)
            }
        }
        compared += count
        return places
    }

    /// The same from the end: they differ where occurrences overlap. In ascending order.
    static func placesFromEnd(of needle: String, in text: String, compared: inout Int) -> [Int] {
        let needle = Array(needle.utf8.reversed()), text = Array(text.utf8.reversed())
        let places = needle.withUnsafeBufferPointer { needle in
            text.withUnsafeBufferPointer { linearPlaces(of: needle, in: $0, limit: .max, compared: &compared) }
        }
        return places.reversed().map { text.count - $0 - needle.count }
    }

    /// Compares at each place: quick for ordinary texts. Nil when it takes too long.
    private static func plainPlaces(
        of needle: UnsafeBufferPointer<UInt8>,
        in text: UnsafeBufferPointer<UInt8>,
        limit: Int,
        compared: inout Int
    ) -> [Int]? {
        var places: [Int] = []
        var index = 0
        let limitOfBytes = 1_024 + 8 * text.count
        while index + needle.count <= text.count, places.count < limit {
            var length = 0
            while length < needle.count, text[index + length] == needle[length] { length += 1 }
            compared += length + 1
            if length == needle.count {
                places.append(index)
                index += max(1, needle.count)
            } else {
                index += 1
            }
            if compared > limitOfBytes { return nil }
        }
        return places
    }

    /// Looks at each byte twice at most, by how much of the needle repeats in itself (Knuth, Morris and Pratt).
    private static func linearPlaces(
        of needle: UnsafeBufferPointer<UInt8>,
        in text: UnsafeBufferPointer<UInt8>,
        limit: Int,
        compared: inout Int
    ) -> [Int] {
        guard !needle.isEmpty else { return [] }
        compared += 2 * (needle.count + text.count)
        var borders = Array(repeating: 0, count: needle.count)
        var border = 0
        for index in needle.indices.dropFirst() {
            while border > 0, needle[index] != needle[border] { border = borders[border - 1] }
            if needle[index] == needle[border] { border += 1 }
            borders[index] = border
        }
        var places: [Int] = []
        var matched = 0
        for index in text.indices where places.count < limit {
            while matched > 0, text[index] != needle[matched] { matched = borders[matched - 1] }
            if text[index] == needle[matched] { matched += 1 }
            if matched == needle.count {
                places.append(index + 1 - matched)
                matched = 0
            }
        }
        return places
    }

    /// The byte offset of each scalar from `start` on; past the end the count of bytes.
    static func offset(ofScalar index: Int, in text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var seen = 0
            for (offset, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 {
                if seen == index { return offset }
                seen += 1
            }
            return bytes.count
        }
    }

    /// How many scalars a text has: Python's length.
    static func scalarCount(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in bytes.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) } }
    }
}
