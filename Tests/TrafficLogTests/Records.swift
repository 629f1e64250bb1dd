import Foundation
import RegistryTypes
import TrafficLog

/// Requests for these tests.
enum Records {
    static let key = Array("a key for these tests".utf8)
    static let noon = Timestamp("2026-11-21T12:00:00Z") ?? Timestamp(milliseconds: 0)
    static let today = TrafficDay(noon)

    static func name(_ text: String) throws -> Name { try Name(text) }

    /// The id of the request that came `number` seconds after noon, so many days later.
    static func id(_ number: Int, day: Int = 0) -> RequestID {
        let time = noon.adding(seconds: Double(number) + 86_400 * Double(day))
        return RequestID(time: time, random: (UInt16(truncatingIfNeeded: day), UInt64(number)))
    }

    static func record(
        _ number: Int,
        day: Int = 0,
        time: Timestamp? = nil,
        model: String = "ticket-bot",
        release: Int = 12,
        arm: TrafficArm = .live,
        source: RequestSource = .user,
        unit: String? = nil,
        outcome: RequestOutcome = .answered,
        totalSeconds: Double = 0.25,
        changesRelease: Bool? = nil,
        isCutByRequest: Bool? = nil,
        capture: CapturePolicy = .redacted,
        key: String = "shop"
    ) throws -> RequestRecord {
        let id = id(number, day: day)
        return RequestRecord(
            id: id,
            time: time ?? id.time.adding(seconds: 0.25),
            model: try Name(model),
            asked: model,
            channel: try Name("production"),
            release: release,
            version: 7,
            prompt: VersionID(try Name("triage"), 3),
            arm: arm,
            source: source,
            key: try Name(key),
            unit: unit,
            isStreamed: number % 2 == 0,
            outcome: outcome,
            status: 200,
            finish: "stop",
            promptTokens: 40,
            outputTokens: 12,
            queueSeconds: 0.001,
            firstTokenSeconds: 0.05,
            perTokenSeconds: 0.01,
            totalSeconds: totalSeconds,
            isOutputValid: true,
            changesRelease: changesRelease,
            isCutByRequest: isCutByRequest,
            meanLogProbability: -0.125,
            seed: .max,
            capture: capture
        )
    }

    static func body(_ number: Int) -> RequestBody {
        RequestBody(
            variables: ["ticket": "Order \(45000 + number), \"quoted\"\nmail user\(number)@example.com"],
            answers: ["{\"order\":\"\(45000 + number)\"}"],
            answerTokens: [number, 2]
        )
    }

    static func redacted(_ body: RequestBody) -> RedactedBody {
        var redactor = Redactor(key: key)
        return redactor.redact(body)
    }

    static func captured(_ number: Int, day: Int = 0) throws -> CapturedRequest {
        CapturedRequest(
            try record(number, day: day),
            body: redacted(body(number)),
            descriptors: Data([UInt8(truncatingIfNeeded: number)])
        )
    }

    static func label(
        _ number: Int,
        day: Int = 0,
        isCorrect: Bool? = nil,
        isLiked: Bool? = nil,
        correction: String? = nil,
        by: String = "shop",
        at seconds: Double = 100
    ) throws -> RequestLabel {
        RequestLabel(
            request: id(number, day: day),
            isCorrect: isCorrect,
            isLiked: isLiked,
            correction: correction,
            by: try Name(by),
            at: noon.adding(seconds: seconds)
        )
    }
}
