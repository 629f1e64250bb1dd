import Artifacts
import Digests
import Foundation
import LongWork
import RegistryRecords
import RegistryTypes
import StrictJSON
import TrafficFormats
import TrafficLog
import WireFormat
import Wording

/// Traffic sets as blobs: read, written and counted one at a time, on a thread of their own. A set may be as large as memory
/// allows once.
actor TrafficSetFiles {
    private let blobs: BlobStore
    private let thread = DedicatedThread()
    /// What is shown of sets that were asked for; a set never changes.
    private var summaries: [Digest: TrafficSetSummary] = [:]
    /// Their digests, the oldest first.
    private var order: [Digest] = []
    private static let maxSummaries = 256

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(blobs: BlobStore) { self.blobs = blobs }

    /// The largest set: it is held in memory, as bytes and as requests, while it is read.
    private static let limitBytes: Int64 = 256 << 20

    /// The requests of a frozen set, in its order; the bytes are checked against the digest.
    func requests(_ digest: Digest, of name: Name? = nil) throws -> [TrafficRequest] {
        do {
            return try TrafficSet(data: blobs.read(digest, atMost: Self.limitBytes)).requests
        } catch let error as ArtifactsError {
            throw ControlPlaneError.lost(
                "the requests of this traffic set",
                digest,
                error,
                next: "\(.trafficImport(name: name))"
            )
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// What is shown of a frozen set; read once.
    func summary(_ digest: Digest, of name: Name) throws -> TrafficSetSummary {
        if let known = summaries[digest] { return known }
        return keep(TrafficSetSummary(try requests(digest, of: name)), of: digest)
    }

    private func keep(_ summary: TrafficSetSummary, of digest: Digest) -> TrafficSetSummary {
        if summaries.updateValue(summary, forKey: digest) == nil {
            order.append(digest)
            if order.count > Self.maxSummaries { summaries[order.removeFirst()] = nil }
        }
        return summary
    }

    /// Reads an uploaded file, whoever wrote it, and stores the canonical form of what it asks.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with the lines that are wrong.
    func freeze(_ digest: Digest) throws -> FrozenSet {
        do {
            let file = try TrafficFile(Array(blobs.read(digest, atMost: Self.limitBytes)))
            guard file.requests.count <= TrafficSet.limit else {
                throw TrafficLogError.tooManyRequests(limit: TrafficSet.limit)
            }
            let canonical = try TrafficSet(file.requests).canonicalData()
            guard canonical.count <= Self.limitBytes else { throw Self.tooLarge(Int64(canonical.count)) }
            return frozen(
                file.requests,
                try blobs.put(canonical),
                format: file.format == .own ? nil : file.format.rawValue,
                notTaken: file.notTaken
            )
        } catch ArtifactsError.tooLarge(_, let sizeBytes, _) {
            throw Self.tooLarge(sizeBytes)
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as TrafficFileError {
            throw Self.refused(error)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(.badData, "traffic file: \(error)")
        }
    }

    private static func refused(_ error: TrafficFileError) -> ControlPlaneError {
        let format = error.format.map { "it was read as \($0.rawValue)" }
        return ControlPlaneError(
            .badData,
            "traffic file: \(error)",
            why: (error.others + [format].compactMap(\.self)).joined(separator: "; "),
            next: """
                a line of serin's own is {"id":"1","variables":{"ticket":"…"},"expected":"…"}, or \
                {"id":"1","messages":[{"role":"user","text":"…"}]}
                """
        )
    }

    /// Stores requests that the server itself gathered.
    func store(_ requests: [TrafficRequest]) throws -> FrozenSet {
        do {
            let data = try TrafficSet(requests).canonicalData()
            guard data.count <= Self.limitBytes else { throw Self.tooLarge(Int64(data.count)) }
            return frozen(requests, try blobs.put(data))
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// Whether `known` holds `requests`, which are `stored` now; sets of the first builds have the digest of their form, and
    /// those of earlier ones do not say where an expected answer comes from.
    func isSame(_ known: TrafficRecord, _ digest: Digest, _ requests: [TrafficRequest]) throws -> Bool {
        if known.digest == digest { return true }
        guard known.requests == requests.count else { return false }
        let before = try TrafficSet(requests.map(\.withoutSource))
        return try before.digest() == known.digest || before.digest(.foundation) == known.digest
    }

    private func frozen(
        _ requests: [TrafficRequest],
        _ stored: StoredBlob,
        format: String? = nil,
        notTaken: [String: Int] = [:]
    ) -> FrozenSet {
        let summary = keep(TrafficSetSummary(requests), of: stored.digest)
        return FrozenSet(
            requests: requests,
            stored: stored,
            labelled: requests.count { $0.expected != nil },
            conversations: requests.count { $0.messages != nil },
            format: format,
            notTaken: notTaken.isEmpty ? nil : notTaken,
            summary: summary
        )
    }

    private static func tooLarge(_ sizeBytes: Int64) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "the traffic file has \(sizeBytes) bytes; at most \(Self.limitBytes) (256 MiB) are taken",
            why: "a set is held in memory while it is replayed",
            next: "import a selection, or parts under names of their own"
        )
    }
}

/// A set that was stored just now.
struct FrozenSet: Sendable {
    let requests: [TrafficRequest]
    let stored: StoredBlob
    /// How many say what is expected.
    let labelled: Int
    /// How many are conversations.
    let conversations: Int
    /// What the file was, and what of it was not taken; nil of serin's own.
    let format: String?
    let notTaken: [String: Int]?
    let summary: TrafficSetSummary
}

/// What is shown of a set without reading it again.
struct TrafficSetSummary: Hashable, Sendable {
    /// How often each tag occurs, most frequent first, at most 50.
    let tags: [TagCount]
    /// The first requests, at most 10.
    let sample: [TrafficRequest]
    /// How many of its requests ask something of their own.
    let different: Int

    /// Counts the requests of a set.
    init(_ requests: [TrafficRequest]) {
        var counts: [String: [String: Int]] = [:]
        for request in requests {
            for (tag, value) in request.tags ?? [:] { counts[tag, default: [:]][value, default: 0] += 1 }
        }
        let tags = counts.flatMap { tag, values in
            values.map { TagCount(tag: tag, value: $0.key, count: $0.value) }
        }
        self.tags = tags.sorted { ($1.count, $0.tag, $0.value) < ($0.count, $1.tag, $1.value) }.prefix(50).map { $0 }
        sample = Array(requests.prefix(10))
        different = DistinctRequests(requests).count
    }
}

extension TrafficRequest {
    /// The same request as builds wrote it that did not note where its expected answer comes from.
    fileprivate var withoutSource: TrafficRequest {
        TrafficRequest(
            id: id,
            content: content,
            expected: expected,
            tags: tags,
            askedAt: askedAt,
            tools: tools,
            settings: settings,
            conversation: conversation
        )
    }
}
