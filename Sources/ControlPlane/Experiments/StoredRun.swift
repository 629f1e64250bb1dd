import Artifacts
import Catalog
import Digests
import Foundation
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import Replay
import StrictJSON
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// A canary that was judged, with all that it takes to judge its pairs again: nothing is answered again and nothing is changed.
struct StoredRun: Sendable {
    let record: CanaryRecord
    /// The document that it was judged by.
    let document: CanaryDocument
    /// What it found.
    let report: CanaryReport
    private let evidence: Digest
    private let candidate: ReleaseRecord
    private let baseline: ReleaseRecord
    /// The requests of its set.
    let requests: [TrafficRequest]
    private let sides: JudgedSides
    private let samplesPath: String

    /// Reads what belongs to a canary.
    ///
    /// - Throws: ``ControlPlaneError``: no such canary, one without a verdict, or something of it is gone.
    init(_ id: CanaryID, _ parts: ExperimentParts) async throws {
        let (record, document, candidate, baseline, schema) = try await parts.ledger.read { state in
            let record = try state.requireCanary(id)
            guard record.evidence != nil else { throw Self.unjudged(record) }
            guard let document = try state.document(.canary, record.document, digest: record.documentDigest) else {
                throw ControlPlaneError(.internalFault, "the document of \(id) is not in the log")
            }
            let baseline = try state.requireRelease(record.baseline)
            return (
                record, try document.canary(), try state.requireRelease(record.candidate), baseline,
                try state.requirePrompt(baseline.content.prompt).document.output
            )
        }
        guard let evidence = record.evidence else { throw Self.unjudged(record) }
        self.record = record
        self.document = document
        self.evidence = evidence
        self.candidate = candidate
        self.baseline = baseline
        report = try parts.evidence.read(CanaryReport.self, evidence)
        requests = try await parts.sets.requests(record.trafficDigest, of: record.traffic)
        samplesPath = parts.settings.folder.samples(of: id.description)
        // Whether tools were left out is told where there are any: a template of a model file is in its weights.
        guard requests.contains(where: { $0.tools != nil }) else {
            sides = JudgedSides(schema: schema)
            return
        }
        sides = JudgedSides(
            schema: schema,
            baselineTakesTools: try await parts.releases.takesTools(baseline, parts.ledger),
            candidateTakesTools: try await parts.releases.takesTools(candidate, parts.ledger)
        )
    }

    private static func unjudged(_ record: CanaryRecord) -> ControlPlaneError {
        ControlPlaneError(
            .conflict,
            "canary \(record.id) has no verdict",
            why: record.state == .running ? "it still runs" : record.summary,
            next: record.state == .running ? "\(.canaryWatch(record.id))" : "\(.canaryShow(record.id))"
        )
    }

    /// Judges its pairs again as they were judged.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` where they are not there, or not its own.
    func recompute() async throws -> RecomputedCanary {
        let again = try await stored { try await replay(by: document).recompute(sides, made: report.run) }
        let bytes = try CanonicalJSON.encode(again)
        let (before, after) = (try Self.json(CanonicalJSON.encode(report)), try Self.json(bytes))
        var members = ComparedMembers(before, after)
        // A number may be larger than JSON compares exactly.
        if members.differences.isEmpty, members.added.isEmpty, again != report { members.addWhole() }
        return RecomputedCanary(
            canary: record.id,
            candidate: record.candidate,
            baseline: record.baseline,
            pairs: report.requests,
            verdict: report.judgment.verdict,
            recomputed: again.judgment.verdict,
            evidence: evidence,
            recomputedEvidence: Digest(of: bytes),
            differences: Array(members.differences.prefix(RecomputedCanary.maxDifferences)),
            differenceCount: members.differences.count,
            added: members.added,
            rules: RecomputedCanary.Rules(
                stored: report.run.rulesRevision ?? 1,
                now: CanaryReplay.rulesRevision
            )
        )
    }

    /// Its pairs in the order of the run.
    ///
    /// - Parameter after: The place behind which they are; nil from the beginning.
    /// - Throws: as ``recompute()``.
    func samples(_ filter: CanarySample.Filter?, after: Int?, limit: Int) async throws -> [CanarySample] {
        try await stored {
            try await replay(by: document)
                .pairs(sides, made: report, after: after.map { $0 - 1 }, limit: limit) { CanarySample($0).fits(filter) }
                .map { CanarySample($0) }
        }
    }

    /// What another document would have made of its pairs.
    ///
    /// - Throws: as ``recompute()``; `badRequest` for a document that would look too often.
    func judge(by document: CanaryDocument) async throws -> CanaryReport {
        let asked = asked(by: document)
        // What it was extended to is looked at by the other document too.
        let added = asked == record.requests ? record.event.extends.map { $0.requests - asked } : nil
        if let step = document.compare.neededLookEvery(requests: max(asked, added ?? 0)) {
            throw ControlPlaneError(
                .badRequest,
                "canary document \"\(document.name)\" would look at \(NumberText.count(asked, "request")) more than "
                    + "\(CanaryDocument.Comparison.maxLooks) times",
                next: "write lookEvery: \(step) or more into it"
            )
        }
        return try await stored {
            try await replay(by: document).judgeStored(sides, asked: asked, made: report.run)
        }
    }

