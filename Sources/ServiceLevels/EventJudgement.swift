import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// What an event is to a service level.
public enum EventJudgement: String, Hashable, Sendable, CaseIterable {
    /// It does not count.
    case notValid
    /// It counts and was good.
    case good
    /// It counts and was bad.
    case bad

    /// The event as counts.
    public var counts: SLICounts {
        switch self {
        case .notValid: .zero
        case .good: SLICounts(valid: 1, bad: 0)
        case .bad: SLICounts(valid: 1, bad: 1)
        }
    }
}

extension Indicator {
    /// What a request is to this indicator. Only requests of applications count, and of those only the ones that say
    /// something about the service: what the client got wrong or gave up does not, and a measurement that is missing
    /// is never good.
    public func judge(_ record: RequestRecord) -> EventJudgement {
        guard record.source == .user else { return .notValid }
        if record.outcome == .clientGone { return judgeGivenUp(record) }
        guard record.outcome.isValidEvent else { return .notValid }
        switch self {
        case .availability:
            return record.outcome == .answered ? .good : .bad
        case .totalLatency(let limit):
            guard !record.isStreamed else { return .notValid }
            if record.outcome == .timedOut { return .bad }
            guard record.outcome == .answered else { return .notValid }
            return Self.judge(record.totalSeconds, limit)
        case .timeToFirstToken(let limit):
            guard record.isStreamed else { return .notValid }
            switch record.outcome {
            case .answered: return Self.judge(record.firstTokenSeconds, limit)
            case .timedOut: return record.firstTokenSeconds == nil ? .bad : Self.judge(record.firstTokenSeconds, limit)
            case .rejected, .clientGone, .overloaded, .engineFailed: return .notValid
            }
        case .timePerOutputToken(let limit, let minTokens):
            guard record.outcome == .answered, let tokens = record.outputTokens, tokens >= minTokens else {
                return .notValid
            }
            return Self.judge(record.perTokenSeconds, limit)
        case .validOutput:
            guard record.outcome == .answered, let isValid = record.isOutputValid else { return .notValid }
            return isValid ? .good : .bad
        case .correctness, .userFeedback:
            return .notValid
        }
    }

    /// What a label is to this indicator. Only labels of requests of applications may be given.
    public func judge(_ label: RequestLabel) -> EventJudgement {
        let answer: Bool? =
            switch self {
            case .correctness: label.isCorrect
            case .userFeedback: label.isLiked
            case .availability, .totalLatency, .timeToFirstToken, .timePerOutputToken, .validOutput: nil
            }
        return answer.map { $0 ? .good : .bad } ?? .notValid
    }

    /// A request whose client left. Before the limit that says nothing; after it the client waited in vain, and a release
    /// that is so slow that everybody leaves must not look as if nobody had asked.
    private func judgeGivenUp(_ record: RequestRecord) -> EventJudgement {
        switch self {
        case .totalLatency(let limit) where !record.isStreamed:
            record.totalSeconds > limit ? .bad : .notValid
        case .timeToFirstToken(let limit) where record.isStreamed && record.firstTokenSeconds == nil:
            record.totalSeconds > limit ? .bad : .notValid
        case .totalLatency, .timeToFirstToken, .timePerOutputToken, .availability, .validOutput, .correctness,
            .userFeedback:
            .notValid
        }
    }

    /// A time against its limit; what was not measured, or cannot be a time, does not count.
    private static func judge(_ seconds: Double?, _ limit: Double) -> EventJudgement {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return .notValid }
        return seconds <= limit ? .good : .bad
    }
}

extension SLODocument {
    /// What a request is to this SLO: not valid when another channel or model is meant. A request that named a release
    /// or a version asked for no channel and never counts.
    public func judge(_ record: RequestRecord) -> EventJudgement {
        guard record.channel == scope.channel, scope.matches(record.model) else { return .notValid }
        return indicator.judge(record)
    }

    /// What a label of the request `record` is to this SLO; it counts at the label's time.
    public func judge(_ label: RequestLabel, of record: RequestRecord) -> EventJudgement {
        guard record.channel == scope.channel, scope.matches(record.model), record.source == .user else {
            return .notValid
        }
        return indicator.judge(label)
    }
}
