import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import UserDocuments
import WireFormat

/// Captured requests, and how the capture stands.
extension Samples {
    func requestID(_ number: Int) -> RequestID {
        RequestID(time: ago(Double(600 - number)), random: (UInt16(number), UInt64(number) &* 0x9E37_79B9_7F4A_7C15))
    }

    func request(
        _ number: Int,
        release: Int = 2,
        arm: TrafficArm = .live,
        _ outcome: RequestOutcome = .answered,
        valid: Bool? = true,
        capture: CapturePolicy = .redacted
    ) -> RequestRecord {
        let answered = outcome == .answered
        return RequestRecord(
            id: requestID(number),
            time: ago(Double(600 - number)),
            model: model,
            asked: text("ticket-bot@production"),
            channel: production,
            release: release,
            version: release,
            prompt: VersionID(triage, 1),
            arm: arm,
            key: try! Name("shop"),
            isStreamed: number % 2 == 0,
            outcome: outcome,
            status: answered ? 200 : 503,
            finish: answered ? "stop" : nil,
            promptTokens: 41,
            outputTokens: answered ? 22 : nil,
            queueSeconds: answered ? 0.003 : nil,
            firstTokenSeconds: answered ? 0.0092 : nil,
            perTokenSeconds: answered ? 0.00061 : nil,
            longestGapSeconds: answered ? 0.0021 : nil,
            totalSeconds: answered ? 0.0241 : 0.5,
            isOutputValid: answered ? valid : nil,
            meanLogProbability: answered ? -0.0213 : nil,
            seed: 17,
            capture: capture
        )
    }

    var body: RequestBody {
        RequestBody(
            variables: [
                text("ticket"): text(
                    "Order 48213 arrived broken. Write to <EMAIL_1> or call <PHONE_1>. My card <CARD_1> was charged < 2 times."
                )
            ],
            settings: ["temperature": .number(0)],
            answers: [text(#"{"intent":"refund","order":"48213","reply_to":"<EMAIL_1>"}"#)],
            redactions: [text("EMAIL"): 1, "PHONE": 1, "CARD": 1]
        )
    }

    /// A round with a tool, thought about before, whose answer calls another one.
    var toolBody: RequestBody {
        RequestBody(
            messages: [
                ChatMessage(role: .system, text: text("Answer in one sentence.")),
                ChatMessage(role: .user, text: text("Where is order 48213?\nWrite to <EMAIL_1>.")),
                ChatMessage(
                    role: .assistant,
                    text: "",
                    thinking: text("The customer wants to know where it is. I have to look it up."),
                    calls: [
                        ToolCall(
                            id: text("kx3fq91ab"),
                            name: text("find_order"),
                            arguments: text(#"{"order": "48213"}"#)
                        )
                    ]
                ),
                ChatMessage(role: .tool, text: text(#"{"state": "left Hamburg"}"#), answers: text("kx3fq91ab")),
            ],
            settings: ["temperature": .number(0.2), "stop": .array([.string(text("END"))])],
            answers: [text("It left Hamburg."), ""],
            redactions: ["EMAIL": 1],
            thinking: [text("It has left.\nThat is all I know.\u{fffd}") + ".", ""],
            calls: [
                [],
                [
                    ToolCall(
                        id: text("p0aa71mzq"),
                        name: text("mail"),
                        arguments: text(#"{"to": "<EMAIL_1>", "text": "It left Hamburg."}"#)
                    )
                ],
            ],
            tools: text(
                #"[{"type": "function", "function": {"name": "find_order", "parameters": {"type": "object"}}}]"#
            ),
            invalidBytes: 2
        )
    }

    var labels: [RequestLabel] {
        [
            RequestLabel(
                request: requestID(12),
                isCorrect: false,
                isLiked: false,
                correction: text(#"{"intent":"refund","order":"48213","priority":"high"}"#),
                comment: text("priority is missing"),
                by: try! Name("shop"),
                at: ago(500)
            )
        ]
    }

    var requestRows: [RequestRow] {
        [
            RequestRow(record: request(14), isCorrect: true, isLiked: true),
            RequestRow(record: request(13, release: 1, arm: .holdback)),
            RequestRow(record: request(12, valid: false), isCorrect: false, isLiked: false),
            RequestRow(record: request(11, .engineFailed, capture: .metadata)),
            RequestRow(record: request(10, .clientGone)),
        ]
    }

    var capture: CaptureView {
        CaptureView(
            offered: 4212,
            stored: 4210,
            dropped: ["queue full": 2, "disk full": 0],
            days: [
                CaptureDay(day: "2026-11-21", requests: 1910, withTexts: 1876, bytes: 812_304),
                CaptureDay(
                    day: "2026-11-20",
                    requests: 2302,
                    withTexts: 2302,
                    bytes: 1_021_977,
                    problem: text("segment 3 ends in the middle of a record")
                ),
            ],
            keepDays: 30,
            redactionVersion: 1,
            newest: ago(4)
        )
    }

    /// The prompt as the live release reads it.
    func promptExample(_ channel: ChannelRecord) -> PromptExample {
        func token(_ text: String, _ id: Int, isSpecial: Bool = false) -> RenderedText.Token {
            RenderedText.Token(id: id, bytes: Array(text.utf8), isSpecial: isSpecial)
        }
        return PromptExample(
            channel: channel,
            prompt: prompt(1).id,
            RenderedText(
                version: prompt(1).id,
                prompt: prompt(1).id,
                name: triage,
                format: .model,
                time: ago(0),
                parts: [],
                tokens: [
                    token("<|im_start|>", 1, isSpecial: true), token("system\n", 20),
                    token(text("Return one JSON object: intent, order, priority."), 21),
                    token("<|im_end|>", 2, isSpecial: true), token("\n", 22),
                    token("<|im_start|>", 1, isSpecial: true), token("user\n", 23), token(text("{{ticket}}"), 24),
                    token("<|im_end|>", 2, isSpecial: true), token("\n", 22),
                    token("<|im_start|>", 1, isSpecial: true), token("assistant\n", 25),
                ],
                contextLength: 2048
            )
        )
    }
}
