import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import StrictJSON
import TestSupport
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// Conversations replayed through the demo's models: the last turn after the recorded history, with settings of their own.
@Suite struct ConversationReplayTests {
    private static func tickets(_ count: Int) throws -> [TrafficRequest] {
        let all = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        return Array(all.prefix(count))
    }

    private static func conversation(_ id: String, _ texts: [String]) -> [ChatMessage] {
        texts.enumerated().map { ChatMessage(role: $0.offset % 2 == 0 ? .user : .assistant, text: $0.element) }
    }

    /// Half of the tickets as the last turn of a conversation, every fourth with settings of its own.
    private static func mixed(_ count: Int) throws -> [TrafficRequest] {
        try tickets(count).enumerated().map { index, ticket in
            guard index % 2 == 0, let text = ticket.variables.values.first else { return ticket }
            return TrafficRequest(
                id: ticket.id,
                content: .messages(conversation(ticket.id, ["Hello", #"{"intent":"other"}"#, text])),
                expected: ticket.expected,
                settings: index % 4 == 0 ? ["temperature": .number(1), "maxTokens": .number(12)] : nil,
                conversation: "c-\(index / 4)"
            )
        }
    }

    /// One message is the value of the prompt's variable, bit for bit; more are another text.
    @Test func aConversationOfOneMessageIsTheVariable() async throws {
        let side = try Demo.side("v1")
        let ticket = try #require(try Self.tickets(1).first), text = try #require(ticket.variables.values.first)
        func answer(_ content: TrafficRequest.Content, _ settings: [String: Double] = [:]) async throws -> Answer {
            let request = TrafficRequest(id: "x", content: content, settings: settings.mapValues { .number($0) })
            return try await side.answer(request, seed: 3).get()
        }
        let plain = try await answer(ticket.content)
        let alone = try await answer(.messages([ChatMessage(role: .user, text: text)]))
        #expect(alone.tokens == plain.tokens && alone.logProbabilities == plain.logProbabilities)
        let later = try await answer(.messages(Self.conversation("x", ["Hello", "Yes?", text])))
        #expect(later.promptTokens > plain.promptTokens)
        // Less than the release allows, never more.
        #expect(try await answer(ticket.content, ["maxTokens": 3]).outputTokens == 3)
        #expect(try await answer(ticket.content, ["maxTokens": 900]).tokens == plain.tokens)
    }

    /// A set of both kinds: the same release differs nowhere, whatever settings a request has, and a run that is made again is
    /// the same.
    @Test func aSetMayHoldBothKinds() async throws {
        let folder = try ScratchFolder()
        let requests = try Self.mixed(40)
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        func run(_ name: String, _ candidate: ReplaySide) async throws -> CanaryReport {
            try await CanaryReplay(
                record: Demo.canary(requests: 40, seed: 5),
                document: Demo.document,
                candidate: Demo.record(2),
                baseline: Demo.record(1),
                requests: requests,
                samplesPath: folder.file(name),
                build: "test"
            ).run(candidate: candidate, baseline: v1) { _, _ in }
        }
        let same = try await run("same.db", v1), other = try await run("other.db", v2),
            again = try await run("again.db", v2)
        #expect(same.different == 0 && same.requests == 40)
        #expect(other.different > 0 && other.judgment == again.judgment && other.worstPairs == again.worstPairs)
        // Who spoke is shown with what was said.
        let shown = WorstPairs.input(of: requests[0])
        #expect(shown.hasPrefix("user: Hello\nassistant: {\"intent\":\"other\"}\nuser: "))
        #expect(
            WorstPairs.input(of: TrafficRequest(id: "1", content: .messages(Self.conversation("1", ["Only"]))))
                == "Only"
        )
    }

    /// A conversation longer than the context is known before anything runs, and never answered as if it were whole.
    @Test func aLongConversationIsNeverShortened() async throws {
        let release = try LoadedRelease(
            weights: LoadedWeights(path: Checkout.demo.appending(path: "v1/model.gguf").path),
            prompt: Demo.prompt(),
            decoding: DecodingSettings(maxTokens: 64)
        )
        let long = Self.conversation("x", (0..<401).map { "turn \($0): where is it?" })
        let requests = (0..<20).map { number in
            TrafficRequest(
                id: "\(number)",
                content: .messages(number < 2 ? long : Self.conversation("y", ["Hi \(number)"]))
            )
        }
        let fit = ContextFit(requests, release)
        #expect(
            fit.tooLong == 2 && fit.isTooFew && fit.problem.hasPrefix("2 of 20 requests are longer than the context of")
        )
        let shown = WorstPairs.input(of: requests[0])
        #expect(shown.hasPrefix("… 393 messages before\nassistant: turn 393") && shown.utf8.count < 400)
        guard case .failure(let error) = await (try Demo.side("v1")).answer(requests[0], seed: 1) else {
            Issue.record("it was answered")
            return
        }
        #expect("\(error)".contains("token"))
    }
}
