import Foundation
import RegistryTypes
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The members of a request's body, and what `docs/serving.md` says of them.
struct BodyMemberTests {
    /// The rows of the table: the members in backticks of the first column, and the word of the second.
    private static func documented() throws -> [String: String] {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/serving.md"), encoding: .utf8)
        var rows: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2, BodyMember.Treatment(rawValue: cells[1]) != nil else { continue }
            for (index, name) in cells[0].split(separator: "`").enumerated() where index.isMultiple(of: 2) {
                let name = name.trimmingCharacters(in: CharacterSet(charactersIn: " ,"))
                if !name.isEmpty { rows[name] = cells[1] }
            }
        }
        return rows
    }

    @Test func theDocumentationSaysWhatBecomesOfEachMember() throws {
        let known = Dictionary(uniqueKeysWithValues: BodyMember.allCases.map { ($0.rawValue, $0.treatment.rawValue) })
        #expect(try Self.documented() == known)
    }

    /// A value of the wrong kind for every member that is done: what is not read cannot be refused.
    @Test(arguments: BodyMember.allCases)
    func aMemberThatIsDoneIsRead(_ member: BodyMember) throws {
        let odd = member == .metadata || member == .logitBias || member == .responseFormat ? "5" : #"{"odd": [1]}"#
        var members = #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "x"}]"#
        switch member {
        case .model: members = #"{"messages": [{"role": "user", "content": "x"}], "model": \#(odd)"#
        case .messages: members = #"{"model": "ticket-bot", "messages": \#(odd)"#
        case .streamOptions: members += #", "stream": true, "stream_options": 5"#
        default: members += #", "\#(member.rawValue)": \#(odd)"#
        }
        let body = Array((members + "}").utf8)
        switch member.treatment {
        case .done, .refused:
            let error = #expect(throws: GatewayError.self) { _ = try ChatCompletionRequest(body) }
            let param = ErrorAnswer(try #require(error)).param
            #expect(param?.prefix { $0 != "." && $0 != "[" } == member.rawValue[...])
        case .ignored: _ = try ChatCompletionRequest(body)
        }
    }

    /// What nobody here reads is named, so that it is not silently dropped.
    @Test func whatIsTheClientsOwnIsNamed() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 2))
        let answer = try await test.ask(#", "x_b": 1, "x_a": null, "x-c": {"a": [1]}"#)
        #expect(try answer.json["serin"]?["left_out"] == .array([.string("x-c"), .string("x_b")]))
        #expect(try await test.ask("").json["serin"]?["left_out"] == nil)
    }

    /// Each setting of the choice of tokens by itself: what ran is what the record says, and it is not the release's own.
    @Test func whatIsAskedOfSamplingRuns() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 1, maxTokens: 12))
        let members: [(more: String, name: String, value: JSONValue)] = [
            (#""temperature": 0.5"#, "temperature", .number(0.5)), (#""top_k": 1"#, "topK", .number(1)),
            (#""top_p": 0.1"#, "topP", .number(0.1)), (#""min_p": 0.9"#, "minP", .number(0.9)),
            (#""typical_p": 0.1"#, "typicalP", .number(0.1)),
            (#""repetition_penalty": 5"#, "repetitionPenalty", .number(5)),
            (#""frequency_penalty": 2"#, "frequencyPenalty", .number(2)),
            (#""presence_penalty": 2"#, "presencePenalty", .number(2)),
            (#""logit_bias": {"34": 100}"#, "logitBias", .object(["34": .number(100)])),
            (#""max_tokens": 3"#, "maxTokens", .number(3)), (#""stop": "e""#, "stop", .array([.string("e")])),
        ]
        func answer(_ more: String) async throws -> JSONValue? {
            try await test.ask(#", "seed": 4"# + more).json["choices"]?[0]?["message"]?["content"]
        }
        #expect(try await answer("") == answer(""))
        #expect(test.last?.body.settings == [:])
        for member in members {
            _ = try await answer(", " + member.more)
            #expect(test.last?.body.settings == [member.name: member.value])
        }
        // More than the release allows is not what ran.
        _ = try await answer(#", "max_tokens": 500"#)
        #expect(test.last?.body.settings == ["maxTokens": .number(12)])
        // Strong ones change the text.
        for more in [#", "repetition_penalty": 10, "temperature": 2"#, #", "logit_bias": {"34": 100}"#] {
            #expect(try await answer(more) != answer(", \"temperature\": 2"))
        }
    }

    /// All 64 bits of a seed, which JSON's own numbers do not hold.
    @Test(arguments: ["9007199254740993", "18446744073709551615", "-9223372036854775808", "1e3"])
    func aSeedIsTakenDigitByDigit(_ seed: String) throws {
        let body = #"{"model": "m", "messages": [{"role": "user", "content": "x"}], "seed": \#(seed)}"#
        let request = try ChatCompletionRequest(Array(body.utf8))
        let expected = UInt64(seed) ?? Int64(seed).map { UInt64(bitPattern: $0) } ?? 1000
        #expect(request.seed == expected)
    }
}
