public import RegistryRecords
public import RegistryTypes
import Statistics

/// A window of traffic against a reference: what moved, by how much, how sure, and whether it hurts.
///
/// Pure: the same summaries give the same report.
public struct DriftComparison: Sendable {
    /// What the traffic is compared with.
    public let reference: DriftReference
    /// The stretches of the window, in the order of time.
    let intervals: [DriftInterval]
    /// All of the window.
    let current: DriftSummary
    let window: DriftWindow
    let margins: DriftMargins
    /// Requests with embeddings, for the explanation; empty for none.
    let rows: (reference: [DescribedRequest], current: [DescribedRequest])

    /// Compares `intervals` with `reference`.
    ///
    /// - Parameters:
    ///   - from: start of the window; of `intervals` those are taken that share time with it.
    ///   - to: its end.
    ///   - margins: how much worse answers may get.
    ///   - rows: requests of the reference and of the window with embeddings, when texts may be looked at.
    /// - Throws: ``DriftError/tooLittleData(what:requests:needed:)``, ``DriftError/differentEpochs``.
    public init(
        reference: DriftReference,
        intervals: some Sequence<DriftInterval>,
        from: Timestamp,
        to: Timestamp,
        margins: DriftMargins = DriftMargins(),
        rows: (reference: [DescribedRequest], current: [DescribedRequest]) = ([], [])
    ) throws(DriftError) {
        self.reference = reference
        self.margins = margins
        self.rows = rows
        self.intervals = intervals.filter { $0.end > from && $0.at < to }.sorted { $0.at < $1.at }
        var total = DriftSummary(epoch: reference.summary.epoch)
        for interval in self.intervals where interval.summary.requests > 0 || interval.summary.dropped > 0 {
            try total.merge(interval.summary)
        }
        current = total
        window = DriftWindow(from: from, to: to, requests: total.requests)
        guard total.requests >= DriftReference.minRequests else {
            throw .tooLittleData(what: "window", requests: total.requests, needed: DriftReference.minRequests)
        }
    }

    /// What a report is about.
    public struct Subject: Sendable {
        /// The report's number.
        public let id: DriftID
        /// The model.
        public let model: Name
        /// The channel whose traffic it is; nil for all of the model's.
        public let channel: Name?
        /// The numbers of the releases that answered in the window.
        public let releases: [Int]
        /// What was asked in requests that may be shown, redacted.
        public let inputs: [RequestID: String]

        /// Makes the value from its fields.
        public init(
            id: DriftID,
            model: Name,
            channel: Name? = nil,
            releases: [Int] = [],
            inputs: [RequestID: String] = [:]
        ) {
            self.id = id
            self.model = model
            self.channel = channel
            self.releases = releases
            self.inputs = inputs
        }
    }

    /// The report.
    public func report(_ subject: Subject) -> DriftReport {
        let shifts = measured()
        let faults = faults(shifts)
        let tests = judged(shifts, muted: Set(faults.compactMap(\.family)))
        let moved = tests.filter { $0.state == .moved }.sorted {
            ($1.sizeOverFloor, $0.signal) < ($0.sizeOverFloor, $1.signal)
        }
        let degradations = degradations()
        let verdict = verdict(tests: tests, faults: faults, degradations: degradations)
        let telling = tests.filter { $0.pValue != nil && $0.family != .capture }.min {
            ($0.pValue ?? 1, $1.sizeOverFloor) < ($1.pValue ?? 1, $0.sizeOverFloor)
        }
        let leading = moved.first ?? telling
        let story = DriftStory(
            subject: subject,
            verdict: verdict,
            moved: moved,
            tests: tests,
            faults: faults,
            degradations: degradations,
            learning: reference.learning,
            window: window,
            reference: reference.window
        )
        return DriftReport(
            id: subject.id,
            model: subject.model,
            channel: subject.channel,
            reference: reference.window,
            window: window,
            releases: subject.releases,
            verdict: verdict,
            sentence: story.sentence,
            action: story.action,
            leading: moved.first?.signal,
            degradations: degradations,
            moved: Array(moved.prefix(6)),
            quiet: tests.filter { $0.state == .stable }.count,
            faults: faults,
            unseen: unseen(),
            dropped: current.dropped,
            course: leading.flatMap { course($0, shifts) },
            bars: bars(moved.isEmpty ? Array(tests.filter { $0.state == .small }.prefix(3)) : moved),
            explanation: explanation(tests, subject.inputs),
            places: places(tests),
            tests: tests,
            learning: reference.learning,
            source: DriftSource(
                baseline: reference.digest,
                window: current.digest,
                referenceModel: current.epoch.referenceModel,
                featureSeed: current.epoch.features?.seed,
                scale: FixedBins.version
            )
        )
    }

