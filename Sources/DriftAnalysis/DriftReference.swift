public import Digests
public import Foundation
public import RegistryRecords
public import RegistryTypes
public import Statistics

/// The traffic that other windows are compared with: frozen, and named by the digest of its bytes.
public struct DriftReference: Hashable, Sendable {
    /// Requests that a chosen reference or a compared window needs.
    public static let minRequests = 200
    /// Requests that a learned reference needs.
    public static let learnedRequests = 5000
    /// Whole days that a learned reference needs.
    public static let learnedDays = 7
    /// Most embeddings from which the noise of the random features is estimated.
    public static let maxEmbeddings = 2000

    /// Its stretch of time.
    public let window: DriftWindow
    /// Where it came from.
    public let how: DriftBaselineSet.How
    /// Its requests.
    public let summary: DriftSummary
    /// What the statistic of embeddings is by chance; nil without embeddings.
    public let null: DiscrepancyNull?
    /// How far it is; nil when it is complete.
    public let learning: DriftReport.Progress?

    /// A reference from a window that somebody chose.
    ///
    /// - Parameter embeddings: of prompts of the window, as ``PackedEmbedding/values`` gives them, for the noise of the
    ///   random features; at least 50 are needed.
    /// - Throws: ``DriftError/tooLittleData(what:requests:needed:)``.
    public static func chosen(
        _ summary: DriftSummary,
        from: Timestamp,
        to: Timestamp,
        embeddings: [[Float]] = []
    ) throws(DriftError) -> DriftReference {
        guard summary.requests >= minRequests else {
            throw .tooLittleData(what: "baseline window", requests: summary.requests, needed: minRequests)
        }
        return DriftReference(summary, from, to, .chosen, embeddings, nil)
    }

    /// A reference from the first days after a promotion; complete or not, as ``learning`` says.
    public static func learned(
        _ summary: DriftSummary,
        from: Timestamp,
        to: Timestamp,
        embeddings: [[Float]] = []
    ) -> DriftReference {
        let progress = progress(requests: summary.requests, from: from, to: to)
        return DriftReference(summary, from, to, .learned, embeddings, progress.isComplete ? nil : progress)
    }

    /// How far a reference that is learned from `from` on is at `to`.
    public static func progress(requests: Int, from: Timestamp, to: Timestamp) -> DriftReport.Progress {
        DriftReport.Progress(
            requests: requests,
            wantedRequests: learnedRequests,
            days: max(0, Int(to.seconds(since: from) / 86_400)),
            wantedDays: learnedDays
        )
    }

    private init(
        _ summary: DriftSummary,
        _ from: Timestamp,
        _ to: Timestamp,
        _ how: DriftBaselineSet.How,
        _ embeddings: [[Float]],
        _ learning: DriftReport.Progress?
    ) {
        window = DriftWindow(from: from, to: to, requests: summary.requests)
        self.how = how
        self.summary = summary
        self.learning = learning
        null = Self.null(embeddings, summary.epoch)
    }

    /// Rows spread evenly over all that are given, so that no part of the window counts more.
    private static func null(_ embeddings: [[Float]], _ epoch: DriftEpoch) -> DiscrepancyNull? {
        guard embeddings.count >= 50, let random = epoch.features?.drawn() else { return nil }
        let kept = min(embeddings.count, maxEmbeddings)
        let rows = (0..<kept).compactMap { random.features(of: embeddings[$0 * embeddings.count / kept]) }
        return DiscrepancyNull(features: rows)
    }
}

extension DriftReference {
    private static let magic = "driftref"
    private static let version: UInt8 = 1

    /// The reference in bytes: what is stored as a blob.
    public func encoded() -> Data {
        var out = ByteWriter()
        out.put(fixed: UInt64(bitPattern: window.from.milliseconds))
        out.put(fixed: UInt64(bitPattern: window.to.milliseconds))
        out.put(UInt8((how == .learned ? 1 : 0) + (null == nil ? 0 : 2)))
        if let null {
            for value in [null.trace, null.trace2, null.trace3] { out.put(fixed: value.bitPattern) }
        }
        let bytes = summary.encoded()
        out.put(bytes.count)
        out.put(raw: bytes)
        return out.sealed(magic: Self.magic, version: Self.version)
    }

    /// The name of the reference: the SHA-256 of ``encoded()``.
    public var digest: Digest { Digest(of: encoded()) }

    /// Reads a reference back.
    ///
    /// - Throws: ``DriftError/damaged(what:why:)``, ``DriftError/newer(what:version:)``.
    public init(encoded data: Data) throws(DriftError) {
        var reader = try ByteReader(data, what: "drift reference", magic: Self.magic, version: Self.version)
        let from = Timestamp(milliseconds: Int64(bitPattern: try reader.fixed()))
        let to = Timestamp(milliseconds: Int64(bitPattern: try reader.fixed()))
        let flags = try reader.byte()
        guard from <= to, flags < 4 else { throw reader.damaged("unknown flags") }
        if flags & 2 != 0 {
            var traces: [Double] = []
            for _ in 0..<3 { traces.append(Double(bitPattern: try reader.fixed())) }
            guard traces.allSatisfy({ $0.isFinite && $0 >= 0 }) else { throw reader.damaged("no such noise") }
            null = DiscrepancyNull(trace: traces[0], trace2: traces[1], trace3: traces[2])
        } else {
            null = nil
        }
        let size = try reader.number()
        summary = try DriftSummary(encoded: Data(try reader.raw(size)))
        guard reader.isAtEnd else { throw reader.damaged("something follows it") }
        how = flags & 1 != 0 ? .learned : .chosen
        window = DriftWindow(from: from, to: to, requests: summary.requests)
        let progress = Self.progress(requests: summary.requests, from: from, to: to)
        learning = how == .learned && !progress.isComplete ? progress : nil
    }
}
