import Testing

@testable import ChatTemplate

/// Calls of tools are kept out of what is given out while an answer comes, wherever its pieces are cut.
@Suite struct ToolCallStreamTests {
    private static let answers: [(family: String, answer: String, said: String, calls: [String])] = [
        ("hermes", "Hello there", "Hello there", []), ("hermes", "", "", []), ("hermes", " \n ", " \n ", []),
        ("hermes", #"<tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>"#, "", ["f"]),
        ("hermes", "I look.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>", "I look.", ["f"]),
        (
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"g\",\"arguments\":{}}</tool_call>",
            "", ["f", "g"]
        ),
        ("hermes", "a < b <tool_ca", "a < b <tool_ca", []), ("hermes", "<tool_call>{oh}", "<tool_call>{oh}", []),
        ("hermes", "x <tool_call>{oh}</tool_call> y ", "x <tool_call>{oh}</tool_call> y ", []),
        ("mistral", #"Grüße [TOOL_CALLS][{"name": "f", "arguments": {"a": "é"}}]"#, "Grüße", ["f"]),
        (
            "qwen-3.5", "So:\n<tool_call>\n<function=f>\n<parameter=a>\n{b}\n</parameter>\n</function>\n</tool_call>",
            "So:", ["f"]
        ),
        ("gemma-4", #"Grüße <|tool_call>call:f{a:<|"|>é<|"|>}<tool_call|>"#, "Grüße", ["f"]),
        ("gemma-4", "<|tool_call>call: f", "<|tool_call>call: f", []),
        ("functionary", #"<function=f>{"a": []}</function>"#, "", ["f"]),
        ("llama-3", #"{"name": "f", "parameters": {}}"#, "", ["f"]), ("llama-3", "{not JSON", "{not JSON", []),
        ("llama-3", " \n{\"name\": \"f\", \"parameters\": {}} ", "", ["f"]),
        ("llama-3", #"See {"name": "f", "parameters": {}}"#, #"See {"name": "f", "parameters": {}}"#, []),
        ("llama-3", "<|python_tag|>print(1)", "<|python_tag|>print(1)", []), ("llama-3", "<|pyt", "<|pyt", []),
    ]

    @Test(arguments: answers)
    func whereverItIsCut(_ name: String, _ answer: String, _ said: String, _ calls: [String]) throws {
        let family = try #require(ToolCallFamily.named(name))
        let letters = answer.map(String.init)
        for size in 1...max(1, min(letters.count, 40)) {
            var stream = ToolCallStream(family)
            var given = ""
            for start in stride(from: 0, to: letters.count, by: size) {
                given += stream.take(letters[start..<min(start + size, letters.count)].joined())
            }
            let rest = stream.finish()
            #expect(given + rest.text == said, "pieces of \(size)")
            #expect(rest.calls.map(\.name) == calls)
            if !calls.isEmpty { #expect(!given.contains("{")) }
        }
    }

    @Test func aLongAnswerTakesLinearTime() throws {
        let family = try #require(ToolCallFamily.named("hermes"))
        var stream = ToolCallStream(family)
        var given = 0
        for _ in 0..<20_000 { given += stream.take("<tool <tool_cal ").utf8.count }
        #expect(given + stream.finish().text.utf8.count == 20_000 * 16)
    }

    /// Nothing but blanks, or a thinking of blanks, as weights that are no good write them.
    @Test func endlessBlanksTakeLinearTime() throws {
        for name in ["hermes", "llama-3"] {
            var stream = ToolCallStream(try #require(ToolCallFamily.named(name)))
            for _ in 0..<200_000 { #expect(stream.take("        ").isEmpty) }
            #expect(stream.finish().text.utf8.count == 1_600_000)
        }
        for isOpen in [false, true] {
            var splitter = ThinkingSplitter(ThinkingMarkers.known[0], isOpen: isOpen)
            for _ in 0..<200_000 { #expect(splitter.take("        ").isEmpty) }
            if isOpen { #expect(splitter.finish().isEmpty) }
        }
    }

    @Test func theCallOfAFurtherMessageIsNoText() throws {
        let markers = try #require(ThinkingMarkers.known.first { $0.name == "gpt-oss" })
        let parts = AnswerParts(
            of: "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary to=functions.f "
                + "<|constrain|>json<|message|>{}<|call|>",
            markers: markers,
            isOpen: false
        )
        let answer = ToolCallAnswer(parts.answer, family: try #require(ToolCallFamily.named("gpt-oss")))
        #expect(answer.text.isEmpty && answer.calls.map(\.name) == ["f"] && parts.thinking == "a")
    }

    /// What the strict reader refuses, and whole numbers that no value of a template holds: never another number.
    @Test func numbersAreReadExactlyOrNotAtAll() {
        for json in ["18446744073709551615", "9223372036854775808", "[100000000000000000000000]", "{\"a\":{},\"a\":1}"]
        {
            #expect(TemplateValue(json: json) == nil, "\(json)")
        }
        for (json, text) in [("-0", "0"), ("-0.0", "-0.0"), ("9223372036854775807", "9223372036854775807")] {
            #expect(TemplateValue(json: json)?.json == text)
        }
    }

    @Test func valuesAreWrittenAsJSONInTheirOrder() {
        #expect(
            TemplateValue(json: #"[{"b":1,"a":[true,null,1.5,"é"]}]"#)?.json
                == #"[{"b": 1, "a": [true, null, 1.5, "é"]}]"#
        )
        #expect(TemplateValue.undefined("x").json == nil)
    }
}
