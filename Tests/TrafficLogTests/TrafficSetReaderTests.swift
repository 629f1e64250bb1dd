import Digests
import Foundation
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import TrafficFormats
import TrafficLog

@Suite struct TrafficSetReaderTests {
    private func read(_ text: String) throws -> [TrafficRequest] { try TrafficSet(data: Data(text.utf8)).requests }

    @Test func requestsComeBackAsWritten() throws {
        let requests = try read(
            #"""
            {"id": "r-1", "variables": {"ticket": "Where is \u00e9 \"12345\"?\n"}, "expected": "{\"a\":1}", "tags": {"locale": "en"}}
             { "variables" : { } , "id" : "r-2" , "expected" : null , "tags":null }
            {"id":"r-3","variables":{"a":"\ud83d\ude00 ü\/\\\b\f\r\t","b":""},"askedAt":"2026-11-21T14:00:00.000Z"}
            """#
        )
        #expect(
            requests == [
                TrafficRequest(
                    id: "r-1",
                    variables: ["ticket": "Where is é \"12345\"?\n"],
                    expected: "{\"a\":1}",
                    tags: ["locale": "en"]
                ),
                TrafficRequest(id: "r-2", variables: [:]),
                TrafficRequest(
                    id: "r-3",
                    variables: ["a": "😀 ü/\\\u{8}\u{c}\r\t", "b": ""],
                    askedAt: Timestamp("2026-11-21T14:00:00Z")
                ),
            ]
        )
    }

    /// A conversation is a line too; one of plain variables has the bytes and the digest that it always had.
    @Test func conversationsAreRequests() throws {
        let line =
            #"{"conversation":"c-1","id":"a","messages":[{"role":"user","text":"é?"},{"calls":[{"arguments":"{}","id":"1","name":"f"}],"#
            + #""role":"assistant","text":""},{"answers":"1","role":"tool","text":"<|im_end|>"}],"settings":{"maxTokens":9,"stop":["x"],"temperature":0.5}}"#
        let set = try TrafficSet(data: Data(line.utf8))
        #expect(set.requests[0].messages?.count == 3 && set.requests[0].variables.isEmpty)
        #expect(set.requests[0].settings?["maxTokens"] == .number(9))
        #expect(try set.canonicalData() == Data((line + "\n").utf8))
        // Digests of the build before conversations.
        let plain =
            #"{"id":"a","variables":{"x":"1"},"expected":"y","tags":{"l":"en"},"tools":"[]","askedAt":"2026-11-21T14:00:00Z"}"#
        #expect(
            try TrafficSet(data: Data(plain.utf8)).canonicalData()
                == Data(
                    (#"{"askedAt":"2026-11-21T14:00:00.000Z","expected":"y","id":"a","tags":{"l":"en"},"tools":"[]","variables":{"x":"1"}}"#
                        + "\n").utf8
                )
        )
    }

    @Test(
        arguments: [
            ("[]", .syntax(column: 1, expected: "an object { … }")),
            ("{", .syntax(column: 2, expected: "a key in double quotes")),
            ("{}", .missingKey("id")), (#"{"id":"a"}"#, .missingKey("variables")),
            (#"{"id":1,"variables":{}}"#, .wrongType(key: "id", expected: "a string")),
            (#"{"id":"a","variables":[]}"#, .wrongType(key: "variables", expected: "an object with strings")),
            (#"{"id":"a","variables":{"x":1}}"#, .wrongType(key: "variables.x", expected: "a string")),
            (#"{"id":"a","variables":{},"expected":{"intent":1}}"#, .wrongType(key: "expected", expected: "a string")),
            (
                #"{"id":"a","variables":{},"askedAt":"noon"}"#,
                .wrongType(key: "askedAt", expected: "a time such as 2026-11-21T14:00:00Z")
            ),
            (
                #"{"id":"a","variables":{},"tools":"{}"}"#,
                .wrongType(key: "tools", expected: "a string with a JSON array of objects")
            ),
            (
                #"{"id":"a","variables":{},"tools":[]}"#,
                .wrongType(key: "tools", expected: "a string")
            ),
            (#"{"id":"a","variables":{},"tags":{"x":null}}"#, .wrongType(key: "tags.x", expected: "a string")),
            (
                #"{"id":"a","variables":{},"expect":"x"}"#,
                .unknownKey(
                    "expect",
                    known: [
                        "id", "variables", "messages", "expected", "expectedFrom", "tags", "askedAt", "tools",
                        "settings",
                        "conversation",
                    ]
                )
            ),
            (
                #"{"id":"a","variables":{},"expectedFrom":"answer"}"#,
                .wrongType(key: "expectedFrom", expected: "left out where nothing is expected")
            ),
            (#"{"custom_id":"a","response":{}}"#, .batch(key: "custom_id")),
            (#"{"conversations":[]}"#, .conversation(key: "conversations")),
            (
                #"{"id":"a","messages":[]}"#,
                .wrongType(key: "messages", expected: "1 to 1024 messages")
            ),
            (
                #"{"id":"a","messages":[{"role":"user","text":"x"},{"role":"assistant","text":"y"}]}"#,
                .wrongType(
                    key: "messages",
                    expected: "messages of which the last is of the user or a tool: its answer is what is compared"
                )
            ),
            (
                #"{"id":"a","messages":[{"role":"user","text":"x"}],"variables":{}}"#,
                .wrongType(key: "messages", expected: "left out beside variables: a request has one of them")
            ),
            (
                #"{"id":"a","messages":[{"role":"user","content":"x"}]}"#,
                .wrongType(key: "messages", expected: "messages with role and text, of tools also answers and calls")
            ),
            (
                #"{"id":"a","messages":[{"role":"user","text":"x","mood":"good"}]}"#,
                .unknownKey("messages.0.mood", known: ["answers", "calls", "name", "role", "text", "thinking"])
            ),
            (
                #"{"id":"a","variables":{},"settings":{"topK":1e9}}"#,
                .badSetting("topK must be from 0 to 1000000")
            ),
            (#"{"id":"a","id":"b","variables":{}}"#, .duplicateKey("id")),
            (#"{"id":"a","variables":{"x":"1","x":"2"}}"#, .duplicateKey("variables.x")),
            (#"{"id":"a","variables":{}} {"#, .syntax(column: 27, expected: "the end of the line")),
            (#"{"id":"a","variables":{},}"#, .syntax(column: 26, expected: "a key in double quotes")),
            (#"{"id":"a" "variables":{}}"#, .syntax(column: 11, expected: "',' or '}'")),
            (#"{"id":"a","variables":{}"#, .syntax(column: 25, expected: "',' or '}'")),
            (#"{"id""a"}"#, .syntax(column: 6, expected: "':' after the key")),
            (#"{"id":"a"#, .syntax(column: 7, expected: "the string to end")),
            (#"{"id":"a\"#, .syntax(column: 9, expected: "a character after the backslash")),
            (#"{"id":"\x"}"#, .syntax(column: 8, expected: #"one of \" \\ \/ \b \f \n \r \t \u"#)),
            (#"{"id":"\u12g4"}"#, .syntax(column: 12, expected: #"four hexadecimal digits after \u"#)),
            (#"{"id":"\ud800"}"#, .syntax(column: 8, expected: "both halves of a surrogate pair")),
            (#"{"id":"\ud800\u0041"}"#, .syntax(column: 8, expected: "both halves of a surrogate pair")),
            (#"{"id":"\udc00"}"#, .syntax(column: 8, expected: "both halves of a surrogate pair")),
            ("{\"id\":\"a\u{1}\"}", .syntax(column: 9, expected: "no control character inside a string")),
            (#"{"id":"","variables":{}}"#, .badID("")), (#"{"id":"a\nb","variables":{}}"#, .badID("a?b")),
            (#"{'id':'a'}"#, .syntax(column: 2, expected: "a key in double quotes")),
            (#"{"id":nul"#, .wrongType(key: "id", expected: "a string")),
        ] as [(String, TrafficLineError)]
    )
    func aBrokenLineIsNamed(_ line: String, _ error: TrafficLineError) {
        let good = #"{"id":"good","variables":{}}"#
        #expect(throws: TrafficLogError.badLine(number: 2, error)) { try read("\(good)\n\(line)\n\(good)") }
    }

    @Test func bytesThatAreNotUTF8AreNamed() {
        for (bytes, column) in [
            ([UInt8(0xff)], 8), ([0xc3, 0x22], 8), ([0x61, 0xed, 0xa0, 0x80], 9), ([0xc3, 0xa9, 0xf0, 0x9f, 0x98], 10),
        ] {
            let line = Array("{\"id\":\"".utf8) + bytes + Array("\",\"variables\":{}}".utf8)
            let error = #expect(throws: TrafficLogError.self) { try TrafficSet(data: Data(line)) }
            #expect(error == .badLine(number: 1, .notUTF8(column: column)), "\(bytes)")
        }
    }

    @Test func setsThatAreNone() {
        #expect(throws: TrafficLogError.emptySet) { try read("") }
        for blank in ["\n", " \t\r\n\n  ", "\u{feff}", "\u{feff}\r\n"] {
            #expect(throws: TrafficLogError.emptySet) { try read(blank) }
        }
        #expect(throws: TrafficLogError.duplicateID("a", line: 3, firstLine: 1)) {
            try read(["a", "b", "a"].map { #"{"id":"\#($0)","variables":{}}"# }.joined(separator: "\n"))
        }
    }

    /// Blank lines hold nothing wherever they are, a byte-order mark only in front; the lines keep their numbers.
    @Test func blankLinesHoldNothing() throws {
        let line = #"{"id":"a","variables":{}}"#
        for text in [line, "\u{feff}\(line)", "\n\n\(line)\r\n\n", "\u{feff}\n \(line)\n\t\n"] {
            #expect(try read(text).map(\.id) == ["a"])
        }
        #expect(throws: TrafficLogError.badLine(number: 3, .missingKey("id"))) { try read("\(line)\n\n{}") }
        #expect(throws: TrafficLogError.self) { try read("\(line)\n\u{feff}\(line)") }
    }

    @Test func linesMayBeLongButNotLongerThanAMebibyte() throws {
        func line(_ count: Int) -> String {
            #"{"id":"a","variables":{"x":"\#(String(repeating: "x", count: count))"}}"#
        }
        let most = TrafficSetReader.lineLimitBytes - line(0).utf8.count
        #expect(try read(line(most)).count == 1)
        for text in [line(most + 1), line(most + 1) + "\n", line(3 << 20)] {
            let error = #expect(throws: TrafficLogError.self) { try read(text) }
            #expect(error == .badLine(number: 1, .tooLong(limitBytes: 1 << 20)))
        }
    }

    @Test func piecesOfAnySizeGiveTheSameRequests() throws {
        let text = (0..<20).map { #"{"id":"r\#($0)","variables":{"ticket":"é\#($0)"}}"# }.joined(separator: "\r\n")
        let whole = try read(text)
        for size in 1...60 {
            var reader = TrafficSetReader()
            var requests: [TrafficRequest] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes {
                    try reader.take($0) { requests.append($0) }
                }
            }
            try reader.finish { requests.append($0) }
            #expect(requests == whole)
        }
    }

    /// Every cut and every changed byte of a good line is an error or a request, never a crash.
    @Test func mutatedLinesAreSurvived() {
        let line = Array(#"{"id":"a","variables":{"t":"\u00e9ü"},"expected":"x","tags":{"l":"en"}}"#.utf8)
        for end in line.indices { #expect(throws: TrafficLogError.self) { try TrafficSet(data: Data(line[..<end])) } }
        for position in line.indices {
            for byte: UInt8 in [0, 0x0a, 0x22, 0x5c, 0x7b, 0x7d, 0x30, 0x75, 0xff, 0xc3] {
                var mutated = line
                mutated[position] = byte
                _ = try? TrafficSet(data: Data(mutated))
            }
        }
    }

    @Test func aFileIsReadAsItsBytesAre() throws {
        let scratch = try ScratchFolder()
        let lines = (0..<5000).map { #"{"id":"r\#($0)","variables":{"ticket":"number \#($0)"},"expected":"\#($0)"}"# }
        let path = scratch.path + "/set.jsonl"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let set = try TrafficSet(data: Data(contentsOf: URL(filePath: path)))
        #expect(set.requests.count == 5000)
        #expect(set.requests[4999].variables == ["ticket": "number 4999"])
    }

    @Test func theCanonicalFormDoesNotDependOnSpacingAndOrderOfKeys() throws {
        let one = try TrafficSet(data: Data(#"{"id":"a","variables":{"x":"é/","b":"1"},"expected":"y"}"#.utf8))
        let other = try TrafficSet(
            data: Data("{ \"expected\":\"y\", \"variables\": {\"b\":\"1\",\"x\":\"\\u00e9\\/\"},\"id\":\"a\"}\r\n".utf8)
        )
        #expect(
            try one.canonicalData()
                == Data("{\"expected\":\"y\",\"id\":\"a\",\"variables\":{\"b\":\"1\",\"x\":\"é/\"}}\n".utf8)
        )
        #expect(try one.canonicalData() == other.canonicalData())
        let again = try TrafficSet(data: one.canonicalData())
        #expect(again.requests == one.requests)
        #expect(try again.canonicalData() == one.canonicalData())
    }
}
