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
    private var summaries = KeptSummaries()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(blobs: BlobStore) { self.blobs = blobs }

    /// The largest set: it is held in memory, as bytes and as requests, while it is read.
    private static let limitBytes: Int64 = 256 << 20

    /// The requests of a frozen set, in its order; the bytes are checked against the digest.
    ///
    /// - Throws: ``ControlPlaneError``; `unavailable` where memory is short for as long as it takes to read it.
    func requests(_ digest: Digest, of name: Name? = nil) throws -> [TrafficRequest] {
        try requireMemory(for: digest, "the traffic set \(name.map { "\"\($0)\"" } ?? digest.short)")
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
        let summary = TrafficSetSummary(try requests(digest, of: name))
        summaries.keep(summary, of: digest)
        return summary
    }

    /// Refuses to read what memory is too short for, before any of it is taken.
    private func requireMemory(for digest: Digest, _ what: String) throws(ControlPlaneError) {
        // A small set is read whatever the system says: what it takes is less than what was free a moment before.
        guard let sizeBytes = blobs.sizeBytes(of: digest), sizeBytes > 1 << 20 else { return }
        try MemoryRoom.require(sizeBytes * Self.memoryFactor, for: what, found: MemoryRoom.bytes())
    }

    /// Bytes of memory for each byte of a set while it is read: its bytes, and its requests as values.
    private static let memoryFactor: Int64 = 4

    /// Reads an uploaded file, whoever wrote it, and stores the canonical form of what it asks.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with the lines that are wrong.
    func freeze(_ digest: Digest) throws -> FrozenSet {
        try requireMemory(for: digest, "the traffic file")
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
        let summary = TrafficSetSummary(requests)
        summaries.keep(summary, of: stored.digest)
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

/// What is shown of sets that were asked for; a set never changes. Kept are the last ones, by number and by bytes: the first
/// requests of each may have ten MiB.
struct KeptSummaries {
    private var summaries: [Digest: TrafficSetSummary] = [:]
    /// Their digests, the oldest first.
    private var order: [Digest] = []
    /// About how much memory they take.
    private(set) var bytes = 0
    private static let maxCount = 256
    /// The most bytes of all of them.
    static let maxBytes = 32 << 20

    /// That of a set; nil for one that is not kept.
    subscript(_ digest: Digest) -> TrafficSetSummary? { summaries[digest] }

    /// Keeps one; the oldest give way to it.
    mutating func keep(_ summary: TrafficSetSummary, of digest: Digest) {
        guard summary.bytes <= Self.maxBytes, summaries.updateValue(summary, forKey: digest) == nil else { return }
        order.append(digest)
        bytes += summary.bytes
        while bytes > Self.maxBytes || order.count > Self.maxCount {
            bytes -= summaries.removeValue(forKey: order.removeFirst())?.bytes ?? 0
        }
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
    /// About how many bytes it takes.
    let bytes: Int

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
        bytes =
            sample.reduce(1024) { $0 + ((try? CanonicalJSON.encode($1).count) ?? TrafficLineParser.limitBytes) }
            + self.tags.reduce(0) { $0 + $1.tag.utf8.count + $1.value.utf8.count }
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
