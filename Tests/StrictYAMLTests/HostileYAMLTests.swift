import StrictYAML
import Testing

/// Hostile YAML is refused quickly.
@Suite struct HostileYAMLTests {
    /// Levels of aliases, each naming the one before nine times.
    private static func bomb(levels: Int) -> String {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...levels {
            let names = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(names)]\n"
        }
        return text
    }

    static let aliasMessage =
        "aliases (*name) are not allowed: write the value out; a text that starts with * needs quotes"

    @Test func bombsOfAliasesAsValuesAndInsideKeys() {
        #expect(refusal(of: Array(Self.bomb(levels: 12).utf8)) == "line 2: \(Self.aliasMessage)")
        // Looking for duplicate keys hashes a key with all that its aliases name: 9^13 nodes here.
        let key = Self.bomb(levels: 12) + "? *a12\n: x\n? [*a12]\n: y\n"
        #expect(refusal(of: Array(key.utf8)) == "line 2: \(Self.aliasMessage)")
        let first = "? &k [&x [1, 1], *x, *x]\n: {? [*k, *k] : 1, ? [*k, *k, *k] : 2}\n"
        #expect(refusal(of: Array(first.utf8)) == "line 1: \(Self.aliasMessage)")
    }

    @Test func aliasesAreFoundWhateverTheirNamesAreChangedTo() {
        let alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
        let anchors = alphabet.map { "\($0)q: &\($0)q [1]" }.joined(separator: "\n")
        #expect(refusal(of: Array("\(anchors)\nz: [*aq, *bq]\n".utf8)) == "line 65: \(Self.aliasMessage)")
        let some = alphabet.prefix(10).map { "\($0)q: &\($0)q [1]" }.joined(separator: "\n")
        #expect(refusal(of: Array("\(some)\nz: [*0q]\n".utf8)) == "line 11: \(Self.aliasMessage)")
    }

    @Test func whatLooksLikeAnAliasInsideATextIsText() throws {
        let code = "text: |\n" + (0..<200).map { "  f(&v\($0), *v\($0), **v\($0))\n" }.joined()
        let file = try YAMLFile(Array(code.utf8))
        #expect(file.documents.count == 1)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func nesting(_ opener: String) {
        for depth in [21, 900, 5000] {
            let text = String(repeating: opener, count: depth)
            #expect(refusal(of: Array(text.utf8)) != nil)
        }
    }

    @Test func aNestThatClosesIsRefusedByDepthWithItsPlace() {
        let text = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(refusal(of: Array(text.utf8)) == "line 1: nested deeper than 20 levels: make it flatter")
        let endless = Array(String(repeating: "[", count: 5_000).utf8)
        #expect(refusal(of: endless)?.hasPrefix("line 1: not YAML: nested far too deep: make it flatter") == true)
    }

    @Test func aLineOfAMegabyteAndManySmallNodes() {
        let line = "a: " + String(repeating: "x", count: 1_000_000)
        let limit = "line 1: file has 1000003 bytes, at most 65536 are read: split it into several files"
        #expect(refusal(of: Array(line.utf8)) == limit)
        #expect(refusal(of: Array(line.utf8), limits: YAMLLimits(bytes: 2_000_000)) == nil)
        let many = "[" + String(repeating: "1,", count: 3_000) + "1]"
        #expect(
            refusal(of: Array(many.utf8)) == "line 1: more than 2000 values in one file: split it into several files"
        )
        let deepKeys = String(repeating: "{", count: 900) + "a" + String(repeating: ": 1}", count: 900)
        #expect(refusal(of: Array(deepKeys.utf8)) != nil)
    }

    @Test(
        "Bytes that are not UTF-8",
        arguments: [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]]
    )
    func notUTF8(_ bytes: [UInt8]) {
        let message = "line 2: bytes are not UTF-8: save the file as UTF-8"
        #expect(refusal(of: Array("a: 1\nb: ".utf8) + bytes + Array("\n".utf8)) == message)
        #expect(refusal(of: Array("a: 1\nb: ".utf8) + bytes) == message)
    }

    @Test func everyControlByteButTabAndLineFeedAnywhere() {
        for byte in UInt8(0)...0x1f where byte != 0x09 && byte != 0x0a {
            #expect(refusal(of: Array("# x".utf8) + [byte] + Array("a: 1".utf8)) != nil)
            #expect(refusal(of: Array("a: \"".utf8) + [byte] + Array("\"".utf8)) != nil)
        }
        #expect(refusal(of: Array("a: ".utf8) + [0x7f]) != nil)
    }

    @Test(arguments: 0..<4)
    func mutatedAndTruncatedDocumentsNeverDoAnythingButReadOrRefuse(_ seed: UInt64) {
        let original = Array(
            """
            apiVersion: serin/v1
            kind: Policy
            for: { channel: production, models: ["*", 'a-*'] }
            gates:
              - { id: smoke, type: smoke, level: mandatory }
              - id: card
                text: |
                  one &two *three
                folded: >
                  four
            ? x
            : &y [1, *y]
            """.utf8
        )
        for end in original.indices { _ = refusal(of: Array(original[..<end])) }
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let marks = Array("{}[]:,-?&*!|>'\"%@`#\n\t \\\0\u{ff}".utf8)
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0...next(4) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = marks[next(marks.count)]
                case 1: bytes.insert(marks[next(marks.count)], at: place)
                default: bytes.remove(at: place)
                }
            }
            _ = refusal(of: bytes)
        }
    }
}
