public import RegistryTypes

/// One request in a list.
public struct RequestRow: Hashable, Sendable, Codable {
    /// What is known of it.
    public let record: RequestRecord
    /// Whether the newest label says the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// The newest thumb; nil when none was given.
    public let isLiked: Bool?

    /// Makes the value from its fields.
    public init(record: RequestRecord, isCorrect: Bool? = nil, isLiked: Bool? = nil) {
        self.record = record
        self.isCorrect = isCorrect
        self.isLiked = isLiked
    }
}

/// A part of the list of requests, newest first.
public struct RequestPage: Hashable, Sendable, Codable {
    /// The requests.
    public let items: [RequestRow]
    /// The id to pass as `before` for the next part; nil at the end.
    public let next: String?
    /// How the capture stands.
    public let capture: CaptureView

    /// Makes the value from its fields.
    public init(items: [RequestRow], next: String? = nil, capture: CaptureView) {
        self.items = items
        self.next = next
        self.capture = capture
    }
}

/// All about a request.
public struct RequestView: Hashable, Sendable, Codable {
    /// What is known of it.
    public let record: RequestRecord
    /// Its texts after redaction; nil when they were not kept.
    public let body: RequestBody?
    /// What was said of it, newest first.
    public let labels: [RequestLabel]
    /// What is wrong with the first answer by its prompt's schema; empty where its form is not known to be wrong.
    public let problems: [String]
    /// Why there is no answer, as far as it is known; nil where there is one.
    public var reason: String? { body?.reason ?? record.reason }

    /// Makes the value from its fields.
    public init(record: RequestRecord, body: RequestBody? = nil, labels: [RequestLabel], problems: [String]) {
        self.record = record
        self.body = body
        self.labels = labels
        self.problems = problems
    }
}

/// Says something of an answer.
public struct LabelRequest: Hashable, Sendable, Codable {
    /// The request; nil where the address names it.
    public let request: RequestID?
    /// Whether the answer was right.
    public let correct: Bool?
    /// `up` or `down`.
    public let thumb: String?
    /// What the answer should have been.
    public let correction: String?
    /// A remark.
    public let comment: String?

    /// Makes the value from its fields.
    public init(
        request: RequestID? = nil,
        correct: Bool? = nil,
        thumb: String? = nil,
        correction: String? = nil,
        comment: String? = nil
    ) {
        self.request = request
        self.correct = correct
        self.thumb = thumb
        self.correction = correction
        self.comment = comment
    }

    /// Reads a label. The request may be named as its answer names itself, `chatcmpl-…`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        request = try members.decodeIfPresent(String.self, forKey: .request).map { text in
            let prefix = RequestID.answerPrefix
            return try RequestID(text.utf8.starts(with: prefix.utf8) ? String(text.dropFirst(prefix.count)) : text)
        }
        correct = try members.decodeIfPresent(Bool.self, forKey: .correct)
        thumb = try members.decodeIfPresent(String.self, forKey: .thumb)
        correction = try members.decodeIfPresent(String.self, forKey: .correction)
        comment = try members.decodeIfPresent(String.self, forKey: .comment)
    }
}
