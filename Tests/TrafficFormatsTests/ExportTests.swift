import RegistryTypes
import StrictJSON
import Testing
import TrafficFormats

/// A set goes out as lines of other tools and comes back as it was.
@Suite struct ExportTests {
    private let conversation = TrafficRequest(
        id: "c-1",
        content: .messages([
            ChatMessage(role: .system, text: "Be \"brief\".\n"), ChatMessage(role: .user, text: "Is 48213 there?"),
            ChatMessage(
                role: .assistant,
                text: "",
                calls: [ToolCall(id: "call_1", name: "find", arguments: #"{"order": 48213}"#)]
            ),
            ChatMessage(role: .tool, text: #"{"state":"sent"}"#, answers: "call_1"),
            ChatMessage(role: .user, text: "And é?"),
        ]),
        tools: #"[{"type": "function", "function": {"name": "find"}}]"#,
        settings: ["temperature": .number(0.5), "maxTokens": .number(40), "stop": .array([.string("END")])],
        conversation: "chat-7"
    )

    @Test func aBatchComesBackAsItWas() throws {
        let line = try #require(OpenAILines.line(conversation, as: .batch, model: "ticket-bot"))
        let read = try TrafficFile(Array(line.utf8))
        #expect(read.format == .batch && read.requests == [conversation] && read.notTaken == ["model": 1])
        // A single value is a message of the user.
        let plain = TrafficRequest(id: "1", variables: ["ticket": "Where?"])
        let other = try #require(OpenAILines.line(plain, as: .batch, model: "x"))
        #expect(
            try TrafficFile(Array(other.utf8)).requests.first?.messages == [ChatMessage(role: .user, text: "Where?")]
        )
        #expect(
            OpenAILines.line(TrafficRequest(id: "1", variables: ["a": "1", "b": "2"]), as: .batch, model: "x") == nil
        )
    }

    @Test func anExampleNeedsAnAnswer() throws {
        #expect(OpenAILines.line(conversation, as: .fineTune, model: "x") == nil)
        let labelled = TrafficRequest(
            id: "1",
            content: conversation.content,
            expected: "Sent.",
            tools: conversation.tools
        )
        let line = try #require(OpenAILines.line(labelled, as: .fineTune, model: "x"))
        #expect(try TrafficFile(Array(line.utf8)).requests == [labelled])
    }
}
