import Foundation
import TestSupport
import Testing

@testable import Tokenizers

/// Long runs of one sort of sign, which make careless scanners quadratic: four times the text takes about four times the
/// processor time, not sixteen, for every way to cut and to merge.
@Suite struct LinearTimeTests {
    private static let parts = [
        "1", "12 ", "a", "A", "aB", "Ab", "é", "e\u{301}", "\u{301}", " ", "\n", " \n", "\t", "\u{3000}", "!", "!/",
        "'", "'s",
        "\u{1F600}", "\u{1F468}\u{200d}", "中", "中A", "ʰ", "ʰA", "½", "٣", "한", "$", "\r\n",
    ]

    /// How many times longer four times the text takes.
    private static func ratio(_ part: String, bytes: Int, _ work: (String) -> Void) -> Double {
        ProcessorTime.ratio(of: { work(String(repeating: part, count: $0 / part.utf8.count)) }, from: bytes)
    }

    @Test(arguments: PreTokenizer.allCases) func cuttingIsLinear(_ kind: PreTokenizer) {
        for part in Self.parts {
            let ratio = Self.ratio(part, bytes: 1 << 13) { text in
                #expect(kind.pieceEnds(ScalarText(text)).last == text.utf8.count)
            }
            #expect(ratio < 10, "\(part.debugDescription): \(ratio) times")
        }
    }

    @Test(arguments: ["llama-bpe", "qwen2", "gpt-2", "gpt-4o"]) func encodingIsLinear(_ name: String) throws {
        let tokenizer = try TinyTokenizer.byteLevel(name).tokenizer()
        for part in ["1", "12", "a", "he", "hello ", " ", "é", "\u{301}", "\u{1F600}", "<|im_end|>"] {
            let ratio = Self.ratio(part, bytes: 1 << 13) { text in
                #expect(!tokenizer.encode(text, specials: .plainText).isEmpty)
            }
            #expect(ratio < 12, "\(part.debugDescription): \(ratio) times")
        }
    }

    /// A megabyte of each.
    @Test(
        .enabled(if: Checkout.isFullRun, "part of the slow matrix: set SERIN_TEST_FULL=1"),
        arguments: PreTokenizer.allCases
    )
    func aMegabyteIsCut(_ kind: PreTokenizer) {
        for part in Self.parts {
            let text = String(repeating: part, count: (1 << 20) / part.utf8.count)
            let seconds = ProcessorTime.seconds { #expect(kind.pieceEnds(ScalarText(text)).last == text.utf8.count) }
            print("\(kind.rawValue) \(part.debugDescription): \(Int(seconds * 1000)) ms of processor time for 1 MB")
        }
    }
}
