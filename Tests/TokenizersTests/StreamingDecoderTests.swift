import SeededRandom
import Testing

@testable import Tokenizers

@Suite struct StreamingDecoderTests {
    @Test func invalidBytesAreReplacedOnlyWhenCertain() {
        var decoder = StreamingDecoder()
        #expect(decoder.append([0xe2, 0x82]) == "")
        #expect(decoder.append([0xac, 0x41]) == "€A")
        #expect(decoder.append([0xff]) == "\u{fffd}")
        #expect(decoder.append([0xf0, 0x9f, 0x98]) == "")
        #expect(decoder.finish() == "\u{fffd}")
        #expect(decoder.finish() == "")
    }

    /// Wherever bytes are cut, valid or not: the text is that of all of them.
    @Test func cutsChangeNothing() {
        var random = SplitMix64(seed: 8)
        let bytes: [UInt8] = [0x41, 0x80, 0xa0, 0xbf, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0x9f, 0x98, 0xff, 0xc0]
        for _ in 0..<5000 {
            let all = (0..<Int.random(in: 0...24, using: &random)).map { _ in bytes.randomElement(using: &random) ?? 0 }
            var decoder = StreamingDecoder()
            var text = ""
            var rest = all[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...4, using: &random))
                text += decoder.append(piece)
                rest = rest.dropFirst(piece.count)
            }
            text += decoder.finish()
            #expect(Array(text.utf8) == Array(String(decoding: all, as: UTF8.self).utf8), "\(all)")
            #expect((decoder.invalidBytes == 0) == (String(validating: all, as: UTF8.self) != nil), "\(all)")
        }
    }

    /// Bytes that are no UTF-8 are counted; a U+FFFD that was written as such is none.
    @Test(
        arguments: [
            ("A€😀", 0), ("\u{fffd}", 0), ("", 0),
        ].map { (Array(($0.0 as String).utf8), $0.1) } + [
            ([0xff], 1), ([0xf0, 0x9f, 0x98], 3), ([0xef, 0xbf, 0xbd, 0xff, 0x41, 0x80], 2), ([0xe2, 0x82, 0x41], 2),
            ([0xed, 0xa0, 0x80], 3), ([0xc0, 0xaf], 2),
        ] as [([UInt8], Int)]
    )
    func invalidBytesAreCounted(_ bytes: [UInt8], _ count: Int) {
        for size in 1...max(1, bytes.count) {
            var decoder = StreamingDecoder()
            for start in stride(from: 0, to: bytes.count, by: size) {
                _ = decoder.append(bytes[start..<min(start + size, bytes.count)])
            }
            _ = decoder.finish()
            #expect(decoder.invalidBytes == count, "\(bytes) in pieces of \(size)")
        }
    }

    @Test func anUnfinishedCharacterIsHeldNoLongerThanItCanBe() {
        var decoder = StreamingDecoder()
        #expect(decoder.append([0xf0]) == "")
        #expect(decoder.append([0x9f]) == "")
        #expect(decoder.append([0x98]) == "")
        #expect(decoder.append([0x80]) == "😀")
        #expect(decoder.append([0xc3, 0x28]) == "\u{fffd}(")
    }
}
