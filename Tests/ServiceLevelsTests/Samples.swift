import RegistryTypes
import ServiceLevels
import UserDocuments

/// Documents, requests and random numbers that tests share.
enum Sample {
    /// 2026-11-21 00:00:00 UTC, in seconds since 1970.
    static let midnight: Int64 = 1_795_219_200

    /// One SLO in the notation of files; `lines` follow the name and the scope.
    static func document(
        _ lines: String,
        name: String = "answers",
        models: String = "\"*\""
    ) throws -> SLODocument {
        let text = """
            apiVersion: serin/v1
            kind: SLO
            name: \(name)
            for: { channel: production, models: [\(models)] }
            \(lines)
            """
        guard case .slo(let document) = try Document.parse(text, file: "test.yaml")[0] else { throw NotAnSLO() }
        return document
    }

    /// An SLO over 30 days with the usual alerts.
    static func document(indicator: String = "availability", target: String = "99.9 %", more: String = "") throws
        -> SLODocument
    {
        try document("indicator: { type: \(indicator) }\ntarget: \(target)\nwindow: 30 d\n\(more)")
    }

    static func record(
        model: String = "ticket-bot",
        channel: String? = "production",
        source: RequestSource = .user,
        isStreamed: Bool = false,
        outcome: RequestOutcome = .answered,
        outputTokens: Int? = 20,
        firstToken: Double? = 0.1,
        perToken: Double? = 0.02,
        total: Double = 0.3,
        isOutputValid: Bool? = nil
    ) throws -> RequestRecord {
        RequestRecord(
            id: RequestID(time: Timestamp(milliseconds: midnight * 1000), random: (1, 2)),
            time: Timestamp(milliseconds: midnight * 1000),
            model: try Name(model),
            asked: model,
            channel: try channel.map { try Name($0) },
            release: 3,
            version: 3,
            prompt: VersionID(try Name("triage"), 1),
            arm: .live,
            source: source,
            key: try Name("app"),
            isStreamed: isStreamed,
            outcome: outcome,
            status: 200,
            outputTokens: outputTokens,
            firstTokenSeconds: firstToken,
            perTokenSeconds: perToken,
            totalSeconds: total,
            isOutputValid: isOutputValid,
            capture: .metadata
        )
    }

    static func label(isCorrect: Bool? = nil, isLiked: Bool? = nil) throws -> RequestLabel {
        let time = Timestamp(milliseconds: midnight * 1000)
        let id = RequestID(time: time, random: (1, 2))
        return RequestLabel(request: id, isCorrect: isCorrect, isLiked: isLiked, by: try Name("app"), at: time)
    }

    static func level(_ document: SLODocument, firing: Set<Name> = []) throws -> ServiceLevel {
        ServiceLevel(
            document: document,
            model: try Name("ticket-bot"),
            buckets: [],
            firing: firing,
            now: midnight
        )
    }

    static func time(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }
}

struct NotAnSLO: Error {}

extension BurnRule {
    /// The rule as published: no correction.
    init(published rate: Double, budget: Double) {
        self.init(budget: budget, rate: rate, isClamped: false, minimumBad: 0, alpha: nil)
    }
}
