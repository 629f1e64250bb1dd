public import RegistryRecords
public import RegistryTypes
public import Wording

/// Asks for a canary.
public struct CanaryRequest: Hashable, Sendable, Codable {
    /// The candidate.
    public let release: ReleaseChoice
    /// The baseline; what is live in production when nil.
    public let against: ReleaseChoice?
    /// The traffic set; the document's when nil.
    public let traffic: Name?
    /// The canary document; the one the policy names when nil.
    public let document: Name?
    /// Pairs to compare; the document's when nil.
    public let requests: Int?
    /// The seed; the document's, else drawn by the server.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(
        release: ReleaseChoice,
        against: ReleaseChoice? = nil,
        traffic: Name? = nil,
        document: Name? = nil,
        requests: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.release = release
        self.against = against
        self.traffic = traffic
        self.document = document
        self.requests = requests
        self.seed = seed
    }
}

/// Asks for more requests for a canary that did not decide.
public struct ExtendCanaryRequest: Hashable, Sendable, Codable {
    /// Pairs in all; what would probably decide when nil.
    public let requests: Int?

    /// Makes the value from its fields.
    public init(requests: Int? = nil) { self.requests = requests }
}

/// A canary with its progress or its report.
public struct CanaryView: Hashable, Sendable, Codable {
    /// The canary.
    public let record: CanaryRecord
    /// How far it is; nil once finished.
    public let progress: WorkProgress?
    /// What it found; nil until judged.
    public let report: CanaryReport?
    /// The canary document it ran by.
    public let document: DocumentRecord?
    /// How many different requests its traffic set holds: more cannot be taken from it. nil where that is not known.
    public let trafficRequests: Int?
    /// The channels that point to its candidate now; nil from a server of an older build.
    public let candidateLiveIn: [Name]?
    /// Pairs in all with which an extension of it would probably decide; nil where it cannot be extended, its set holds fewer,
    /// or no number is known.
    public let extensionNeeded: Int?
    /// The canary that goes on from it; nil where none does.
    public let extendedBy: CanaryID?

    /// Makes the value from its fields.
    public init(
        record: CanaryRecord,
        progress: WorkProgress? = nil,
        report: CanaryReport? = nil,
        document: DocumentRecord? = nil,
        trafficRequests: Int? = nil,
        candidateLiveIn: [Name]? = nil,
        extensionNeeded: Int? = nil,
        extendedBy: CanaryID? = nil
    ) {
        self.extendedBy = extendedBy
        self.extensionNeeded = extensionNeeded
        self.candidateLiveIn = candidateLiveIn
        self.record = record
        self.progress = progress
        self.report = report
        self.document = document
        self.trafficRequests = trafficRequests
    }

    /// What would decide it where it is open; nil where it is decided or no number is known.
    public var moreRequests: MoreRequests? {
        guard record.verdict == .inconclusive, let needed = record.requestsNeeded else { return nil }
        return MoreRequests(needed: needed, holds: trafficRequests)
    }
}

extension CanaryRecord {
    /// The pairs that were enough, of those that were asked for: `250 of 2,000`, `2,000`, or `3,500, extended from 2,000`.
    public var pairsWords: String {
        let asked = NumberText.count(event.requests)
        if let pairsExtended { return "\(NumberText.count(pairsExtended)), extended from \(asked)" }
        return pairsEnough.map { "\(NumberText.count($0)) of \(asked)" } ?? asked
    }
}

/// How far a piece of work is.
public struct WorkProgress: Hashable, Sendable, Codable {
    /// Parts done.
    public let done: Int
    /// Parts in all.
    public let total: Int
    /// Wall seconds so far, without time the server was down.
    public let elapsedSeconds: Double
    /// Parts a second so far; nil before the first part is done.
    public let perSecond: Double?
    /// Seconds left at the pace so far; nil before the first part is done.
    public let remainingSeconds: Double?

    /// Makes the value from its fields.
    public init(done: Int, total: Int, elapsedSeconds: Double) {
        self.done = done
        self.total = total
        self.elapsedSeconds = elapsedSeconds
        let isMoving = done > 0 && elapsedSeconds > 0
        perSecond = isMoving ? Double(done) / elapsedSeconds : nil
        remainingSeconds = isMoving ? elapsedSeconds / Double(done) * Double(max(0, total - done)) : nil
    }

    private enum CodingKeys: String, CodingKey { case done, total, elapsedSeconds, perSecond, remainingSeconds }

    /// What follows from the rest is not read but counted: older servers do not send it.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            done: try fields.decode(Int.self, forKey: .done),
            total: try fields.decode(Int.self, forKey: .total),
            elapsedSeconds: try fields.decode(Double.self, forKey: .elapsedSeconds)
        )
    }

    /// Whether it still waits for its turn.
    public var isWaiting: Bool { done == 0 && elapsedSeconds == 0 }

    /// How far it is in words, `unit` being what is counted: `412 of 2,000 pairs, 21 a second, about 1 min left`.
    public func words(_ unit: String) -> String {
        guard !isWaiting else { return "waits for its turn, \(NumberText.count(total)) \(unit)" }
        let parts = [
            "\(NumberText.count(done)) of \(NumberText.count(total)) \(unit)",
            perSecond.map { "\(NumberText.significant($0)) a second" },
            remainingSeconds.map { "about \(NumberText.duration($0)) left" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}

/// Asks for the end of a canary or an evaluation.
public struct CancelRequest: Hashable, Sendable, Codable {
    /// Why; nil where nobody says.
    public let reason: String?

    /// Makes the value from its fields.
    public init(reason: String? = nil) { self.reason = reason }
}
