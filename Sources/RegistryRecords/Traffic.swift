public import Digests
public import RegistryTypes

/// A set of requests was frozen.
public struct TrafficImported: EventBody {
    public static let kind = "traffic.imported"

    /// The name.
    public let name: Name
    /// The digest of its canonical lines.
    public let digest: Digest
    /// Its size.
    public let sizeBytes: Int64
    /// How many requests it holds.
    public let requests: Int
    /// How many say what should come.
    public let labelled: Int
    /// Which captured requests it was frozen from, in words; nil for a set that was imported.
    public let frozenFrom: String?
    /// Captured requests that fitted and are not in it, by reason; nil when there are none, and in entries of before.
    public let leftOut: [String: Int]?
    /// How many of its requests ask something of their own: what is asked again shows nothing new; nil in entries of before.
    public let different: Int?
    /// How many of its requests are conversations; nil for none, and in entries of before.
    public let conversations: Int?
    /// What the file was that it was imported from, such as `OpenAI batch input`; nil for serin's own lines, a frozen set and
    /// in entries of before.
    public let format: String?
    /// What stood in the file and is not in the set, by its name: members such as `stream`, lines such as `spans of no model`.
    /// Nil for nothing, and in entries of before.
    public let notTaken: [String: Int]?

    public var subject: String { name.text }

    /// Makes the value from its fields.
    public init(
        name: Name,
        digest: Digest,
        sizeBytes: Int64,
        requests: Int,
        labelled: Int,
        frozenFrom: String? = nil,
        leftOut: [String: Int]? = nil,
        different: Int? = nil,
        conversations: Int? = nil,
        format: String? = nil,
        notTaken: [String: Int]? = nil
    ) {
        self.conversations = conversations
        self.format = format
        self.notTaken = notTaken
        self.name = name
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.requests = requests
        self.labelled = labelled
        self.frozenFrom = frozenFrom
        self.leftOut = leftOut
        self.different = different
    }
}

/// A frozen set of requests.
public struct TrafficRecord: EventRecord, Codable {
    /// The event that made it.
    public let event: TrafficImported
    /// Who brought it.
    public let importedBy: String
    /// When.
    public let importedAt: Timestamp

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: TrafficImported,
        importedBy: String,
        importedAt: Timestamp
    ) {
        self.event = event
        self.importedBy = importedBy
        self.importedAt = importedAt
    }

    private enum CodingKeys: String, CodingKey { case importedBy, importedAt }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try TrafficImported(from: decoder)
        importedBy = try own.decode(String.self, forKey: .importedBy)
        importedAt = try own.decode(Timestamp.self, forKey: .importedAt)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(importedBy, forKey: .importedBy)
        try own.encode(importedAt, forKey: .importedAt)
    }
}

extension TrafficImported {
    /// What was left out and why, most first, such as `12 sent as messages`; nil when nothing was.
    public var leftOutWords: String? {
        guard let leftOut, !leftOut.isEmpty else { return nil }
        return Self.words(leftOut)
    }

    /// What stood in the file and is not in the set, most first, such as `12 stream`; nil when all is.
    public var notTakenWords: String? { notTaken.flatMap { $0.isEmpty ? nil : Self.words($0) } }

    private static func words(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(
            separator: ", "
        )
    }
}

/// Somebody said something of an answer to another key's request, or other than was said before. What was said first of
/// a key's own request is not in the log.
public struct RequestLabelled: EventBody {
    public static let kind = "request.labelled"

    /// The request.
    public let request: RequestID
    /// The model that answered it.
    public let model: Name
    /// The key it came with.
    public let key: Name
    /// Whether the answer is called right now; nil when nobody said.
    public let isCorrect: Bool?
    /// The thumb it has now; nil for none.
    public let isLiked: Bool?
    /// Whether it was called right before.
    public let wasCorrect: Bool?
    /// The thumb it had before.
    public let wasLiked: Bool?

    public var subject: String { request.text }

    /// Makes the value from its fields.
    public init(
        request: RequestID,
        model: Name,
        key: Name,
        isCorrect: Bool?,
        isLiked: Bool?,
        wasCorrect: Bool?,
        wasLiked: Bool?
    ) {
        self.request = request
        self.model = model
        self.key = key
        self.isCorrect = isCorrect
        self.isLiked = isLiked
        self.wasCorrect = wasCorrect
        self.wasLiked = wasLiked
    }
}
