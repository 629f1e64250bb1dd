import SeededRandom
import Testing

@testable import ChatTemplate

/// Answers taken apart: thinking, and calls of tools.
@Suite struct AnswerTests {
    private static func markers(_ name: String) throws -> ThinkingMarkers {
        try #require(ThinkingMarkers.known.first { $0.name == name })
    }

    @Test(
        arguments: [
            ("think", "<think>\nhm, ü\n</think>\n\nYes.", false, "hm, ü", "Yes."),
            ("think", "  \n<think>hm</think>Yes.\n", false, "hm", "Yes.\n"),
            ("think", "hm</think> Yes.", true, "hm", "Yes."),
            ("think", "hm, never ends", true, "hm, never ends", ""),
            ("think", "<think>never ends <", false, "never ends <", ""),
            ("think", "Yes <think>no</think>", false, nil, "Yes <think>no</think>"),
            ("think", "<thin", false, nil, "<thin"),
            ("think", "  Yes", false, nil, "  Yes"),
            ("think", "", false, nil, ""),
            ("think", "   ", false, nil, "   "),
            ("think", "<think></think>Yes", false, nil, "Yes"),
            ("think", "<think>a</thi</think>b</think>c", false, "a</thi", "b</think>c"),
            ("think", "</think>Yes", false, nil, "</think>Yes"),
            ("mistral", "[THINK]a <think> b[/THINK]c", false, "a <think> b", "c"),
            ("command", "<|START_THINKING|>a<|END_THINKING|>c", false, "a", "c"),
            ("gemma-4", "<|channel>thought\na<channel|>c", false, "a", "c"),
            (
                "gpt-oss", "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>c",
                false, "a",
                "c"
            ),
            ("gpt-oss", "<|channel|>analysis<|message|>a<|end|><|start|>assist", false, "a", "<|start|>assist"),
            ("gpt-oss", "<|channel|>final<|message|>c", false, nil, "c"),
            ("gpt-oss", "<|channel|>analysis<|message|>a<|end|>\n<|start|>assistant c", false, "a", " c"),
            ("gpt-oss", " to=functions.f<|channel|>c", false, nil, " to=functions.f<|channel|>c"),
            ("think", " \n", false, nil, " \n"), ("think", "<think> \n </think> \n", false, nil, ""),
            ("think", "<think>a \n b\u{a0}\n</think>c", false, "a \n b", "c"),
        ] as [(String, String, Bool, String?, String)]
    )
    func thinkingIsKeptApart(_ name: String, _ text: String, _ isOpen: Bool, _ thinking: String?, _ answer: String)
        throws
    {
        let markers = try Self.markers(name)
        let parts = AnswerParts(of: text, markers: markers, isOpen: isOpen)
        #expect(parts.thinking == thinking)
        #expect(parts.answer == answer)
        let whole = AnswerParts(of: text, markers: nil, isOpen: false)
        #expect(whole.thinking == nil && whole.answer == text)

        // However the answer comes in pieces, the parts are the same.
        var random = SplitMix64(seed: 7)
        for _ in 0..<50 {
            var splitter = ThinkingSplitter(markers, isOpen: isOpen)
            var pieces: [ThinkingSplitter.Piece] = []
            var rest = Substring(text)
            while !rest.isEmpty {
                let count = 1 + Int(random.next() % 4)
                pieces += splitter.take(String(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            pieces += splitter.finish()
            var thought = "", said = ""
            for piece in pieces {
                switch piece {
                case .thinking(let text): thought += text
                case .answer(let text): said += text
                }
            }
            #expect(said == answer)
            #expect(thought == thinking ?? "")
        }
    }

    struct Case: Sendable {
        let family: String
        let answer: String
        let text: String
        let calls: [String]

        init(_ family: String, _ answer: String, _ text: String, _ calls: [String]) {
            (self.family, self.answer, self.text, self.calls) = (family, answer, text, calls)
        }
    }

    static let cases = [
        Case("hermes", "No call.", "No call.", []),
        Case("hermes", "", "", []),
        Case(
            "hermes",
            "Let me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"b\": 1, \"a\": \"ü\"}}\n</tool_call>",
            "Let me see.",
            ["f {\"b\": 1, \"a\": \"ü\"}"]
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"g\",\"arguments\":{\"x\":[1,2.5,null]}}</tool_call>",
            "",
            ["f {}", "g {\"x\": [1, 2.5, null]}"]
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}</tool_call>",
            "",
            ["f {\"a\": 1}"]
        ),
        Case("hermes", "<tool_call>{\"name\":\"f\"}</tool_call>", "<tool_call>{\"name\":\"f\"}</tool_call>", []),
        Case("hermes", "<tool_call>{'name':'f'}</tool_call>", "<tool_call>{'name':'f'}</tool_call>", []),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}",
            []
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":[1]}</tool_call>",
            "<tool_call>{\"name\":\"f\",\"arguments\":[1]}</tool_call>",
            []
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"a b\",\"arguments\":{}}</tool_call>",
            "<tool_call>{\"name\":\"a b\",\"arguments\":{}}</tool_call>",
            []
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"name\":\"g\",\"arguments\":{}}</tool_call>",
            "<tool_call>{\"name\":\"f\",\"name\":\"g\",\"arguments\":{}}</tool_call>",
            []
        ),
        Case(
            "hermes",
            "<tool_call>broken</tool_call> and <tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call> end",
            "<tool_call>broken</tool_call> and  end",
            ["f {}"]
        ),
        Case(
            "hermes",
            "<tool_call>{\"name\":\"f\",\"arguments\":{\"t\":\"</tool_call>\"}}</tool_call>",
            "",
            ["f {\"t\": \"</tool_call>\"}"]
        ),
        Case("llama-3", "{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "", ["f {\"a\": 1}"]),
        Case("llama-3", "<|python_tag|>{\"name\": \"f\", \"parameters\": {}}\n", "", ["f {}"]),
        Case("llama-3", "{\"name\": \"f\", \"arguments\": {}}", "", ["f {}"]),
        Case(
            "llama-3",
            "See {\"name\": \"f\", \"parameters\": {}}",
            "See {\"name\": \"f\", \"parameters\": {}}",
            []
        ),
        Case(
            "llama-3",
            "{\"name\": \"f\", \"parameters\": {}} more",
            "{\"name\": \"f\", \"parameters\": {}} more",
            []
        ),
        Case("llama-3", "{\"intent\": \"refund\"}", "{\"intent\": \"refund\"}", []),
        Case(
            "mistral",
            "[TOOL_CALLS][{\"name\": \"f\", \"arguments\": {\"a\": 1}, \"id\": \"abc\"}, {\"name\": \"g\", \"arguments\": {}}]",
            "",
            ["f {\"a\": 1}", "g {}"]
        ),
        Case(
            "mistral",
            "Ok. [TOOL_CALLS]f[ARGS]{\"a\": 1}[TOOL_CALLS]g[ARGS]{}",
            "Ok.",
            ["f {\"a\": 1}", "g {}"]
        ),
        Case("mistral", "[TOOL_CALLS]f{\"a\": 1}", "[TOOL_CALLS]f{\"a\": 1}", []),
        Case("mistral", "[TOOL_CALLS][]", "[TOOL_CALLS][]", []),
        Case(
            "gpt-oss",
            "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\": 1}<|call|>",
            "",
            ["f {\"a\": 1}"]
        ),
        Case(
            "gpt-oss",
            " to=functions.f<|channel|>commentary <|constrain|>json<|message|>{\"a\": 1}",
            "",
            ["f {\"a\": 1}"]
        ),
        Case(
            "gpt-oss",
            "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\": ",
            "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\": ",
            []
        ),
        Case("functionary", "<function=f>{\"a\": 1}</function>", "", ["f {\"a\": 1}"]),
        Case("granite", "<|tool_call|>[{\"name\": \"f\", \"arguments\": {}}]", "", ["f {}"]),
        Case("nemotron", "<TOOLCALL>[{\"name\": \"f\", \"arguments\": {}}]</TOOLCALL>", "", ["f {}"]),
        Case(
            "command",
            "Plan.<|START_ACTION|>[{\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": {\"a\": 1}}]<|END_ACTION|>",
            "Plan.",
            ["f {\"a\": 1}"]
        ),
        Case(
            "qwen-3.5",
            "I look.\n\n<tool_call>\n<function=f>\n<parameter=city>\nÅrhus\nnorth\n</parameter>\n<parameter=count>\n3\n</parameter>\n</function>\n</tool_call>",
            "I look.",
            ["f {\"city\": \"Århus\\nnorth\", \"count\": 3}"]
        ),
        Case(
            "qwen-3.5",
            "<tool_call>\n<function=f>\n</function>\n</tool_call>\n<tool_call>\n<function=f>\n<parameter=on>\nTrue\n</parameter>\n<parameter=tags>\n[\"a\", 1]\n</parameter>\n</function>",
            "",
            ["f {}", "f {\"on\": true, \"tags\": [\"a\", 1]}"]
        ),
        // Not declared, a text by its declaration, or not what was declared: the text that stands there.
        Case(
            "qwen-3.5",
            "<tool_call><function=f><parameter=other>1</parameter><parameter=city>1</parameter><parameter=count>many</parameter><parameter=on>1</parameter></function></tool_call>",
            "",
            ["f {\"other\": \"1\", \"city\": \"1\", \"count\": \"many\", \"on\": \"1\"}"]
        ),
        Case(
            "qwen-3.5",
            "<tool_call><function=f><parameter=a>1</tool_call>",
            "<tool_call><function=f><parameter=a>1</tool_call>",
            []
        ),
        Case(
            "qwen-3.5",
            "<tool_call><function=f><parameter=a>1</parameter><parameter=a>2</parameter></function></tool_call>",
            "<tool_call><function=f><parameter=a>1</parameter><parameter=a>2</parameter></function></tool_call>",
            []
        ),
        Case(
            "qwen-3.5",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
            "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
            []
        ),
        Case(
            "gemma-4",
            "See. <|tool_call>call:f{city:<|\"|>Århus, {x}<|\"|>,count:3,deep:{<|\"|>a b<|\"|>:[1.5,true,null,<|\"|><|\"|>]},on:false}<tool_call|>",
            "See.",
            ["f {\"city\": \"Århus, {x}\", \"count\": 3, \"deep\": {\"a b\": [1.5, true, null, \"\"]}, \"on\": false}"]
        ),
        Case("gemma-4", "<|tool_call>call:f{}<tool_call|><|tool_call>call:g{a:None}", "", ["f {}", "g {\"a\": null}"]),
        Case("gemma-4", "<|tool_call>call:f{a:word}<tool_call|>", "<|tool_call>call:f{a:word}<tool_call|>", []),
        Case("gemma-4", "<|tool_call>call:f{a:1,a:2}<tool_call|>", "<|tool_call>call:f{a:1,a:2}<tool_call|>", []),
        Case("gemma-4", "<|tool_call>call:f{a:<|\"|>x}<tool_call|>", "<|tool_call>call:f{a:<|\"|>x}<tool_call|>", []),
        Case("gemma-4", "<|tool_call>call:f{a:1} then", "<|tool_call>call:f{a:1} then", []),
    ]

    static let declared = DeclaredParameters(
        tools: [
            """
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {
             "city": {"type": "string"}, "count": {"type": ["integer", "null"]}, "on": {"anyOf": [{"type": "boolean"}]},
             "tags": {"type": "array"}}}}}
            """
        ].compactMap { TemplateValue(json: $0) }
    )

    @Test func callsOfToolsAreTakenOut() throws {
        for `case` in Self.cases {
            let family = try #require(ToolCallFamily.named(`case`.family))
            let answer = ToolCallAnswer(`case`.answer, family: family, declared: Self.declared)
            #expect(answer.text == `case`.text, "\(`case`.answer)")
            #expect(answer.calls.map { "\($0.name) \($0.arguments)" } == `case`.calls, "\(`case`.answer)")
        }
    }

    /// A million markers without a call are text, soon.
    @Test func hostileAnswersAreText() throws {
        for family in ToolCallFamily.known {
            for part in [
                "<tool_call>{\"name\":\"", "[TOOL_CALLS][[[[", "<|channel|>commentary to=functions.a", "{\"a\":",
                "<tool_call><function=f><parameter=a>", "<|tool_call>call:f{a:<|\"|>", "<|tool_call>call:f{a:{a:[",
            ] {
                let answer = String(repeating: part, count: 50_000)
                let parts = ToolCallAnswer(answer, family: family)
                #expect(parts.calls.isEmpty && parts.text == answer)
            }
        }
        let markers = try Self.markers("think")
        let answer = "<think>" + String(repeating: "</thin", count: 200_000)
        #expect(AnswerParts(of: answer, markers: markers, isOpen: false).answer == "")
    }
}