    /// The pairs that it would have been asked for by another document: as many as it was, unless that names fewer.
    func asked(by other: CanaryDocument) -> Int {
        other.compare.requests == document.compare.requests
            ? record.requests : min(record.requests, other.compare.requests)
    }

    private func replay(by document: CanaryDocument) -> CanaryReplay {
        CanaryReplay(
            record: record,
            document: document,
            candidate: candidate,
            baseline: baseline,
            requests: requests,
            samplesPath: samplesPath,
            build: report.run.build
        )
    }

    private func stored<Value>(_ judge: () async throws -> Value) async throws -> Value {
        func gone(_ why: String) -> ControlPlaneError {
            ControlPlaneError(
                .badData,
                "the pairs of \(record.id) cannot be judged again",
                why: why,
                next: """
                    put the file back from a copy of the data folder, or run it again: \(.canaryRun(
                        .release(record.candidate),
                        against: .release(record.baseline),
                        using: record.document,
                        traffic: record.traffic,
                        requests: record.requests,
                        seed: record.seed
                    ))
                    """
            )
        }
        do {
            return try await judge()
        } catch let error as TrafficLogError {
            guard error.isAboutSamples else { throw ControlPlaneError(error) }
            throw gone("canaries/\(record.id).db: \(error.why)")
        } catch let error as ReplayError {
            throw gone("\(error.why)")
        }
    }

    private static func json(_ bytes: Data) throws -> JSONValue {
        try CanonicalJSON.decode(JSONValue.self, from: bytes)
    }
}

extension Canaries {
    /// Judges the stored pairs of a canary again by its stored document, and says what is not as it was.
    ///
    /// - Throws: ``ControlPlaneError``: no such canary, one without a verdict, one whose pairs are gone, `unavailable` where
    ///   too many wait.
    public func recompute(_ id: CanaryID, by caller: Caller) async throws -> RecomputedCanary {
        try await parts.rereads.run(by: caller) { try await StoredRun(id, parts).recompute() }
    }

    /// The stored pairs of a canary in the order of the run.
    ///
    /// - Parameter after: The place behind which they are; nil from the beginning.
    /// - Throws: as ``recompute(_:by:)``.
    public func samples(
        _ id: CanaryID,
        _ filter: CanarySample.Filter?,
        after: Int?,
        limit: Int,
        by caller: Caller
    ) async throws -> [CanarySample] {
        try await parts.rereads.run(by: caller) {
            try await StoredRun(id, parts).samples(filter, after: after, limit: limit)
        }
    }
}

extension CanarySample {
    fileprivate init(_ listed: ListedPair) {
        self.init(
            place: listed.position + 1,
            pair: listed.pair,
            better: listed.better,
            isDifferent: listed.isDifferent
        )
    }
}

extension LoadedReleases {
    /// Whether a release's prompt has a place for tools; its weights are read only where that is in them.
    func takesTools(_ release: ReleaseRecord, _ ledger: Ledger) async throws -> Bool {
        let prompt = try await ledger.read { try $0.requirePrompt(release.content.prompt).document }
        guard prompt.format == .model else { return false }
        let plan = try await ledger.read { try ReleasePlan(release.content, of: release.id.model, in: $0) }
        return try await self.release(plan).takesTools
    }
}

/// Two JSON values, member by member.
struct ComparedMembers {
    /// Members of the first that are otherwise in the second, or not there.
    private(set) var differences: [RecomputedCanary.Difference] = []
    /// Members that only the second has: those of a newer build.
    private(set) var added: [String] = []

    init(_ stored: JSONValue, _ now: JSONValue) { compare(stored, now, at: "") }

    /// Says that the values differ where no single member says how.
    mutating func addWhole() {
        differences.append(RecomputedCanary.Difference(member: "report", stored: "another value", recomputed: nil))
    }

    private mutating func compare(_ stored: JSONValue, _ now: JSONValue, at place: String) {
        switch (stored, now) {
        case (.object(let left), .object(let right)):
            for key in Set(left.keys).union(right.keys).sorted() {
                let member = place.isEmpty ? key : "\(place).\(key)"
                switch (left[key], right[key]) {
                case (let left?, let right?): compare(left, right, at: member)
                case (let left?, nil): add(left, nil, at: member)
                default: added.append(member)
                }
            }
        case (.array(let left), .array(let right)) where left.count == right.count:
            for (index, pair) in zip(left, right).enumerated() { compare(pair.0, pair.1, at: "\(place)[\(index)]") }
        default: if stored != now { add(stored, now, at: place) }
        }
    }

    private mutating func add(_ stored: JSONValue, _ now: JSONValue?, at member: String) {
        differences.append(
            RecomputedCanary.Difference(member: member, stored: Self.text(stored), recomputed: now.map(Self.text))
        )
    }

    /// A value as JSON, cut where it is long.
    private static func text(_ value: JSONValue) -> String {
        let bytes = (try? CanonicalJSON.encode(value)) ?? Data()
        return bytes.count > 160
            ? String(decoding: bytes.prefix(160), as: UTF8.self) + "…" : String(decoding: bytes, as: UTF8.self)
    }
}
