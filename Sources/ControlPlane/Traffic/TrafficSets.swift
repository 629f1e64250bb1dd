import Artifacts
import Catalog
import DriftAnalysis
import Foundation
public import RegistryRecords
public import RegistryTypes
import TrafficLog
public import WireFormat
import Wording

/// Traffic sets: frozen requests, named by digest.
public struct TrafficSets: Sendable {
    let ledger: Ledger
    let sets: TrafficSetFiles
    let traffic: TrafficStore
    let queue: CaptureQueue

    /// A part of the traffic sets, by name.
    public func list(_ part: NamedPart = NamedPart()) async throws -> ListAnswer<TrafficRecord> {
        try await ledger.read { state in
            let total = part.prefix.isEmpty ? try state.count(.trafficSets) : nil
            return ListAnswer(read: try state.trafficSets(NamePart(part)), limit: part.limit, total: total) {
                $0.name.text
            }
        }
    }

    /// All about a traffic set.
    public func show(_ name: Name) async throws -> TrafficView {
        let (record, canaries) = try await ledger.read { state in
            let record = try state.requireTraffic(name)
            return (record, try state.canaries(traffic: name, limit: 20))
        }
        let summary = try await sets.summary(record.digest, of: name)
        return TrafficView(
            record: record,
            tags: summary.tags,
            sample: summary.sample,
            usedBy: canaries,
            different: summary.different
        )
    }

    /// Freezes an uploaded file, of whatever tool, as a traffic set.
    ///
    /// - Throws: ``ControlPlaneError``: `badData` with the lines that are wrong; `conflict` when the name stands for
    ///   other requests already.
    public func `import`(_ name: Name, _ request: TrafficImport, by caller: Caller) async throws -> TrafficRecord {
        try caller.require(.importTraffic)
        let set = try await sets.freeze(request.digest)
        return try await add(
            TrafficImported(
                name: name,
                digest: set.stored.digest,
                sizeBytes: set.stored.sizeBytes,
                requests: set.requests.count,
                labelled: set.labelled,
                different: set.summary.different,
                conversations: set.conversations == 0 ? nil : set.conversations,
                format: set.format,
                notTaken: set.notTaken
            ),
            of: set.requests,
            other: .trafficImport(name: Self.other(name)),
            by: caller
        )
    }

    /// Freezes captured requests. The same query over the same log gives the same set.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` for a filter that is not known, or when nothing fits; `conflict`
    ///   when the name stands for other requests already.
    public func freeze(_ name: Name, _ request: FreezeRequest, by caller: Caller) async throws -> FreezeAnswer {
        try caller.require(.freezeTraffic)
        if let sample = request.sample, sample < 1 {
            throw ControlPlaneError(.badRequest, "a sample has at least 1 request, not \(sample)")
        }
        await queue.flush()
        var filter = TrafficFilter(model: request.model, since: request.since, until: request.until)
        let query: FreezeQuery
        let frozen: FrozenTraffic
        do {
            for (term, value) in request.filter { try filter.set(term, to: value) }
            query = FreezeQuery(filter, sample: request.sample, seed: request.seed ?? 0)
            // What somebody tried is no traffic, unless it is asked for.
            var asked = filter
            asked.source = filter.source ?? .user
            let read = FreezeQuery(asked, sample: request.sample, seed: request.seed ?? 0)
            frozen = try await traffic.freeze(read) { descriptors in
                (try? RequestDescriptors(encoded: descriptors))?.category(.language)
            }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        let facts = frozen.facts
        guard !frozen.requests.isEmpty else {
            if facts.matched == 0 { try await ledger.read { [filter] in try filter.requireNames(in: $0) } }
            throw Self.nothingToFreeze(facts)
        }
        let set = try await sets.store(frozen.requests)
        let skipped = Dictionary(uniqueKeysWithValues: facts.skipped.map { ($0.key.rawValue, $0.value) })
        let record = try await add(
            TrafficImported(
                name: name,
                digest: set.stored.digest,
                sizeBytes: set.stored.sizeBytes,
                requests: facts.taken,
                labelled: facts.labelled,
                frozenFrom: query.text,
                leftOut: skipped.isEmpty ? nil : skipped,
                different: set.summary.different,
                conversations: set.conversations == 0 ? nil : set.conversations
            ),
            of: frozen.requests,
            other: .trafficFreeze(
                Self.other(name),
                model: request.model,
                since: request.since,
                until: request.until,
                filter: request.filter,
                sample: request.sample,
                seed: request.seed
            ),
            by: caller
        )
        return FreezeAnswer(
            record: record,
            matched: facts.matched,
            taken: facts.taken,
            labelled: facts.labelled,
            skipped: skipped,
            unbacked: facts.unbacked == 0 ? nil : facts.unbacked
        )
    }

    /// A name that is free, most likely; nil when it would be too long.
    private static func other(_ name: Name) -> Name? { try? Name("\(name)-2") }

    /// Adds a frozen set, unless the same requests have the name already.
    ///
    /// - Parameter other: The command that does the same under another name.
    private func add(
        _ set: TrafficImported,
        of requests: [TrafficRequest],
        other: NextStep,
        by caller: Caller
    ) async throws -> TrafficRecord {
        // Compared here, and not where others wait to write: to tell the same requests in an older form they are all written again.
        let before = try await ledger.read { try $0.traffic(set.name) }
        var same = set.digest
        if let before, try await sets.isSame(before, set.digest, requests) { same = before.digest }
        return try await ledger.append(by: caller) { [same] state in
            if let known = try state.traffic(set.name) {
                if known.digest == set.digest || known.digest == same { return Change([], answer: known) }
                throw ControlPlaneError(
                    .conflict,
                    "traffic set \"\(set.name)\" exists already with other requests",
                    why: "a frozen set never changes, so that a canary can be run again",
                    next: "choose another name: \(other)"
                )
            }
            return Change([.trafficImported(set)]) { try $0.requireTraffic(set.name) }
        }.answer
    }

    private static func nothingToFreeze(_ facts: FreezeFacts) -> ControlPlaneError {
        let skipped = facts.skipped.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key.rawValue)" }
        return ControlPlaneError(
            .badRequest,
            facts.matched == 0
                ? "no captured request fits"
                : "none of the \(facts.matched) requests that fit can be replayed",
            why: skipped.isEmpty ? nil : skipped.joined(separator: ", "),
            next: facts.matched == 0
                ? "\(.requestList())"
                : "a key that keeps texts: \(.keyCreate(role: .caller, capture: .redacted))"
        )
    }
}
