public import RegistryRecords
public import RegistryTypes
public import Wording

/// What a canary would compare and need, told without running anything.
public struct CanaryPlanView: Hashable, Sendable, Codable {
    /// The run whose noise and pace the numbers rest on.
    public struct Basis: Hashable, Sendable, Codable {
        /// The canary.
        public let canary: CanaryID
        /// Its candidate.
        public let candidate: ReleaseID
        /// What it found. A candidate that failed differs more than an equal one would, so the numbers are too high.
        public let verdict: Verdict
        /// Pairs that it compared.
        public let requests: Int
        /// Wall seconds of it.
        public let seconds: Double

        /// Makes the value from its fields.
        public init(canary: CanaryID, candidate: ReleaseID, verdict: Verdict, requests: Int, seconds: Double) {
            self.canary = canary
            self.candidate = candidate
            self.verdict = verdict
            self.requests = requests
            self.seconds = seconds
        }
    }

    /// The candidate; where no release pins this yet, the number that it would get.
    public let candidate: ReleaseID
    /// The baseline, likewise.
    public let baseline: ReleaseID
    /// The canary document.
    public let document: Name
    /// The traffic set.
    public let traffic: Name
    /// Different requests of the set: more cannot be taken from it.
    public let trafficRequests: Int
    /// Pairs that would be compared.
    public let requests: Int
    /// Pairs after which it would be looked at again; nil for one look at its end.
    public let lookEvery: Int?
    /// Pairs to which it would extend by itself where these do not decide; nil for no extension.
    public let extendTo: Int?
    /// Pairs in all with which the extension would probably decide: it has a fifth of the error rates. nil where that is not
    /// known.
    public let extensionNeeded: Int?
    /// Conversations that these requests are of; nil where each stands alone.
    public let conversations: Int?
    /// The checks.
    public let checks: [PlannedCheck]
    /// What the numbers rest on; nil where no canary of the model was judged, and then they are not known.
    public let basis: Basis?

    /// Makes the value from its fields.
    public init(
        candidate: ReleaseID,
        baseline: ReleaseID,
        document: Name,
        traffic: Name,
        trafficRequests: Int,
        requests: Int,
        lookEvery: Int?,
        extendTo: Int? = nil,
        extensionNeeded: Int? = nil,
        conversations: Int?,
        checks: [PlannedCheck],
        basis: Basis?
    ) {
        self.candidate = candidate
        self.baseline = baseline
        self.document = document
        self.traffic = traffic
        self.trafficRequests = trafficRequests
        self.requests = requests
        self.lookEvery = lookEvery
        self.extendTo = extendTo
        self.extensionNeeded = extensionNeeded
        self.conversations = conversations
        self.checks = checks
        self.basis = basis
    }

    /// Wall seconds that all its pairs would take at the pace of ``basis``; nil where that is not known.
    public var seconds: Double? {
        basis.flatMap { $0.requests > 0 ? $0.seconds / Double($0.requests) * Double(requests) : nil }
    }

    /// More requests than are planned, where a candidate that is no worse would probably be left undecided.
    public var moreRequests: MoreRequests? {
        guard let needed = checks.requestsNeeded, needed > requests, !isExtensionEnough else { return nil }
        return MoreRequests(needed: NumberText.roundedUp(needed), holds: trafficRequests)
    }

    private var isExtensionEnough: Bool {
        guard let extendTo, let extensionNeeded else { return false }
        return extensionNeeded <= extendTo
    }

    /// Whether the planned number is enough, in one sentence.
    public var sentence: String {
        guard basis != nil else {
            return "how many requests it takes is not known: no canary of \(candidate.model) has measured it"
        }
        guard let needed = checks.requestsNeeded else {
            let unknown = checks.filter { !$0.watchOnly && $0.requestsNeeded == nil }.map(\.title)
            return "how many requests it takes is not known for " + unknown.joined(separator: ", ")
        }
        let all = "about \(NumberText.estimate(needed)) requests decide every check of a candidate that is no worse"
        if needed <= requests { return "\(all): \(NumberText.count(requests)) are enough" }
        let few = "\(all): \(NumberText.count(requests)) are probably too few"
        guard let extendTo else { return few }
        let extended = "the extension to \(NumberText.count(extendTo))"
        return isExtensionEnough ? "\(few), \(extended) is enough" : "\(few), \(extended) too"
    }
}

extension CheckText {
    /// The texts of a check that is planned.
    public init(_ check: PlannedCheck) {
        self.init(
            CheckResult(
                name: check.title,
                metric: check.metric,
                aspect: check.aspect,
                samples: 0,
                missing: 0,
                baseline: nil,
                candidate: nil,
                unit: check.unit,
                estimate: nil,
                lower: nil,
                upper: nil,
                alphaPass: 0,
                margin: check.margin,
                pDegradation: nil,
                pAdjusted: nil,
                verdict: .inconclusive,
                reason: "",
                requestsNeeded: check.requestsNeeded,
                detectable: check.detectable,
                flips: nil,
                critical: check.critical,
                watchOnly: check.watchOnly,
                timed: false
            )
        )
    }
}
