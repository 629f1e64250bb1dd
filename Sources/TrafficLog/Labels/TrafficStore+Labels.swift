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

    /// Adds a label. Of those with a role the newest one counts, else the newest of callers; all stay readable. A
    /// corrected answer without a verdict says by itself whether the answer was right.
    ///
    /// - Parameters:
    ///   - isOfRole: Whether who gave it may label the answers of others.
    ///   - isSame: Whether an answer is what the correction says.
    /// - Throws: ``TrafficLogError/noRequest(_:)``.
    public func add(
        _ label: RedactedLabel,
        isOfRole: Bool,
        isSame: (_ answer: String, _ correction: String) -> Bool = { Array($0.utf8) == Array($1.utf8) }
    ) async throws -> LabelChange {
        var label = label.label
        let (file, request) = try await find(label.request)
        if let correction = label.correction, label.isCorrect == nil,
            case .success(let line) = try await file.bodies([request.sequence])[request.sequence],
            let answer = line.body.answers.first
        {
            label = RequestLabel(
                request: label.request,
                isCorrect: isSame(answer, correction),
                isLiked: label.isLiked,
                correction: label.correction,
                comment: label.comment,
                by: label.by,
                at: label.at
            )
        }
        let now = label.at.milliseconds
        return try await file.add(label, isOfRole: isOfRole, to: request) { self.nextCount(now) }
    }

    /// The labels that counted after `time`, the earliest first, how many wait, and for each day that cannot be read, why.
    /// Labels that come count at later times than all of these.
    ///
    /// - Parameter time: ms since 1970: up to when they are counted already.
    public func takeUpLabels(
        after time: Int64
    ) async throws -> (counted: [CountedLabel], waiting: [LabelWait: Int], problems: [TrafficDay: String]) {
        var counted: [CountedLabel] = []
        var waiting: [LabelWait: Int] = [:]
        var problems: [TrafficDay: String] = [:]
        for day in try days() {
            do {
                guard let found = try await existingFile(of: day)?.labels(countedAfter: time) else { continue }
                counted += found.counted
                waiting.merge(found.waiting, uniquingKeysWith: +)
            } catch {
                problems[day] = "\(error)"
            }
        }
        counted.sort { $0.count < $1.count }
        _ = nextCount(max(time, counted.last?.count ?? 0))
        return (counted, waiting, problems)
    }
}

/// What a label changed.
public struct LabelChange: Hashable, Sendable {
    /// The request.
    public let record: RequestRecord
    /// What was said before.
    public let before: LabelState
    /// What is said now.
    public let after: LabelState
    /// The labels that count from now on, in this order: this one, ones that waited, or none.
    public let counted: [CountedLabel]
    /// By how many more the labels are that wait; less than 0 where fewer do.
    public let waiting: [LabelWait: Int]
}

/// What somebody said of an answer, that counts: a service level counts a request once, whatever is said of it later.
public struct CountedLabel: Hashable, Sendable {
    /// The request.
    public let record: RequestRecord
    /// What is said: one thing. Its time is when it counted.
    public let label: RequestLabel
    /// When it counted, ms since 1970: each later than the one before, whatever the clock did.
    public let count: Int64

    init(_ question: LabelSources.Question, isBad: Bool, of record: RequestRecord, by key: Name, at count: Int64) {
        self.record = record
        self.count = count
        label = RequestLabel(
            request: record.id,
            isCorrect: question == .correct ? !isBad : nil,
            isLiked: question == .liked ? !isBad : nil,
            by: key,
            at: Timestamp(milliseconds: count)
        )
    }
}

/// Labels of callers that wait until others bear them out: what they speak of.
public struct LabelWait: Hashable, Sendable {
    /// The model.
    public let model: Name
    /// The channel that was asked for.
    public let channel: Name?
    /// Whether it is a thumb, not a word on the answer being right.
    public let isThumb: Bool

    init(_ statement: LabelSources.Statement) {
        model = statement.model
        channel = statement.channel
        isThumb = statement.question == .liked
    }
}
