import Foundation
import Gateway
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import StrictJSON
import UserDocuments
import WireFormat

/// A request to what was never live in a channel: who ran what, and what came of it, is known later, whatever its key keeps else.
/// It counts for no level, no watch and no drift.
struct UnreleasedRequest: Sendable {
    /// Its number, which its caller got.
    let id: RequestID
    /// The reference as the caller wrote it.
    let asked: String
    let key: Name
    let capture: CapturePolicy
    let isStreamed: Bool
    let variables: [String: String]
    let seed: UInt64
    let askedAt: Timestamp
    let arrival: ContinuousClock.Instant

    /// The request as it ended with an answer.
    func answered(_ answer: Answer, _ source: AnswerSource, at end: Timestamp) -> CompletedRequest {
        completed(.answered, 200, source, answer: answer, reason: nil, at: end)
    }

    /// The request as it ended without one.
    func failed(_ error: any Error, _ source: AnswerSource, isCancelled: Bool, at end: Timestamp) -> CompletedRequest {
        if isCancelled || error is CancellationError {
            return completed(.clientGone, 200, source, answer: nil, reason: nil, at: end)
        }
        let failure = GatewayError(serving: error, deadline: source.deadline)
        return completed(
            failure.outcome,
            ErrorAnswer(failure).status,
            source,
            answer: nil,
            reason: failure.reason,
            at: end
        )
    }

    private func completed(
        _ outcome: RequestOutcome,
        _ status: Int,
        _ source: AnswerSource,
        answer: Answer?,
        reason: String?,
        at end: Timestamp
    ) -> CompletedRequest {
        let content = source.plan.content
        let record = RequestRecord(
            id: id,
            time: end,
            model: source.plan.version.name,
            asked: asked,
            channel: nil,
            release: source.id?.number ?? RequestRecord.noRelease,
            version: source.plan.version.number,
            prompt: content.prompt,
            arm: .pinned,
            source: .replay,
            key: key,
            isStreamed: isStreamed,
            outcome: outcome,
            status: status,
            finish: answer?.finish.rawValue,
            promptTokens: answer?.promptTokens,
            outputTokens: answer?.outputTokens,
            firstTokenSeconds: answer?.firstTokenSeconds,
            perTokenSeconds: answer?.perTokenSeconds,
            totalSeconds: arrival.duration(to: .now) / .seconds(1),
            isOutputValid: answer.flatMap { source.check.isValid($0) },
            changesRelease: source.id == nil,
            seed: seed,
            capture: max(capture, .metadata),
            reason: reason
        )
        let body = RequestBody(
            variables: variables,
            settings: source.id == nil ? content.decoding.asSettings : [:],
            answers: answer.map { [$0.text] } ?? [],
            answerTokens: answer?.tokens,
            askedAt: askedAt,
            thinking: answer?.thinking.map { [$0] },
            calls: answer.flatMap { $0.calls.isEmpty ? nil : [$0.calls] },
            invalidBytes: answer.flatMap { $0.invalidBytes > 0 ? $0.invalidBytes : nil },
            reason: reason
        )
        return CompletedRequest(record: record, body: body)
    }
}

extension DecodingSettings {
    /// The settings as a record has those that a request asked with.
    fileprivate var asSettings: [String: JSONValue] {
        var settings: [String: JSONValue] = [
            "temperature": .number(temperature), "maxTokens": .number(Double(maxTokens)),
        ]
        for (name, value) in [
            ("topK", topK.map(Double.init)), ("topP", topP), ("minP", minP), ("typicalP", typicalP),
            ("repetitionPenalty", repetitionPenalty), ("frequencyPenalty", frequencyPenalty),
            ("presencePenalty", presencePenalty),
        ] {
            if let value { settings[name] = .number(value) }
        }
        if !stop.isEmpty { settings["stop"] = .array(stop.map { .string($0) }) }
        return settings
    }
}
