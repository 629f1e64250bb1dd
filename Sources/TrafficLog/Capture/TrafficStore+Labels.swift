public import RegistryTypes

/// What is said of requests afterwards, on any later day.
extension TrafficStore {
    /// The redactor that goes on with the placeholders of a request's texts, for a label of it.
    ///
    /// - Parameter key: The secret that the texts were redacted with.
    /// - Throws: ``TrafficLogError/noRequest(_:)``.
    public func redactor(for id: RequestID, key: [UInt8]) async throws -> Redactor {
        Redactor(key: key, marks: try await detail(id).marks)
    }

    /// Adds a label. Of each key the newest one counts; all stay readable. A corrected answer without a verdict says
    /// by itself whether the answer was right.
    ///
    /// - Throws: ``TrafficLogError/noRequest(_:)``.
    public func add(_ label: RedactedLabel) async throws -> LabelChange {
        var label = label.label
        let (file, request) = try await find(label.request)
        if let correction = label.correction, label.isCorrect == nil,
            case .success(let line) = try await file.bodies([request.sequence])[request.sequence],
            let answer = line.body.answers.first
        {
            label = RequestLabel(
                request: label.request,
                isCorrect: Array(correction.utf8) == Array(answer.utf8),
                isLiked: label.isLiked,
                correction: label.correction,
                comment: label.comment,
                by: label.by,
                at: label.at
            )
        }
        let (before, after) = try await file.add(label, to: request.sequence)
        return LabelChange(record: request.record, before: before, after: after)
    }
}

/// What a label changed: the service levels count a request once, whatever was said of it before.
public struct LabelChange: Hashable, Sendable {
    /// The request.
    public let record: RequestRecord
    /// What was said before.
    public let before: LabelState
    /// What is said now.
    public let after: LabelState

    /// Makes the value from its fields.
    public init(record: RequestRecord, before: LabelState, after: LabelState) {
        self.record = record
        self.before = before
        self.after = after
    }
}

/// What the labels of a request say together: the newest word on each question, whoever said it. A thumb does not take
/// back what was said of the answer being right.
public struct LabelState: Hashable, Sendable, Codable {
    /// Whether the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// The thumb; nil when none was given.
    public let isLiked: Bool?
    /// What the answer should have been.
    public let correction: String?

    /// Nobody said anything.
    public static let none = LabelState()

    /// Makes the value from its fields.
    public init(isCorrect: Bool? = nil, isLiked: Bool? = nil, correction: String? = nil) {
        self.isCorrect = isCorrect
        self.isLiked = isLiked
        self.correction = correction
    }

    /// Whether anything was said.
    public var isLabelled: Bool { self != .none }
}
