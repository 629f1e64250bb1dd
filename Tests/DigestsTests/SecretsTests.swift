import Digests
import Testing

@Suite struct SecretsTests {
    /// RFC 4231, test cases 1, 2, 3 and 6.
    @Test(
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ] as [([UInt8], [UInt8], String)]
    )
    func messageCodesAgreeWithPublishedVectors(_ key: [UInt8], _ message: [UInt8], _ expected: String) {
        #expect(HMACSHA256.code(of: message, key: key).hexadecimal == expected)
    }

    @Test(
        arguments: [
            ([], [], true), ([1], [1], true), ([1], [2], false), ([1], [], false), ([], [1], false),
            ([1, 2, 3], [1, 2, 4], false), ([0, 2, 3], [1, 2, 3], false), ([1, 2], [1, 2, 3], false),
        ] as [([UInt8], [UInt8], Bool)]
    )
    func constantTimeComparisonCompares(_ left: [UInt8], _ right: [UInt8], _ equal: Bool) {
        #expect(ConstantTime.isEqual(left, right) == equal)
    }

    @Test func randomBytesDifferAndHaveTheAskedLength() throws {
        #expect(try RandomBytes.make(count: 0).isEmpty)
        let many = try (0..<100).map { _ in try RandomBytes.make(count: 16) }
        #expect(many.allSatisfy { $0.count == 16 })
        #expect(Set(many).count == 100)
    }
}
