public import Digests
public import RegistryTypes
import Wording

/// What judging the stored pairs of a canary again came to.
public struct RecomputedCanary: Hashable, Sendable, Codable {
    /// A member of the report that is not as it was stored.
    public struct Difference: Hashable, Sendable, Codable {
        /// Which, such as `judgment.checks[0].estimate`.
        public let member: String
        /// As it was stored, as JSON, cut where it is long.
        public let stored: String
        /// As it is now; nil where it is not there any more.
        public let recomputed: String?

        /// A difference of one member.
        public init(member: String, stored: String, recomputed: String?) {
            self.member = member
            self.stored = stored
            self.recomputed = recomputed
        }
    }

    /// By which revision of the metrics and rules of the judge it was judged, and is now.
    public struct Rules: Hashable, Sendable, Codable {
        /// As it was judged.
        public let stored: Int
        /// As this build judges.
        public let now: Int

        /// Two revisions.
        public init(stored: Int, now: Int) {
            self.stored = stored
            self.now = now
        }
    }

    /// The most differences that are told one by one.
    public static let maxDifferences = 50

    /// The canary.
    public let canary: CanaryID
    /// The release that was tested.
    public let candidate: ReleaseID
    /// The release that it was compared with.
    public let baseline: ReleaseID
    /// The pairs that its verdict rests on.
    public let pairs: Int
    /// The stored verdict.
    public let verdict: Verdict
    /// What its pairs come to now.
    public let recomputed: Verdict
    /// The digest of the stored report.
    public let evidence: Digest
    /// The digest of the report made again: the same where every byte is.
    public let recomputedEvidence: Digest
    /// What is not as it was stored, at most ``maxDifferences`` of them.
    public let differences: [Difference]
    /// How many there are.
    public let differenceCount: Int
    /// Members that the stored report does not have because an older build made it.
    public let added: [String]
    /// The revisions of metrics and rules.
    public let rules: Rules

    /// What came of it.
    public init(
        canary: CanaryID,
        candidate: ReleaseID,
        baseline: ReleaseID,
        pairs: Int,
        verdict: Verdict,
        recomputed: Verdict,
        evidence: Digest,
        recomputedEvidence: Digest,
        differences: [Difference],
        differenceCount: Int,
        added: [String],
        rules: Rules
    ) {
        self.canary = canary
        self.candidate = candidate
        self.baseline = baseline
        self.pairs = pairs
        self.verdict = verdict
        self.recomputed = recomputed
        self.evidence = evidence
        self.recomputedEvidence = recomputedEvidence
        self.differences = differences
        self.differenceCount = differenceCount
        self.added = added
        self.rules = rules
    }

    /// Whether all that was stored came out again.
    public var isSame: Bool { differenceCount == 0 }

    /// What came of it, in one sentence.
    public var sentence: String {
        let pairs = NumberText.count(pairs, "pair")
        guard isSame else {
            let verdicts =
                verdict == recomputed
                ? "the verdict is \(verdict.rawValue) again" : "\(verdict.rawValue) became \(recomputed.rawValue)"
            return
                "\(verdicts), and \(NumberText.count(differenceCount, "value")) of the report \(differenceCount == 1 ? "is" : "are") not as stored"
        }
        if evidence == recomputedEvidence {
            return "\(verdict.rawValue) again from \(pairs), every byte of the report as stored"
        }
        let count = NumberText.count(added.count, "member")
        return
            "\(verdict.rawValue) again from \(pairs), every stored value as it was; \(count) of this build's reports "
            + "\(added.count == 1 ? "was" : "were") not written then"
    }

    /// Why it may differ; nil where it was judged as this build judges.
    public var reason: String? {
        guard rules.stored != rules.now else { return nil }
        return
            "it was judged by revision \(rules.stored) of metrics and rules, and this build has revision \(rules.now)"
    }
}
