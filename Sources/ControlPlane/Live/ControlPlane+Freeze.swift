import Artifacts
import Catalog
import DriftAnalysis
import Foundation
import RegistryRecords
public import RegistryTypes
import TrafficLog
public import WireFormat

/// Captured requests frozen as a traffic set, which a canary can replay.
extension ControlPlane {
    /// Freezes captured requests. The same query over the same log gives the same set.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` for a filter that is not known, or when nothing fits; `conflict`
    ///   when the name stands for other requests already.
    public func freezeTraffic(_ name: Name, _ request: FreezeRequest, by caller: Caller) async throws -> FreezeAnswer {
        try caller.require(.publish, to: "freeze traffic")
        if let sample = request.sample, sample < 1 {
            throw ControlPlaneError(.badRequest, "a sample has at least 1 request, not \(sample)")
        }
        await captureQueue.flush()
        var filter = TrafficFilter(model: request.model, since: request.since, until: request.until)
        let query: FreezeQuery
        let frozen: FrozenTraffic
        do {
            for (term, value) in request.filter { try filter.set(term, to: value) }
            query = FreezeQuery(filter, sample: request.sample, seed: request.seed ?? 0)
            frozen = try await traffic.freeze(query) { descriptors in
                (try? RequestDescriptors(encoded: descriptors))?.category(.language)
            }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        let facts = frozen.facts
        guard !frozen.requests.isEmpty else { throw Self.nothingToFreeze(facts) }
        let stored = try TrafficSetFile.store(frozen.requests, in: blobs)
        _ = try await append(by: caller) { state in
            if let known = try state.traffic(name) {
                if try TrafficSetFile.isSame(known, as: stored, frozen.requests) { return [] }
                throw ControlPlaneError(
                    .conflict,
                    "traffic set \"\(name)\" exists already with other requests",
                    why: "a frozen set never changes, so that a canary can be run again",
                    next: "choose another name: serin traffic freeze \(name)-2"
                )
            }
            return [
                .trafficImported(
                    TrafficImported(
                        name: name,
                        digest: stored.digest,
                        sizeBytes: stored.sizeBytes,
                        requests: facts.taken,
                        labelled: facts.labelled,
                        frozenFrom: query.text
                    )
                )
            ]
        }
        return FreezeAnswer(
            record: try await read { try Self.requireTraffic(name, in: $0) },
            matched: facts.matched,
            taken: facts.taken,
            labelled: facts.labelled,
            skipped: Dictionary(uniqueKeysWithValues: facts.skipped.map { ($0.key.rawValue, $0.value) })
        )
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
                ? "serin request list"
                : "a key that keeps texts: serin key create NAME --role caller --capture redacted"
        )
    }
}
