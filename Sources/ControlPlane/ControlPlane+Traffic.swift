import Artifacts
import Catalog
import Foundation
public import RegistryRecords
public import RegistryTypes
import TrafficLog
public import WireFormat

/// Traffic sets: frozen requests, named by digest.
extension ControlPlane {
    /// All traffic sets, by name.
    public func trafficSets() async throws -> [TrafficRecord] { try await read { try $0.trafficSets() } }

    /// All about a traffic set.
    public func traffic(_ name: Name) async throws -> TrafficView {
        let (record, canaries) = try await read { state in
            let record = try Self.requireTraffic(name, in: state)
            let canaries = try state.canaries(limit: 1000)
                .filter { $0.trafficDigest == record.digest }
            return (record, canaries)
        }
        let requests = try TrafficSetFile.requests(in: blobs, record.digest)
        var counts: [String: [String: Int]] = [:]
        for request in requests {
            for (tag, value) in request.tags ?? [:] { counts[tag, default: [:]][value, default: 0] += 1 }
        }
        let tags = counts.flatMap { tag, values in
            values.map { TagCount(tag: tag, value: $0.key, count: $0.value) }
        }
        return TrafficView(
            record: record,
            tags: tags.sorted { ($1.count, $0.tag, $0.value) < ($0.count, $1.tag, $1.value) }.prefix(50).map { $0 },
            sample: Array(requests.prefix(10)),
            usedBy: Array(canaries.prefix(20))
        )
    }

    /// Freezes an uploaded JSONL file as a traffic set.
    ///
    /// - Throws: ``ControlPlaneError``: `badData` with the line that is broken; `conflict` when the name stands for
    ///   other requests already.
    public func importTraffic(_ name: Name, _ request: TrafficImport, by caller: Caller) async throws -> TrafficRecord {
        try caller.require(.publish, to: "import traffic")
        let (requests, stored) = try TrafficSetFile.freeze(blobs, request.digest)
        _ = try await append(by: caller) { state in
            if let known = try state.traffic(name) {
                if try TrafficSetFile.isSame(known, as: stored, requests) { return [] }
                throw ControlPlaneError(
                    .conflict,
                    "traffic set \"\(name)\" exists already with other requests",
                    why: "a frozen set never changes, so that a canary can be run again",
                    next: "choose another name: serin traffic import FILE --name \(name)-2"
                )
            }
            return [
                .trafficImported(
                    TrafficImported(
                        name: name,
                        digest: stored.digest,
                        sizeBytes: stored.sizeBytes,
                        requests: requests.count,
                        labelled: requests.count { $0.expected != nil }
                    )
                )
            ]
        }
        return try await read { try Self.requireTraffic(name, in: $0) }
    }
}
