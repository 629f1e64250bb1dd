import AnswerMetrics
import Catalog
import Foundation
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import StrictJSON
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// Captured requests: listed, shown, and labelled.
public struct CapturedRequests: Sendable {
    let ledger: Ledger
    let traffic: TrafficStore
    let queue: CaptureQueue
    let recorder: TrafficRecorder
    let recent: RecentRequests
    let turns: LabelTurns
    let keepDays: Int

    /// Captured requests, newest first.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest` for a term that is not known.
    public func list(_ query: RequestQuery) async throws -> RequestPage {
        var filter = TrafficFilter(model: query.model, since: query.since, until: query.until)
        do {
            for (term, value) in query.terms { try filter.set(term, to: value) }
            // One more than is shown tells whether there is more.
            let limit = query.limit.count
            let found = try await traffic.list(filter, before: query.before, limit: limit + 1).requests
            if found.isEmpty {
                try await ledger.read { [filter] in try filter.requireNames(in: $0) }
            }
            return RequestPage(
                items: found.prefix(limit).map { RequestRow($0) },
                next: found.count > limit ? found[limit - 1].record.id.text : nil,
                capture: try await capture()
            )
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// All about a captured request.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound` when it was not kept, or its day was dropped.
    public func show(_ id: RequestID) async throws -> RequestView {
        let detail = try await detail(id)
        let record = detail.request.record
        // Only of what was found wrong when it was answered: half an answer has no form.
        let schema = record.isOutputValid == false ? try await schema(of: record.prompt) : nil
        let problems = detail.body?.answers.first.flatMap { schema?.problems(in: $0) } ?? []
        return RequestView(record: record, body: detail.body, labels: detail.labels, problems: problems)
    }

    private func schema(of prompt: VersionID) async throws -> OutputSchema? {
        try await ledger.read { try $0.prompt(prompt)?.document.output }
    }

    /// Says something of an answer: it is on disk before this returns, and counts for the service levels at once.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` when nothing is said; `notFound` for a request that was not kept.
    public func label(_ id: RequestID, _ request: LabelRequest, by caller: Caller) async throws -> RequestLabel {
        try caller.require(.labelAnswer)
        let label = RequestLabel(
            request: id,
            isCorrect: request.correct,
            isLiked: try Self.thumb(request.thumb),
            correction: request.correction,
            comment: request.comment,
            by: caller.name,
            at: ledger.now()
        )
        guard label.isCorrect != nil || label.isLiked != nil || label.correction != nil || label.comment != nil else {
            throw ControlPlaneError(
                .badRequest,
                "the label says nothing",
                next: "say \"correct\": true or false, \"thumb\": \"up\" or \"down\", \"correction\" or \"comment\""
            )
        }
        for text in [label.correction, label.comment].compactMap({ $0 }) where text.utf8.count > 64 << 10 {
            throw ControlPlaneError(.badRequest, "a correction or comment has at most 65536 bytes")
        }
        if let correction = label.correction {
            let isEmpty = correction.allSatisfy(\.isWhitespace)
            guard !isEmpty, label.isCorrect != true else {
                throw ControlPlaneError(
                    .badRequest,
                    isEmpty ? "the correction is empty" : "an answer that is right has no correction",
                    next: isEmpty
                        ? "say \"correct\": false without \"correction\" where no answer is known"
                        : "say \"correct\": true, or the \"correction\": it says by itself whether the answer was right"
                )
            }
        }
        for (text, what) in [(label.correction, "correction"), (label.comment, "comment")] {
            if let text { try Remark.refuseNull(text, called: what) }
        }
        let isTrusted = RegistryTypes.Operation.labelAnyAnswer.permission.isGranted(to: caller.role)
        do {
            if !isTrusted, try await asked(id).key != caller.name {
                throw ControlPlaneError(
                    .notAllowed,
                    "\(caller.name) may not \(RegistryTypes.Operation.labelAnyAnswer.words)",
                    why: "request \(id) came with another key",
                    next:
                        "use a key with the role \(RegistryTypes.Operation.labelAnyAnswer.permission.minRole?.rawValue ?? "reader")"
                )
            }
            // One after the other: what counts is counted in the order in which it was found to.
            let change = try await turns.run { [queue, recorder, label] in
                let change = try await queue.label(label, isOfRole: isTrusted) { Self.isSame($0, $1) }
                recorder.label(change.counted, waiting: change.waiting)
                return change
            }
            try await trace(label, change, by: caller)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        return label
    }

    /// Whether an answer is what a correction says: the same text but for the blanks around it, or the same object or list
    /// of JSON.
    private static func isSame(_ answer: String, _ correction: String) -> Bool {
        func trimmed(_ text: String) -> [UInt8] {
            func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
            let start = text.utf8.drop(while: isBlank)
            return Array(
                start.prefix(upTo: start.lastIndex { !isBlank($0) }.map(start.index(after:)) ?? start.startIndex)
            )
        }
        let bytes = trimmed(answer)
        if bytes == trimmed(correction) { return true }
        return (bytes.first == 0x7b || bytes.first == 0x5b) && JSONEquality.areEqual(answer, correction) == true
    }

    /// A request that came lately, or is kept.
    private func asked(_ id: RequestID) async throws -> RequestRecord {
        if let record = recent.record(id) { return record }
        return try await detail(id).request.record
    }

    /// What somebody says of an answer for others, and what changes what was said before, is in the log, without texts.
    private func trace(_ label: RequestLabel, _ change: LabelChange, by caller: Caller) async throws {
        let isOfAnother = label.by != change.record.key
        let hasChanged =
            change.before.isCorrect != nil && change.before.isCorrect != change.after.isCorrect
            || change.before.isLiked != nil && change.before.isLiked != change.after.isLiked
        guard isOfAnother || hasChanged else { return }
        let event = RequestLabelled(
            request: label.request,
            model: change.record.model,
            key: change.record.key,
            isCorrect: change.after.isCorrect,
            isLiked: change.after.isLiked,
            wasCorrect: change.before.isCorrect,
            wasLiked: change.before.isLiked
        )
        try await ledger.append(by: caller) { _ in Change([.requestLabelled(event)]) }
    }

    /// What is to be said about the data folder now.
    func notices(_ notices: StoreNotices) -> [StoreNotice] {
        notices.all(queue.counters, fullKeys: queue.fullKeys)
    }

    /// How the capture stands.
    public func capture() async throws -> CaptureView {
        let counters = queue.counters
        let days: [DayFacts]
        do {
            days = try await traffic.facts()
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        return CaptureView(
            offered: counters.offered,
            stored: counters.stored,
            dropped: Dictionary(uniqueKeysWithValues: counters.dropped.map { ($0.key.rawValue, $0.value) }),
            days: days.map { day in
                CaptureDay(
                    day: day.day.description,
                    requests: day.requests,
                    withTexts: day.withTexts,
                    bytes: day.bytes,
                    problem: day.problem
                )
            },
            keepDays: keepDays,
            redactionVersion: Redaction.version,
            newest: days.compactMap(\.newest).max()
        )
    }

    /// The rows of requests whose ids are known; those whose day was dropped are left out.
    func rows(of ids: [RequestID]) async throws -> [RequestRow] {
        var rows: [RequestRow] = []
        for id in ids {
            if let stored = try? await traffic.request(id) {
                rows.append(RequestRow(stored))
            } else if let record = recent.record(id) {
                rows.append(RequestRow(record: record, isCorrect: nil, isLiked: nil))
            }
        }
        return rows
    }

    /// A request with its texts and labels.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    func detail(_ id: RequestID) async throws -> RequestDetail {
        if recent.record(id) != nil { await queue.flush() }
        do {
            return try await traffic.detail(id)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    private static func thumb(_ text: String?) throws -> Bool? {
        switch text {
        case nil: return nil
        case "up": return true
        case "down": return false
        case .some:
            throw ControlPlaneError(.badRequest, "a thumb is \"up\" or \"down\"")
        }
    }
}

extension RequestRow {
    init(_ stored: StoredRequest) {
        self.init(record: stored.record, isCorrect: stored.label.isCorrect, isLiked: stored.label.isLiked)
    }
}

/// Which captured requests a list shows; nil means any.
public struct RequestQuery: Hashable, Sendable {
    /// The model.
    public var model: Name?
    /// Not before.
    public var since: Timestamp?
    /// Before.
    public var until: Timestamp?
    /// Terms by name, such as `outcome: answered`, `correct: no`; see `serin help refs`.
    public var terms: [String: String]
    /// Only those before this one: the last of the part before.
    public var before: RequestID?
    /// At most so many.
    public var limit: ListLimit

    /// Any requests, the newest first.
    public init(
        model: Name? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        terms: [String: String] = [:],
        before: RequestID? = nil,
        limit: ListLimit = .usual
    ) {
        self.model = model
        self.since = since
        self.until = until
        self.terms = terms
        self.before = before
        self.limit = limit
    }
}

extension TrafficFilter {
    /// Whether what narrows captured requests is there at all: asked when none was found, for a mistyped name must not
    /// look like a quiet hour.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    func requireNames(in state: CatalogState) throws {
        if let key { _ = try state.requireKey(key) }
        guard let model else { return }
        try state.requireModel(model)
        if let channel { try state.requireChannel(channel, of: model) }
        if let release { _ = try state.requireRelease(ReleaseID(model, release)) }
        if let version { _ = try state.requireVersion(VersionID(model, version)) }
    }
}