    /// Which prompts are new, when the prompts changed at all: a discriminant always finds a tenth.
    private func explanation(_ tests: [DriftTest], _ inputs: [RequestID: String]) -> DriftExplanation? {
        guard tests.contains(where: { $0.family == .input && ($0.state == .moved || $0.state == .small) }) else {
            return nil
        }
        return DriftExplainer(rows.reference, rows.current)?.explanation(inputs: inputs)
    }

    /// Every signal, in the order of the families, then what is missing.
    func measured() -> [SignalShift] {
        let before = reference.summary
        var shifts: [SignalShift] = []
        for signal in DriftSignal.allCases {
            let slot = signal.slot
            switch signal.kind {
            case .number:
                shifts.append(
                    SignalShift(
                        number: signal,
                        before.numbers[slot],
                        current.numbers[slot],
                        latencyMargin: margins.latency
                    )
                )
            case .category:
                shifts.append(SignalShift(category: signal, before.categories[slot], current.categories[slot]))
            case .rate: shifts.append(SignalShift(rate: signal, before.rates[slot], current.rates[slot]))
            case .embedding: shifts.append(SignalShift(embedding: reference, current))
            }
        }
        for place in shifts.indices where shifts[place].pValue == nil {
            shifts[place].unseen = shifts[place].signal.unseen(shifts[place].present)
        }
        for signal in DriftSignal.allCases {
            if let missing = SignalShift(missing: signal, before, current) { shifts.append(missing) }
        }
        return shifts
    }

    /// Holm's correction decides what moved, Benjamini and Hochberg's what is coloured; both over all that was tested.
    func judged(_ shifts: [SignalShift], muted: Set<DriftFamily>) -> [DriftTest] {
        let tested = shifts.indices.filter { shifts[$0].pValue != nil }
        let p = tested.map { shifts[$0].pValue ?? 1 }
        let holm = Multiplicity.holm(p)
        let coloured = Multiplicity.benjaminiHochberg(p)
        var place = 0
        return shifts.map { shift in
            guard shift.pValue != nil else {
                return shift.result(pHolm: nil, pAdjusted: nil, state: .unknown, tests: tested.count)
            }
            defer { place += 1 }
            let isSure = holm[place] <= DriftReport.ticketLevel
            let state: DriftTest.State =
                if muted.contains(shift.family) {
                    .muted
                } else if let time = shift.time {
                    // Whether it hurts decides, not whether it is sure: times are never twice the same.
                    isSure ? time.state : time.change > time.allowed ? .undecided : .stable
                } else if isSure, shift.sizeOverFloor >= 1 {
                    shift.isImprovement ? .better : .moved
                } else if isSure || coloured[place] <= DriftReport.colourLevel {
                    shift.isImprovement ? .stable : .small
                } else {
                    // Large and not sure is not stable: a window with more requests tells.
                    shift.sizeOverFloor >= 1 && !shift.isImprovement ? .undecided : .stable
                }
            return shift.result(pHolm: holm[place], pAdjusted: coloured[place], state: state, tests: tested.count)
        }
    }

    private func verdict(tests: [DriftTest], faults: [DriftFault], degradations: [DriftDegradation]) -> DriftVerdict {
        if reference.learning != nil { return .learning }
        let isSeen = tests.contains { $0.pValue != nil && DriftSignal(rawValue: $0.signal)?.saysSomething == true }
        if !isSeen, faults.isEmpty { return .unknown }
        let quality = Set([DriftSignal.correct, .liked].map(\.rawValue))
        if degradations.contains(where: { $0.state == .beyondMargin && quality.contains($0.signal) }) { return .page }
        if !faults.isEmpty || tests.contains(where: { $0.state == .moved }) { return .ticket }
        return tests.contains { $0.state == .small } ? .changed : .none
    }
}

/// How much worse answers may get before somebody is told at once. Margins, not significance, decide degradation.
public struct DriftMargins: Hashable, Sendable {
    /// Points of correct answers lost, as a share.
    public let correct: Double
    /// Points of thumbs up lost.
    public let liked: Double
    /// Points of valid structured answers lost.
    public let jsonValid: Double
    /// Points of errors gained.
    public let errors: Double
    /// Logarithm of the ratio of latencies.
    public let latency: Double

    /// Margins; the defaults hold unless a service level says otherwise.
    public init(
        correct: Double = 0.05,
        liked: Double = 0.1,
        jsonValid: Double = 0.02,
        errors: Double = 0.02,
        latency: Double = 0.262_364_264_467_491  // ln 1.3
    ) {
        self.correct = correct
        self.liked = liked
        self.jsonValid = jsonValid
        self.errors = errors
        self.latency = latency
    }
}
