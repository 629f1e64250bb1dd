import Foundation
import RegistryTypes
import StrictJSON
import Testing
import TrafficFormats

/// Files of ours in the form of each tool: what is recognised, taken and left behind.
@Suite struct FormatTests {
    static func file(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Files")
        return try Array(Data(contentsOf: folder.appending(path: name)))
    }

    /// A file, its form, its requests, those that are conversations, those with an expected answer, what was not taken.
    static let files: [(String, TrafficFormat, Int, Int, Int, [String: Int])] = [
        ("own.jsonl", .own, 3, 2, 1, [:]),
        ("openai-chat.jsonl", .chat, 3, 3, 1, ["model": 2, "stream": 1]),
        ("openai-batch.jsonl", .batch, 2, 2, 1, ["model": 2, "answers of a batch that are an error, or no text": 1]),
        ("fine-tune.jsonl", .fineTune, 3, 3, 3, [:]),
        ("preference.jsonl", .preference, 1, 1, 1, ["non_preferred_output": 1]),
        ("sharegpt.json", .shareGPT, 3, 3, 2, [:]),
        ("langfuse.json", .langfuse, 3, 2, 2, ["sourceTraceId": 1, "archived items": 1]),
        (
            "litellm.jsonl", .liteLLM, 2, 2, 0,
            [
                "answers of then": 2, "model": 1, "rows of call_type aembedding": 1,
                "rows without their messages (store_prompts_in_spend_logs was off)": 1,
            ]
        ),
        ("promptfoo.yaml", .promptfoo, 2, 0, 1, ["assert contains": 1, "description": 1]),
        (
            "otlp.jsonl", .traces, 3, 3, 0,
            [
                "answers of then": 2, "spans that ask no model": 2,
                "spans without their messages (the tracer did not record contents)": 1,
            ]
        ),
        (
            "inspect.json", .inspect, 2, 2, 2,
            ["answers of then": 2, "samples of further epochs": 1, "further targets": 1]
        ),
        ("evals.jsonl", .evals, 3, 2, 3, ["further ideal answers": 1]),
        ("alpaca.json", .alpaca, 2, 2, 2, [:]), ("tickets.csv", .csv, 3, 0, 2, [:]),
    ]

