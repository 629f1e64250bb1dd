import RegistryTypes
import StrictJSON
import Testing

@testable import Gateway

/// Bodies that are refused, and what is said of them.
struct RefusalTests {
    /// A body with the two members that are needed, and `more`.
    private static func body(_ more: String) -> String {
        #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "x"}], \#(more)}"#
    }

    @Test(
        arguments: [
            (#"{"model": "#, "invalid_json"), ("", "invalid_json"), ("[]", "invalid_value"),
            (#"{"model": 7}"#, "invalid_value"), (#"{"model": "ticket-bot"}"#, "invalid_value"),
            (#"{"messages": []}"#, "invalid_value"), (#"{"model": "m", "messages": []}"#, "invalid_value"),
            (#"{"model": "m", "model": "m"}"#, "invalid_json"),
            (String(repeating: "[", count: 100_000), "invalid_json"),
            (body(#""temperature": NaN"#), "invalid_json"), (body(#""temperature": 1e999"#), "invalid_json"),
            (body(#""temperature": -0.1"#), "invalid_value"), (body(#""temperature": 2.1"#), "invalid_value"),
            (body(#""temperature": "hot""#), "invalid_value"), (body(#""temperature": true"#), "invalid_value"),
            (body(#""top_p": 1.5"#), "invalid_value"), (body(#""n": 0"#), "invalid_value"),
            (body(#""n": 9"#), "invalid_value"), (body(#""n": 1.5"#), "invalid_value"),
            (body(#""max_tokens": 0"#), "invalid_value"), (body(#""max_tokens": -1"#), "invalid_value"),
            (body(#""max_completion_tokens": 1e18"#), "invalid_value"),
            (body(#""top_logprobs": 2"#), "invalid_value"),
            (body(#""max_tokens": 1, "max_completion_tokens": 64"#), "invalid_value"),
            (
                #"{"model": "m", "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": [{"function": {"name": "f"}}]}]}"#,
                "unsupported_parameter"
            ),
            (body(#""logprobs": true, "top_logprobs": 21"#), "invalid_value"),
            (body(#""stop": ["a", "b", "c", "d", "e"]"#), "invalid_value"), (body(#""stop": """#), "invalid_value"),
            (body(#""stop": [1]"#), "invalid_value"), (body(#""seed": 1.5"#), "invalid_value"),
            (body(#""seed": 1e300"#), "invalid_value"), (body(#""stream": "yes""#), "invalid_value"),
            (body(#""stream_options": {"include_usage": true}"#), "invalid_value"),
            (body(#""response_format": {"type": "xml"}"#), "invalid_value"),
            (body(#""response_format": {"type": "json_schema", "json_schema": {}}"#), "unsupported_parameter"),
            (body(#""tools": [{}], "tool_choice": "required""#), "unsupported_parameter"),
            (body(#""tools": [{}], "tool_choice": {"type": "function"}"#), "unsupported_parameter"),
            (body(#""functions": [{"name": "f"}]"#), "unsupported_parameter"),
            (body(#""functions": 1"#), "invalid_value"), (body(#""parallel_tool_calls": 1"#), "invalid_value"),
            (
                #"{"model": "m", "messages": [{"role": "assistant", "function_call": {"name": "f"}}]}"#,
                "unsupported_parameter"
            ),
            (body(#""frequency_penalty": 2.1"#), "invalid_value"), (body(#""presence_penalty": "x""#), "invalid_value"),
            (body(#""repetition_penalty": 0"#), "invalid_value"), (body(#""repetition_penalty": 11"#), "invalid_value"),
            (body(#""top_k": -1"#), "invalid_value"), (body(#""top_k": 1.5"#), "invalid_value"),
            (body(#""min_p": 2"#), "invalid_value"), (body(#""typical_p": -1"#), "invalid_value"),
            (body(#""logit_bias": {"5": 101}"#), "invalid_value"), (body(#""logit_bias": {"a": 1}"#), "invalid_value"),
            (body(#""logit_bias": {"05": 1}"#), "invalid_value"), (body(#""logit_bias": [5]"#), "invalid_value"),
            (body(#""logit_bias": {"5": "1"}"#), "invalid_value"), (body(#""logit_bias": {"-1": 1}"#), "invalid_value"),
            (body(#""modalities": ["text", "audio"]"#), "unsupported_parameter"),
            (body(#""variables": {"ticket": "x"}"#), "invalid_value"), (body(#""prompt": "triage""#), "invalid_value"),
            (#"{"model": "m", "variables": {"ticket": 5}}"#, "invalid_value"),
            (#"{"model": "m", "messages": [{"role": "function", "content": "x"}]}"#, "unsupported_parameter"),
            (#"{"model": "m", "messages": [{"role": "assistant", "tool_calls": [{}]}]}"#, "invalid_value"),
            (#"{"model": "m", "messages": [{"role": "assistant", "tool_calls": [7]}]}"#, "invalid_value"),
            (#"{"model": "m", "messages": [{"role": "tool", "content": "x", "tool_call_id": 5}]}"#, "invalid_value"),
            (#"{"model": "m", "messages": [{"role": "god", "content": "x"}]}"#, "invalid_value"),
            (#"{"model": "m", "messages": [{"role": "user"}]}"#, "invalid_value"),
            (
                #"{"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#,
                "unsupported_parameter"
            ),
            (#"{"model": "m", "messages": ["x"]}"#, "invalid_value"),
            (body(#""unknown": 1"#), "unsupported_parameter"), (body(#""x_Ü": 1"#), "unsupported_parameter"),
            (body(#""x_": 1"#), "unsupported_parameter"), (body(#""X_y": 1"#), "unsupported_parameter"),
            (body((0...16).map { #""x_\#($0)": 1"# }.joined(separator: ",")), "unsupported_parameter"),
            (body(#""repeat_penalty": 5"#), "unsupported_parameter"),
            (body(#""reasoning_effort": "low""#), "unsupported_parameter"),
            (body(#""audio": {"voice": "x"}"#), "unsupported_parameter"),
            (body(#""stream": true, "stream_options": {"x": 1}"#), "unsupported_parameter"),
            (body(#""response_format": {"type": "json_object", "strict": true}"#), "unsupported_parameter"),
            (body(#""metadata": 5"#), "invalid_value"), (body(#""metadata": {"conversation": 5}"#), "invalid_value"),
            (body(#""seed": 18446744073709551616"#), "invalid_value"),
            (body(#""seed": 9007199254740993.5"#), "invalid_value"),
            (
                #"{"model": "m", "messages": [{"role": "user", "content": "x", "name": "ann"}]}"#,
                "unsupported_parameter"
            ),
            (
                #"{"model": "m", "messages": [{"role": "system", "content": "x", "weight": 0}]}"#,
                "unsupported_parameter"
            ),
            (
                #"{"model": "m", "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "{"}]}"#,
                "unsupported_parameter"
            ),
            (
                #"{"model": "m", "messages": [{"role": "assistant", "refusal": "no"}, {"role": "user", "content": "x"}]}"#,
                "unsupported_parameter"
            ),
            (
                #"{"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "strict": true}}]}, {"role": "user", "content": "x"}]}"#,
                "unsupported_parameter"
            ),
            (
                #"{"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "x", "lang": "en"}]}]}"#,
                "unsupported_parameter"
            ),
        ]
    )
    func whatIsWrongIsRefused(_ body: String, _ code: String) throws {
        let error = #expect(throws: GatewayError.self) { _ = try ChatCompletionRequest(Array(body.utf8)) }
        let answer = ErrorAnswer(try #require(error))
        #expect(answer.status == 400 && answer.code == code && !answer.shouldRetry)
        let json = try JSONText.parse(String(decoding: answer.json, as: UTF8.self))
        #expect(json["error"]?["message"]?.text?.isEmpty == false && json["error"]?["type"]?.text != nil)
        #expect(json["error"]?["param"] != nil && json["error"]?["code"]?.text == code)
    }

    /// The parameter of an error is where the member stands.
    @Test(
        arguments: [
            (
                #"{"model": "m", "messages": [{"role": "assistant", "reasoning_content": 5}]}"#,
                "messages[0].reasoning_content"
            ),
            (
                #"{"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"function": {"name": 5}}]}]}"#,
                "messages[0].tool_calls[0].function.name"
            ),
            (#"{"model": "m", "messages": [{"role": "tool", "content": "x", "name": []}]}"#, "messages[0].name"),
            (body(#""logit_bias": {"5": 101}"#), "logit_bias.5"), (body(#""unknown": 1"#), "unknown"),
            (#"{"model": "m", "messages": [{"role": "user", "content": "x", "name": "ann"}]}"#, "messages[0].name"),
            (body(#""stream": true, "stream_options": {"include_usage": 1}"#), "stream_options.include_usage"),
        ]
    )
    func anErrorNamesThePlace(_ body: String, _ param: String) throws {
        let error = #expect(throws: GatewayError.self) { _ = try ChatCompletionRequest(Array(body.utf8)) }
        #expect(ErrorAnswer(try #require(error)).param == param)
    }

    @Test(
        arguments: [
            #""user": "u-1", "metadata": {"tenant": "t"}, "store": false, "parallel_tool_calls": true"#,
            #""service_tier": "flex", "prompt_cache_key": "k", "safety_identifier": "s", "verbosity": "medium""#,
            #""audio": {}, "x_unknown": null, "stream": true, "stream_options": {"include_obfuscation": true}"#,
            #""tools": [{"type": "function"}], "tool_choice": "auto""#, #""temperature": null, "stop": null"#,
            #""functions": [], "function_call": "none""#, #""functions": [{}], "function_call": "none""#,
            #""presence_penalty": 0, "logit_bias": {}"#, #""response_format": {"type": "text"}"#,
            #""seed": 18446744073709551615, "top_p": 0"#, #""x_unknown": 1, "x-trace": {"a": [1]}"#,
            #""modalities": ["text"]"#,
        ]
    )
    func whatMakesNoDifferenceIsTaken(_ more: String) throws {
        _ = try ChatCompletionRequest(Array(Self.body(more).utf8))
    }

    /// What a request asks of the choice of tokens is in its settings and in its record, under one name each.
    @Test func samplingIsTakenAndRecorded() throws {
        let more = #"""
            "temperature": 0.5, "top_k": 40, "top_p": 0, "min_p": 0.1, "typical_p": 0.9, "repetition_penalty": 1.5,
            "frequency_penalty": 0.25, "presence_penalty": -1, "logit_bias": {"5": -100, "7": 2}
            """#
        let request = try ChatCompletionRequest(Array(Self.body(more).utf8))
        #expect(
            try request.settings(for: TestGateway().loaded) == [
                "temperature": .number(0.5), "topK": .number(40), "topP": .number(0), "minP": .number(0.1),
                "typicalP": .number(0.9), "repetitionPenalty": .number(1.5), "frequencyPenalty": .number(0.25),
                "presencePenalty": .number(-1), "logitBias": .object(["5": .number(-100), "7": .number(2)]),
            ]
        )
        var decoding = DecodingSettings()
        for (setting, value) in request.sampling { decoding.ask(setting, value) }
        #expect(
            decoding
                == DecodingSettings(
                    temperature: 0.5,
                    topK: 40,
                    topP: .leastNonzeroMagnitude,
                    minP: 0.1,
                    typicalP: 0.9,
                    repetitionPenalty: 1.5,
                    frequencyPenalty: 0.25,
                    presencePenalty: -1
                )
        )
        #expect(request.logitBias == [5: -100, 7: 2])
    }

    @Test func whatIsNotUTF8IsRefused() throws {
        #expect(throws: GatewayError.notJSON("it is not UTF-8")) {
            _ = try ChatCompletionRequest(Array(#"{"model": ""#.utf8) + [0xff, 0xc0] + Array(#""}"#.utf8))
        }
        #expect(throws: GatewayError.tooLarge(limitBytes: Gateway.limitBytes)) {
            _ = try ChatCompletionRequest(Array(repeating: 0x20, count: Gateway.limitBytes + 1))
        }
    }

    @Test(
        arguments: [
            ("no-such-model", 404, "model_not_found"), ("ticket-bot@nowhere", 404, "model_not_found"),
            ("../../etc/passwd", 404, "model_not_found"), ("ticket-bot@r10", 404, "model_not_found"),
            ("ticket-bot@staging", 503, "model_unavailable"),
        ]
    )
    func whatIsNotThereIsNotFound(_ model: String, _ status: Int, _ code: String) async throws {
        let test = try TestGateway()
        let error = await #expect(throws: GatewayError.self) { _ = try await test.ask(model: model) }
        let answer = ErrorAnswer(try #require(error))
        #expect(answer.status == status && answer.code == code)
        #expect(test.last == nil)
        #expect(test.gateway.measurements.snapshot.refused == [status: 1])
    }

    @Test func aPromptThatDoesNotFitIsTooLong() async throws {
        let test = try TestGateway()
        let long = String(repeating: "word ", count: 200_000)
        let more = #", "messages": [{"role": "user", "content": "\#(long)"}]}"#
        for body in [
            #"{"model": "ticket-bot"\#(more)"#,
            #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "\#(long)"}]}"#,
        ] {
            let error = await #expect(throws: GatewayError.self) {
                _ = try await test.gateway.chat(Array(body.utf8), TestGateway.call())
            }
            let answer = ErrorAnswer(try #require(error))
            #expect(answer.status == 400 && answer.code == "context_length_exceeded")
            #expect(test.last?.record.outcome == .rejected && test.last?.record.status == 400)
        }
        // A system message takes the prompt's place, or nobody's: the prompt has rules of its own.
        for role in ["system", "developer"] {
            let body =
                #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "x"}, {"role": "\#(role)", "content": ""}, {"role": "user", "content": "y"}]}"#
            let error = await #expect(throws: GatewayError.self) {
                _ = try await test.gateway.chat(Array(body.utf8), TestGateway.call())
            }
            let answer = ErrorAnswer(try #require(error))
            #expect(answer.status == 400 && answer.code == "unsupported_parameter" && answer.param == "messages[1]")
            #expect(answer.message.contains("clientSystem"))
        }
        let body = #"{"model": "ticket-bot", "variables": {"tickt": "x"}}"#
        let error = await #expect(throws: GatewayError.self) {
            _ = try await test.gateway.chat(Array(body.utf8), TestGateway.call())
        }
        #expect(ErrorAnswer(try #require(error)).param == "variables.tickt")
        #expect(test.last?.record.promptTokens == nil)
    }

    @Test func headersThatMeanNothingAreRefused() async throws {
        let test = try TestGateway()
        for call in [
            try TestGateway.call(captureHeader: "none"), try TestGateway.call(deadlineHeader: "soon"),
            try TestGateway.call(deadlineHeader: "0"), try TestGateway.call(deadlineHeader: "-5"),
            try TestGateway.call(deadlineHeader: "3600001"),
        ] {
            let error = await #expect(throws: GatewayError.self) { _ = try await test.ask(call: call) }
            #expect(ErrorAnswer(try #require(error)).status == 400)
        }
    }

    @Test(arguments: [(CapturePolicy.redacted, "off", CapturePolicy.off), (.metadata, "redacted", .metadata)])
    func aHeaderOnlyLowersWhatIsKept(_ key: CapturePolicy, _ asked: String, _ kept: CapturePolicy) throws {
        #expect(try TestGateway.call(capture: key, captureHeader: asked).policy() == kept)
    }
}
