import Digests
import Foundation
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4, examples of NIST.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func agreesWithPublishedVectors(_ message: String, _ expected: String) throws {
        let digest = Digest(of: Data(message.utf8))
        #expect(digest.hexadecimal == expected)
        #expect(digest.description == "sha256:" + expected)
        #expect(digest.short == "sha256:" + expected.prefix(12))
        #expect(try Digest(expected) == digest)
        #expect(try Digest("sha256:" + expected) == digest)
        #expect(try Digest(bytes: digest.bytes) == digest)
    }

    @Test func aMillionLettersInPiecesOfEveryKind() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        let letters = [UInt8](repeating: 0x61, count: 1_000_000)
        for piece in [1, 55, 64, 4096, 1_000_000] {
            var stream = SHA256Stream()
            letters.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    stream.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + piece, bytes.count)]))
                }
            }
            #expect(stream.finish().hexadecimal == expected)
        }
    }

    @Test(arguments: [
        "", "sha256:", "abc", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
        String(repeating: "A", count: 64), String(repeating: "g", count: 64),
        "sha512:" + String(repeating: "a", count: 64), "SHA256:" + String(repeating: "a", count: 64),
        " " + String(repeating: "a", count: 64), "../" + String(repeating: "a", count: 61),
        String(repeating: "a", count: 62) + "é", String(repeating: "１", count: 64),
        String(repeating: "a", count: 64) + "\u{0}",
    ])
    func whatIsNoDigestIsRefused(_ text: String) {
        #expect(throws: DigestsError.badDigest(text)) { try Digest(text) }
    }

    @Test(arguments: [0, 31, 33]) func aDigestHas32Bytes(_ count: Int) {
        #expect(throws: DigestsError.badDigest("\(count) bytes")) {
            try Digest(bytes: [UInt8](repeating: 0, count: count))
        }
    }

    @Test func digestsAreOrderedByTheirBytesAndWrittenAsTextInJSON() throws {
        let low = try Digest(String(repeating: "0", count: 64))
        let high = try Digest(String(repeating: "f", count: 64))
        #expect(low < high)
        let json = try JSONEncoder().encode([low])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(low)\"]")
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [low])
        #expect(throws: (any Error).self) { try JSONDecoder().decode([Digest].self, from: Data("[\"x\"]".utf8)) }
    }
}
