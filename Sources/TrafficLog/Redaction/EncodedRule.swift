/// Finds base 64 of a text in which the other rules find something.
enum EncodedRule {
    /// The shortest text that is decoded, in signs of base 64.
    private static let minSigns = 16

    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        var index = span.lower
        while index < span.upper {
            guard isSign(span[index]) else {
                index += 1
                continue
            }
            let end = span.end(from: index, while: isSign)
            let stop = span.end(from: end) { $0 == 0x3d }
            if end - index >= minSigns, let found = found(in: span, index..<end) {
                let upper = found.range.upperBound
                claims.append(Claim(range: found.range.lowerBound..<(upper == end ? stop : upper), kind: found.kind))
            }
            index = max(stop, index + 1)
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        ByteClasses.isKeySign(byte) || byte == 0x2b || byte == 0x2f
    }

    /// What the decoded text holds: all of it, or the first part between slashes, as in the path of an address.
    private static func found(in span: TextSpan, _ range: Range<Int>) -> (range: Range<Int>, kind: RedactionKind)? {
        if let kind = decodedKind(span, range) { return (range, kind) }
        var start = range.lowerBound
        for index in range.lowerBound...range.upperBound where index == range.upperBound || span[index] == 0x2f {
            let part = start..<index
            start = index + 1
            guard part.count >= minSigns, part != range, let kind = decodedKind(span, part) else { continue }
            return (part, kind)
        }
        return nil
    }

    private static func decodedKind(_ span: TextSpan, _ range: Range<Int>) -> RedactionKind? {
        guard let text = text(span, range) else { return nil }
        var found: RedactionKind?
        text.withUnsafeBufferPointer { bytes in
            var segmenter = Segmenter()
            segmenter.run(bytes) { segment, signs in
                if found == nil { found = RuleSet.claims(in: bytes, segment, signs, decodes: false).first?.kind }
            }
        }
        return found
    }

    /// The decoded bytes; nil as soon as one of them is not of a text.
    private static func text(_ span: TextSpan, _ range: Range<Int>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for index in range {
            bits = bits << 6 | value(span[index])
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> UInt32(count))
            guard byte >= 0x20 && byte != 0x7f || (0x09...0x0d).contains(byte) else { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }

    private static func value(_ sign: UInt8) -> UInt32 {
        switch sign {
        case 0x41...0x5a: UInt32(sign - 0x41)
        case 0x61...0x7a: UInt32(sign - 0x61 + 26)
        case 0x30...0x39: UInt32(sign - 0x30 + 52)
        case 0x2b, 0x2d: 62
        default: 63
        }
    }
}