    @Test(arguments: files) func aFileIsKnownByWhatIsInIt(
        _ name: String,
        _ format: TrafficFormat,
        _ count: Int,
        _ conversations: Int,
        _ labelled: Int,
        _ notTaken: [String: Int]
    ) throws {
        let read = try TrafficFile(Self.file(name))
        #expect(read.format == format)
        #expect(read.requests.count == count)
        #expect(read.requests.count { $0.messages != nil } == conversations)
        #expect(read.requests.count { $0.expected != nil } == labelled)
        #expect(read.notTaken == notTaken)
        // What is taken is a line of a set, and comes back as it was.
        for request in read.requests {
            var parser = TrafficLineParser(Array(try CanonicalJSON.encode(request)))
            #expect(try parser.parse() == request)
        }
        // Blank lines, a mark of the order of bytes and other line ends say nothing.
        let bytes = try Self.file(name)
        #expect(
            try TrafficFile((bytes[0] == 0xef ? [] : [0xef, 0xbb, 0xbf]) + bytes + Array("\n \r\n\n".utf8)).requests
                == read.requests
        )
    }

    /// A file cut at any byte is refused, or what is whole of it is taken; nothing is half taken.
    @Test(arguments: files.map(\.0)) func cutFilesAreNeverHalfTaken(_ name: String) throws {
        let bytes = try Self.file(name), whole = try TrafficFile(bytes).requests
        // Only JSON says where a text ends.
        let saysItsEnd = !name.hasSuffix(".csv") && !name.hasSuffix(".yaml")
        let isFull = ProcessInfo.processInfo.environment["SERIN_TEST_FULL"] != nil
        for end in stride(from: 0, to: bytes.count, by: isFull ? 1 : 23) {
            guard let cut = try? TrafficFile(Array(bytes[..<end])) else { continue }
            #expect(cut.requests.count <= whole.count)
            for (left, right) in zip(cut.requests, whole).dropLast(saysItsEnd ? 0 : 1) {
                // The answers of a batch come after what they answer.
                #expect(left.content == right.content && left.id == right.id, "cut at \(end)")
            }
        }
        for position in stride(from: 0, to: bytes.count, by: isFull ? 3 : 101) {
            for byte: UInt8 in [0, 0x22, 0x7b, 0x0a, 0xff] {
                var mutated = bytes
                mutated[position] = byte
                _ = try? TrafficFile(mutated)
            }
        }
    }

    private func read(_ text: String) throws -> [TrafficRequest] { try TrafficFile(Array(text.utf8)).requests }

    @Test func turnsToolsAndSettingsAreTaken() throws {
        let chat = try TrafficFile(Self.file("openai-chat.jsonl")).requests
        #expect(chat.map(\.id) == ["1", "2", "7"])
        #expect(chat[0].settings == ["temperature": .number(0.2), "maxTokens": .number(40)])
        #expect(
            chat[1].messages == [
                ChatMessage(role: .user, text: "Two parts"),
                ChatMessage(
                    role: .assistant,
                    text: "",
                    calls: [ToolCall(id: "call_1", name: "find_order", arguments: #"{"order": "48213"}"#)]
                ), ChatMessage(role: .tool, text: "sent", answers: "call_1"),
            ]
        )
        // The order of the members of tools is what templates write.
        #expect(chat[1].tools?.hasPrefix(#"[{"type": "function", "function": {"name": "find_order""#) == true)
        #expect(
            chat[2].expected == #"{"intent": "other"}"# && chat[2].conversation == "c-9"
                && chat[2].tags == ["locale": "en"]
        )
        let traces = try TrafficFile(Self.file("otlp.jsonl")).requests
        #expect(traces.map(\.conversation) == ["conv-1", "s-7", String(repeating: "dd", count: 16)])
        #expect(traces[0].messages?.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(traces[0].settings == ["temperature": .number(0.3), "maxTokens": .number(50)])
        #expect(traces[0].askedAt == Timestamp("2025-11-21T14:00:00Z"))
        #expect(
            traces[1].messages?[2].calls == [
                ToolCall(id: "call_2", name: "find_order", arguments: #"{"order": "48213"}"#)
            ]
        )
        #expect(traces[1].messages?[1].text == "Find 48213" && traces[1].tools != nil)
        let batch = try TrafficFile(Self.file("openai-batch.jsonl")).requests
        #expect(batch.map(\.expected) == [nil, "Done."])
        #expect(try TrafficFile(Self.file("inspect.json")).requests.map(\.id) == ["1", "two"])
        #expect(
            try TrafficFile(Self.file("evals.jsonl")).requests[0].variables == ["ticket": "Where is 48213?", "n": "3"]
        )
        #expect(
            try TrafficFile(Self.file("tickets.csv")).requests[1].variables["ticket"] == "Two\nlines and \"quotes\""
        )
    }

    /// Ids of other types are their texts, digit by digit; two that are the same are named.
    @Test func idsMayBeNumbers() throws {
        func lines(_ ids: String...) -> String {
            ids.map { #"{"id":\#($0),"messages":[{"role":"user","content":"x"}]}"# }.joined(separator: "\n")
        }
        #expect(
            try read(lines("9223372036854775807", "18446744073709551615", "\"a\"")).map(\.id)
                == ["9223372036854775807", "18446744073709551615", "a"]
        )
        let error = #expect(throws: TrafficFileError.self) { try read(lines("1", "\"1\"")) }
        #expect(error?.description == #"line 2: id "1" is that of line 1 too: give each request an id of its own"#)
    }

    @Test func everyWrongLineIsNamed() throws {
        let good = #"{"messages":[{"role":"user","content":"x"}]}"#
        let bad = [
            "{", #"{"messages":[]}"#, #"{"messages":[{"role":"robot","content":"x"}]}"#,
            #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}"#,
            #"{"messages":[{"role":"user","content":"x"}],"temperature":9}"#, #"{"messages":[{"role":"user"}]}"#, "[1]",
        ]
        let error = #expect(throws: TrafficFileError.self) {
            try read(([good] + bad + [good, ""]).joined(separator: "\n"))
        }
        #expect(error?.count == bad.count && error?.format == .chat)
        #expect(
            error?.problems.map(\.place) == [
                "line 2", "line 3", "line 4", "line 5", "line 6", "line 7", "line 8, item 1",
            ]
        )
        #expect(error?.problems[3].text.contains("image_url") == true)
        #expect(error?.problems[4].text == "temperature must be from 0 to 2")
        // The first twenty in words, and a count.
        let many = #expect(throws: TrafficFileError.self) {
            try read(good + "\n" + String(repeating: "{\n", count: 50))
        }
        #expect(many?.count == 50 && many?.problems.count == 20 && many?.others.last == "and 30 more")
        let own = #"{"id":"a","variables":{}}"#
        let ours = #expect(throws: TrafficFileError.self) { try read("\(own)\n{}\n{\"id\":1}\n\(own)") }
        #expect(ours?.problems.map(\.place) == ["line 2", "line 3", "line 4"])
    }

    @Test(arguments: [
        ("", "the file has no requests"), (" \r\n", "the file has no requests"), ("{", "it ends inside a value"),
        (#"{"colour":"red"}"#, "its form is not known. It has colour"), ("hello", "its form is not known"),
        ("a,b\n\"x", "a quoted field does not end"), ("id,expected\n1,2", "no column of the header is a variable"),
        ("a,b\n1", "it has 1 fields of 2: the row is cut"), ("a,a\n1,2", "two columns are called"),
        ("tests:\n  - vars: {x: [1, 2]}", "is a list"), ("tests: []", "the file has no tests"),
        (
            #"{"custom_id":"x","response":{"status_code":200,"body":{"choices":[{"message":{"content":"y"}}]}}}"#,
            "put the batch's input"
        ),
        (#"{"resourceSpans":[]}"#, "no request is in it"),
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}],"messages":[]}"#,
            "occurs twice"
        ),
        (#"{"instruction":"x","history":[["only one"]]}"#, "pairs of texts"),
        (#"{"conversations":[{"from":"alien","value":"x"}]}"#, "human, gpt, system"),
    ]) func whatIsWrongIsSaid(_ text: String, _ words: String) {
        let error = #expect(throws: TrafficFileError.self) { try read(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "-")")
    }

    /// A name in every line makes no record of a thousand names.
    @Test func whatIsNotTakenIsBounded() throws {
        let lines = (0..<500).map { #"{"messages":[{"role":"user","content":"\#($0)"}],"x\#($0)":1}"# }
        let file = try TrafficFile(Array(lines.joined(separator: "\n").utf8))
        #expect(file.notTaken.count == 31 && file.notTaken["other members"] == 470)
    }
}
