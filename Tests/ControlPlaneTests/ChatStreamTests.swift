import ControlPlane
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// An answer of `serin chat` and `serin run` as it is generated.
struct ChatStreamTests {
    private struct Gone: Error {}

    private static func request(_ text: String, _ settings: [String: String]? = nil) throws -> ChatRequest {
        ChatRequest(
            release: ReleaseChoice(reference: try Reference("ticket-bot"), set: settings),
            variables: [:],
            text: text
        )
    }

    @Test func thePiecesAreTheAnswer() async throws {
        let demo = try await DemoPlane()
        let answering = demo.plane.traffic.answering
        for settings in [nil, ["temperature": "0.9", "maxTokens": "12"]] {
            let request = try Self.request("Order 48213 arrived broken", settings)
            let whole = try await answering.chat(request, by: DemoPlane.admin)
            var text = "", pieces = 0, ends: [ChatAnswer] = []
            try await answering.stream(request, by: DemoPlane.admin).write { event in
                #expect(ends.isEmpty, "nothing comes after the whole answer")
                switch event {
                case .text(let piece):
                    text += piece
                    pieces += 1
                case .answer(let answer): ends.append(answer)
                case .thinking, .problem: Issue.record("\(event)")
                }
            }
            #expect(text == whole.text && pieces > 1)
            #expect(ends.map(\.text) == [whole.text] && ends.first?.outputTokens == whole.outputTokens)
        }
        try await demo.plane.close()
    }

    /// What the prompt does not take is refused before anything is written.
    @Test func aRefusalIsNoStream() async throws {
        let demo = try await DemoPlane()
        let wrong = ChatRequest(
            release: ReleaseChoice(reference: try Reference("ticket-bot")),
            variables: ["tikcet": "x"]
        )
        for request in [
            wrong, try Self.request("x", ["topP": "7"]), try Self.request(String(repeating: "long ", count: 20_000)),
        ] {
            let unary = await #expect(throws: (any Error).self) {
                try await demo.plane.traffic.answering.chat(request, by: DemoPlane.admin)
            }
            let streamed = await #expect(throws: (any Error).self) {
                _ = try await demo.plane.traffic.answering.stream(request, by: DemoPlane.admin)
            }
            #expect("\(try #require(unary))" == "\(try #require(streamed))")
        }
        try await demo.plane.close()
    }

    /// A reader that leaves gets its own error back, and the server can close: nothing is generated for nobody.
    @Test func aReaderThatLeavesEndsTheAnswer() async throws {
        let demo = try await DemoPlane()
        let stream = try await demo.plane.traffic.answering.stream(Self.request("Order 48213"), by: DemoPlane.admin)
        await #expect(throws: Gone.self) {
            try await stream.write { _ in throw Gone() }
        }
        try await demo.plane.close()
    }
}
