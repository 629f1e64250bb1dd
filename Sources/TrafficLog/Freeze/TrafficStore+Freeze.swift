import Digests
public import Foundation
import RegistryTypes

/// Traffic sets from captured requests.
extension TrafficStore {
    private struct Match {
        let request: StoredRequest
        let language: String?
    }

    /// The requests that fit, or a sample of them, as a traffic set; none when nothing can be taken. What
    /// should come is the answer as somebody with a role corrected it, or the answer where a label that counts says that
    /// it was right.
    ///
    /// - Parameter language: Reads the language of a request, such as `de`, out of its descriptors, for the tag
    ///   `locale`.
    /// - Throws: ``TrafficLogError``: ``TrafficLogError/manyModels(_:)`` when no model is named and the log has
    ///   several, ``TrafficLogError/tooManyRequests(limit:)``.
    public func freeze(
        _ query: FreezeQuery,
        language: @Sendable (Data) -> String? = { _ in nil }
    ) async throws -> FrozenTraffic {
        let filter = query.effectiveFilter
        if filter.model == nil {
            let models = try await models(filter)
            guard models.count < 2 else { throw TrafficLogError.manyModels(models) }
        }
        var facts = FreezeFacts()
        var matches: [Match] = []
        var problems = try await scan(filter) { part in
            facts.matched += part.count
            for request in part {
                switch request.body {
                case .variables, .messages:
                    guard matches.count < TrafficSet.limit else {
                        throw TrafficLogError.tooManyRequests(limit: TrafficSet.limit)
                    }
                    matches.append(Match(request: request, language: request.descriptors.flatMap(language)))
                case .lost: facts.skipped[.unreadable, default: 0] += 1
                case .none, .tooLarge: facts.skipped[.noTexts, default: 0] += 1
                }
            }
        }
        if let sample = query.sample {
            let drawn = UnitSample(seed: query.seed).draw(
                matches.map { UnitSample.Candidate(id: $0.request.record.id, unit: $0.request.record.unit) },
                size: max(0, sample)
            )
            let before = matches.count
            matches.removeAll { !drawn.contains($0.request.record.id) }
            if matches.count < before { facts.skipped[.notSampled] = before - matches.count }
        }
        matches.sort { $0.request.record.id < $1.request.record.id }
        let requests = try await frozen(matches, &facts, &problems)
        facts.taken = requests.count
        facts.labelled = requests.count { $0.0.expected != nil }
        if let first = requests.map(\.1).min(), let last = requests.map(\.1).max() { facts.span = first...last }
        facts.problems = problems
        return FrozenTraffic(requests: requests.map(\.0), facts: facts)
    }

    /// The lines of requests and when these ended.
    private func frozen(
        _ matches: [Match],
        _ facts: inout FreezeFacts,
        _ problems: inout [TrafficDay: String]
    ) async throws -> [(TrafficRequest, Timestamp)] {
        var lines: [RequestID: BodyLine] = [:]
        for (day, matches) in Dictionary(grouping: matches, by: \.request.day).sorted(by: { $0.key < $1.key }) {
            do {
                guard let file = try existingFile(of: day) else { continue }
                for (_, result) in try await file.bodies(matches.map(\.request.sequence)) {
                    if case .success(let line) = result { lines[line.id] = line }
                }
            } catch let error as TrafficLogError {
                problems[day] = error.description
            }
        }
        // One message alone was taken as the value of a variable; it is the first turn of a conversation where others follow.
        let conversations = Set(matches.compactMap { $0.request.body == .messages ? $0.request.record.unit : nil })
        let threads = ConversationThreads(matches.map { lines[$0.request.record.id] })
        return matches.enumerated().compactMap { place, match in
            let record = match.request.record
            let named = record.unit.flatMap { conversations.contains($0) ? $0 : nil }
            let asked: FrozenQuestion
            do throws(FreezeFacts.Skip.Reason) {
                asked = try FrozenQuestion(record, lines[record.id])
            } catch {
                facts.skipped[error.skip, default: 0] += 1
                return nil
            }
            let label = match.request.counted
            var tags = [
                "arm": record.arm.rawValue, "release": "r\(record.release)", "outcome": record.outcome.rawValue,
            ]
            tags["locale"] = match.language
            // What a person with a role wrote outranks what a release answered.
            let expected = label.correction ?? (label.isCorrect == true ? asked.line.answers?.first : nil)
            let shown = match.request.label
            if expected == nil, shown.correction != nil || shown.isCorrect == true { facts.unbacked += 1 }
            let request = TrafficRequest(
                id: record.id.text,
                content: asked.content,
                expected: expected,
                expectedFrom: expected == nil ? nil : label.correction == nil ? .answer : .correction,
                tags: tags,
                askedAt: asked.line.askedAt,
                tools: asked.line.tools,
                settings: asked.settings,
                conversation: named ?? threads.roots[place].map { matches[$0].request.record.id.text }
            )
            return (request, record.time)
        }
    }
}

/// Draws units (conversations or users, else single requests) by the smallest keyed hashes, so that the same seed over
/// the same requests draws the same ones, and a larger sample holds a smaller one's.
struct UnitSample {
    /// A request that may be drawn.
    struct Candidate {
        let id: RequestID
        let unit: String?
    }

    private let key: [UInt8]

    init(seed: UInt64) {
        key = Array("serin sample".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: seed >> (8 * UInt64($0))) }
    }

    /// The ids drawn: whole units in the order of their hashes. Of the last one, as many requests as there is room for,
    /// in the order of their own hashes: else one user with many requests would leave the sample empty.
    func draw(_ candidates: [Candidate], size: Int) -> Set<RequestID> {
        let units = Dictionary(grouping: candidates) { $0.unit ?? $0.id.text }
        let order = units.keys.map { (hash: hash($0), unit: $0) }.sorted { ($0.hash, $0.unit) < ($1.hash, $1.unit) }
        var drawn: Set<RequestID> = []
        for (_, unit) in order {
            guard drawn.count < size else { break }
            let members = (units[unit] ?? []).map { (hash: hash($0.id.text), id: $0.id) }
                .sorted { ($0.hash, $0.id) < ($1.hash, $1.id) }
            drawn.formUnion(members.prefix(size - drawn.count).map(\.id))
        }
        return drawn
    }

    private func hash(_ unit: String) -> UInt64 {
        HMACSHA256.code(of: Array(unit.utf8), key: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
