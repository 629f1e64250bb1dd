import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import Safetensors

@Suite struct SafetensorsHeaderTests {
    static let good =
        #"{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"c":{"dtype":"I64","shape":[],"data_offsets":[20,28]},"e":{"dtype":"U8","shape":[0,4],"data_offsets":[28,28]}}"#

    private func header(_ text: String, data: Int = 28) throws -> SafetensorsHeader {
        try SafetensorsHeader(header: Array(text.utf8), dataBytes: data)
    }

    private static func file(_ header: String, length: UInt64? = nil, data: Int) -> Data {
        var bytes = Data()
        let stated = length ?? UInt64(header.utf8.count)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: stated >> UInt64(8 * shift))) }
        return bytes + Data(header.utf8) + Data(count: data)
    }

    @Test func tensorsAndMetadataAreRead() throws {
        let header = try header(Self.good)
        #expect(header.metadata == ["format": "pt"])
        #expect(header.tensors.map(\.name) == ["a", "b", "c", "e"])
        #expect(header.tensors.map(\.type) == [.f32, .bf16, .i64, .u8])
        #expect(header.tensors.map(\.shape) == [[2], [2, 3], [], [0, 4]])
        #expect(header.tensors.map(\.elementCount) == [2, 6, 1, 0])
    }

    /// Every type holds as many bits as its name says.
    @Test(arguments: SafetensorsType.allCases)
    func everyTypeHasItsSize(type: SafetensorsType) throws {
        let bytes = 64 * type.bits / 8
        let text = #"{"t":{"dtype":"\#(type.rawValue)","shape":[8,8],"data_offsets":[0,\#(bytes)]}}"#
        #expect(try header(text, data: bytes).tensors[0].elementCount == 64)
        #expect(throws: SafetensorsError.self) { try header(text, data: bytes + 1) }
    }

    @Test func filesAreReadFromDisk() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("m.safetensors", Self.file(Self.good + "   ", data: 28))
        #expect(try SafetensorsHeader(path: path).tensors.count == 4)
        for (name, data, fault) in [
            ("empty", Data(), "the file ends early: 8 bytes needed, 0 there"),
            ("short", Data([1, 2, 3]), "the file ends early: 8 bytes needed, 3 there"),
            ("cut", Self.file(Self.good, data: 0), "the tensors take 28 bytes and the file has 0 after its header"),
            ("long", Self.file(Self.good, data: 29), "the tensors take 28 bytes and the file has 29 after its header"),
            (
                "huge", Self.file(Self.good, length: .max, data: 28),
                "the header says it has 18446744073709551615 bytes, more than the limit of 33554432"
            ),
            (
                "beyond", Self.file(Self.good, length: 1000, data: 28),
                "the file ends early: 1008 bytes needed, \(Self.file(Self.good, data: 28).count) there"
            ),
            ("gguf", Data("GGUF".utf8) + Data(count: 100), "the file ends early: 1179993936 bytes needed"),
        ] {
            let path = try scratch.write(name, data)
            let error = #expect(throws: SafetensorsError.self) { try SafetensorsHeader(path: path) }
            if name != "gguf" { #expect("\(try #require(error))" == fault, "\(name)") }
        }
        #expect(throws: SafetensorsError.cannotOpen(path: "/dev/null", reason: "not a regular file")) {
            try SafetensorsHeader(path: "/dev/null")
        }
    }

    /// One fault a row: what is sent, and what is said of it.
    @Test(
        arguments: [
            ("no object", "[]", 0, "it does not begin with {"),
            ("empty", "", 0, "it does not begin with {"),
            ("not JSON", "{\"a\":", 0, "it ends inside a value"),
            ("trailing", "{} {}", 0, "text after the value"),
            (
                "twice",
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
                1, "occurs twice"
            ),
            ("no entry", #"{"a":1}"#, 0, "must have dtype, shape and data_offsets"),
            ("a member more", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, 1, "and nothing else"),
            ("unknown type", #"{"a":{"dtype":"U9","shape":[1],"data_offsets":[0,1]}}"#, 1, "unknown type \"U9\""),
            (
                "negative size", #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1,
                "a size is no whole number"
            ),
            (
                "half a size", #"{"a":{"dtype":"U8","shape":[0.5],"data_offsets":[0,1]}}"#, 1,
                "a size is no whole number"
            ),
            (
                "size as text", #"{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}"#, 1,
                "a size is no whole number"
            ),
            (
                "overflow", #"{"a":{"dtype":"U8","shape":[9007199254740992,9007199254740992],"data_offsets":[0,1]}}"#,
                1, "the product of its sizes overflows"
            ),
            (
                "bits overflow", #"{"a":{"dtype":"F64","shape":[9007199254740992,1000],"data_offsets":[0,1]}}"#, 1,
                "do not hold"
            ),
            (
                "a size too large", #"{"a":{"dtype":"U8","shape":[1e300],"data_offsets":[0,1]}}"#, 1,
                "a size is no whole number"
            ),
            (
                "nine dimensions", #"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#, 1,
                "it has 9 dimensions"
            ),
            ("backwards", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1, "the smaller first"),
            (
                "three offsets", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1,
                "must be two whole numbers"
            ),
            (
                "too few bytes", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
                "4 bytes do not hold 2 elements of F32"
            ),
            (
                "half a byte", #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, 1,
                "1 bytes do not hold 3 elements of F4"
            ),
            (
                "overlap",
                #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
                3, "tensors a and b overlap"
            ),
            (
                "gap",
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
                3, "1 bytes before tensor b belong to no tensor"
            ),
            ("late start", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}"#, 6, "5 bytes before tensor a"),
            ("empty name", #"{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, "a name of 0 bytes"),
            ("metadata", #"{"__metadata__":{"a":1}}"#, 0, "a value that is no text"),
            ("metadata list", #"{"__metadata__":[]}"#, 0, "__metadata__ is no object"),
        ] as [(String, String, Int, String)]
    )
    func faultsAreNamed(what: String, text: String, data: Int, fault: String) throws {
        let error = #expect(throws: SafetensorsError.self, "\(what)") { try header(text, data: data) }
        let words = "\(try #require(error))"
        #expect(words.contains(fault), "\(what): \(words)")
    }

    @Test func headersThatWouldEatMemoryAreRefusedAtOnce() throws {
        let nested = "{\"a\":" + String(repeating: "[", count: 1 << 20)
        #expect(throws: SafetensorsError.self) { try header(nested) }
        let commas = "{\"a\":[0" + String(repeating: ",0", count: 1 << 20) + "]}"
        #expect(throws: SafetensorsError.badHeader("it is mostly commas")) { try header(commas) }
        let invalid = [UInt8(ascii: "{"), 0xff, 0xfe]
        #expect(throws: SafetensorsError.badHeader("it is not UTF-8")) {
            try SafetensorsHeader(header: invalid, dataBytes: 0)
        }
    }

    /// Bytes changed at random: an error or a header whose tensors fill the data, never anything else.
    @Test func mutationsAreReadOrRefused() throws {
        var random = SplitMix64(seed: 90_114)
        let bytes = Array(Self.good.utf8)
        for _ in 0..<4000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let header = try? SafetensorsHeader(header: changed, dataBytes: 28) else { continue }
            #expect(header.tensors.reduce(0) { $0 + $1.range.count } == 28)
        }
    }
}
