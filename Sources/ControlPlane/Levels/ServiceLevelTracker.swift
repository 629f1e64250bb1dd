import Catalog
import Digests
import PolicyRules
import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels
import Synchronization
import TrafficLog
import UserDocuments

/// Where every SLO of every model stands, counted as requests end: running sums in memory, buckets on their way to disk.
///
/// A final class with a mutex: requests end on many threads, and each adds to a handful of counts.
final class ServiceLevelTracker: Sendable {
    private struct Entry: Sendable {
        var level: ServiceLevel
        let definition: Digest
    }

    private struct CallerBucket: Hashable, Sendable {
        let start: Int64
        let seconds: Int

        func with(_ counts: SLICounts) -> SLIBucket {
            SLIBucket(start: start, seconds: seconds, valid: counts.valid, bad: counts.bad)
        }
    }

    private struct State {
        var documents: [SLODocument] = []
        var revisions: [Digest]?
        var definitions: [Name: Digest] = [:]
        /// By model, then by SLO: a document for several models has counts and a budget for each.
        var entries: [Name: [Name: Entry]] = [:]
        /// From when on buckets are counted that a clock wrote which ran ahead; nil when there are none.
        var leftOutUntil: Int64?
        /// Buckets of 10 seconds that are not on disk yet.
        var unwritten: [SLISeries: [Int64: SLICounts]] = [:]
        /// The events of single keys that are not on disk yet.
        var unwrittenCallers: [CallerSeries: [CallerBucket: SLICounts]] = [:]
        /// When the last label counted, and whether that is not on disk yet.
        var label: (count: Int64, isWritten: Bool)?
        /// Labels of callers that wait.
        var waiting: [LabelWait: Int] = [:]
    }

    private let state = Mutex(State())

    /// Takes documents into force, with the counts as they were stored and as they are not stored yet: the same
    /// numbers as before for an SLO that counts as before.
    ///
    /// Called by the task that writes the buckets, so that none is on its way in between; see ``Rollups``.
    /// - Parameters:
    ///   - stored: Buckets by series, as they were written.
    ///   - callers: Those of single keys, as they were written.
    ///   - leftOutUntil: From when on a bucket counts that is left out of `stored`, because a clock ran ahead when it was
    ///     written; nil when none is.
    func use(
        _ revisions: [ServiceLevelRevision],
        stored: [SLISeries: [SLIBucket]],
        callers: [CallerSeries: [SLIBucket]] = [:],
        leftOutUntil: Int64? = nil,
        now: Timestamp
    ) throws {
        let documents = revisions.map(\.document)
        let definitions = try Dictionary(uniqueKeysWithValues: documents.map { ($0.name, try $0.countingDigest()) })
        state.withLock { state in
            var buckets: [Name: [Name: [SLIBucket]]] = [:]
            func take(_ series: SLISeries, _ some: [SLIBucket]) {
                guard definitions[series.slo] == series.definition else { return }
                buckets[series.model, default: [:]][series.slo, default: []] += some
            }
            for (series, some) in stored { take(series, some) }
            for (series, some) in state.unwritten { take(series, some.map { Self.bucket($0.key, $0.value) }) }
            var keys: [Name: [Name: [Name: [SLIBucket]]]] = [:]
            func take(_ series: CallerSeries, _ some: [SLIBucket]) {
                guard definitions[series.slo] == series.definition else { return }
                keys[series.model, default: [:]][series.slo, default: [:]][series.key, default: []] += some
            }
            for (series, some) in callers { take(series, some) }
            for (series, some) in state.unwrittenCallers { take(series, some.map { $0.key.with($0.value) }) }
            state.documents = documents
            state.leftOutUntil = leftOutUntil
            state.revisions = revisions.map(\.digest)
            state.definitions = definitions
            state.entries = [:]
            for document in documents {
                guard let definition = definitions[document.name] else { continue }
                for (model, slos) in buckets where document.scope.matches(model) {
                    guard let some = slos[document.name] else { continue }
                    // Which alerts stand is told from the buckets too: neither a restart nor a new document ends one.
                    state.entries[model, default: [:]][document.name] = Entry(
                        level: ServiceLevel(
                            document: document,
                            model: model,
                            buckets: some,
                            callers: keys[model]?[document.name] ?? [:],
                            now: now.seconds
                        ),
                        definition: definition
                    )
                }
            }
        }
    }

    /// Counts a request that ended.
    ///
    /// - Returns: What it was to each SLO it counted for.
    @discardableResult
    func add(_ record: RequestRecord) -> [(slo: Name, judgement: EventJudgement)] {
        count(record, at: record.time, key: record.askingKey) { $0.judge(record) }
    }

    /// Counts a label of a request, at the time at which it counted.
    @discardableResult
    func add(_ counted: CountedLabel) -> [(slo: Name, judgement: EventJudgement)] {
        count(counted.record, at: counted.label.at, label: counted.count) {
            $0.judge(counted.label, of: counted.record)
        }
    }

    /// Takes by how many more labels wait.
    func wait(_ more: [LabelWait: Int]) {
        state.withLock { $0.waiting.merge(more) { max(0, $0 + $1) } }
    }

    private func count(
        _ record: RequestRecord,
        at time: Timestamp,
        label: Int64? = nil,
        key: Name? = nil,
        _ judge: (SLODocument) -> EventJudgement
    ) -> [(slo: Name, judgement: EventJudgement)] {
        state.withLock { state in
            if let label { state.label = (label, false) }
            var counted: [(slo: Name, judgement: EventJudgement)] = []
            for document in state.documents {
                let judgement = judge(document)
                guard judgement != .notValid, let definition = state.definitions[document.name] else { continue }
                // A level is made for the first event of one, not for each.
                let put = state.entries[
                    record.model,
                    default: [:]
                ][
                    document.name,
                    default: Entry(level: Self.empty(document, record.model, time), definition: definition)
                ].level.add(judgement, of: key, at: time.seconds)
                // After a clock that ran ahead came back, the levels are read again from what is stored; see ``isStale(at:)``.
                let isAhead = put - time.seconds > BurnWindows.believedLeapSeconds
                let start = isAhead ? SLIBucket.fineStart(time.seconds) : put
                let series = SLISeries(
                    slo: document.name,
                    definition: definition,
                    model: record.model,
                    release: record.release,
                    arm: record.arm
                )
                state.unwritten[series, default: [:]][start, default: .zero] += judgement.counts
                if let key {
                    let caller = CallerSeries(slo: document.name, definition: definition, model: record.model, key: key)
                    for seconds in [SLIBucket.fineSeconds, ServiceLevel.stretchSeconds(of: document)] {
                        let bucket = CallerBucket(start: start / Int64(seconds) * Int64(seconds), seconds: seconds)
                        state.unwrittenCallers[caller, default: [:]][bucket, default: .zero] += judgement.counts
                    }
                }
                counted.append((document.name, judgement))
            }
            return counted
        }
    }

    /// The digests of the documents that were taken into force; nil before the first were.
    var revisions: [Digest]? { state.withLock { $0.revisions } }

    /// The documents in force.
    var documents: [SLODocument] { state.withLock { $0.documents } }

    /// How every SLO stands that had events.
    func statuses(now: Timestamp) -> [SLOStatus] {
        state.withLock { state in
            state.entries.keys.sorted().flatMap { Self.statuses($0, in: nil, &state, now) }
        }
    }

    /// The models that had events, by name.
    var countedModels: [Name] { state.withLock { $0.entries.keys.sorted() } }

    /// How every SLO of a model stands that had events.
    ///
    /// - Parameter channel: Only those that are about this channel; nil for all.
    func statuses(model: Name, in channel: Name? = nil, now: Timestamp) -> [SLOStatus] {
        state.withLock { Self.statuses(model, in: channel, &$0, now) }
    }

    private static func statuses(_ model: Name, in channel: Name?, _ state: inout State, _ now: Timestamp)
        -> [SLOStatus]
    {
        let slos = (state.entries[model] ?? [:]).filter {
            channel == nil || $0.value.level.document.scope.channel == channel
        }
        return slos.keys.sorted().compactMap { slo in
            guard let document = state.entries[model]?[slo]?.level.document else { return nil }
            let waiting = waiting(document, model, state)
            state.entries[model]?[slo]?.level.waitingLabels = waiting
            return state.entries[model]?[slo]?.level.status(now: now)
        }
    }

    /// Whether the counts have to be read again: a clock that ran ahead came back, so that windows stand still, or what it
    /// wrote counts from now on.
    func isStale(at now: Timestamp) -> Bool {
        state.withLock { state in
            if let until = state.leftOutUntil, now.seconds >= until { return true }
            return state.entries.values.contains { $0.values.contains { $0.level.isAhead(of: now.seconds) } }
        }
    }

    /// The buckets of an SLO, model, release and arm that are not on disk yet.
    func unwritten(_ series: SLISeries) -> [SLIBucket] {
        state.withLock { ($0.unwritten[series] ?? [:]).map { Self.bucket($0.key, $0.value) } }
    }

    /// How an SLO of a model stands: unknown without events, and for the moment until a document that was just applied is
    /// counted by.
    func status(of document: SLODocument, _ model: Name, now: Timestamp) -> SLOStatus {
        state.withLock { state in
            let waiting = Self.waiting(document, model, state)
            state.entries[model]?[document.name]?.level.waitingLabels = waiting
            if state.documents.contains(document),
                let status = state.entries[model]?[document.name]?.level.status(now: now)
            {
                return status
            }
            var level = Self.empty(document, model, now)
            level.waitingLabels = waiting
            return level.status(now: now)
        }
    }

    /// What is left of the error budgets of a model in a channel.
    func budgets(of model: Name, _ channel: Name, now: Timestamp) -> [PolicyFacts.Budget] {
        documents
            .filter { $0.scope.channel == channel && $0.scope.matches(model) }
            .map { ($0, status(of: $0, model, now: now)) }
            .map { document, status in
                // What one key spent that the others contradict keeps no release back.
                PolicyFacts.Budget(
                    slo: status.slo,
                    remaining: budgetOfOthers(document, model) ?? status.budgetLeft,
                    time: status.dataUntil ?? now,
                    problem: status.budgetLeft == nil ? status.sentence : nil
                )
            }
    }

    private func budgetOfOthers(_ document: SLODocument, _ model: Name) -> Double? {
        state.withLock { $0.entries[model]?[document.name]?.level.budgetLeftOfOthers }
    }

    /// How an SLO counts; nil when it is not in force.
    func definition(of slo: Name) -> Digest? { state.withLock { $0.definitions[slo] } }

    /// Takes what is not on disk yet, to be written, with when the last of the labels in it counted; nil when that is
    /// known there.
    func takeUnwritten() -> (
        buckets: [SLISeries: [SLIBucket]], callers: [CallerSeries: [SLIBucket]], label: Int64?
    ) {
        state.withLock { state in
            defer {
                state.unwritten = [:]
                state.unwrittenCallers = [:]
                state.label?.isWritten = true
            }
            let label = state.label.flatMap { $0.isWritten ? nil : $0.count }
            return (
                state.unwritten.mapValues { buckets in buckets.map { Self.bucket($0.key, $0.value) } },
                state.unwrittenCallers.mapValues { buckets in buckets.map { $0.key.with($0.value) } }, label
            )
        }
    }

    /// Puts back what could not be written.
    func putBack(_ buckets: [SLISeries: [SLIBucket]], _ callers: [CallerSeries: [SLIBucket]]) {
        state.withLock { state in
            state.label?.isWritten = false
            for (series, buckets) in callers {
                for bucket in buckets {
                    let place = CallerBucket(start: bucket.start, seconds: bucket.seconds)
                    state.unwrittenCallers[series, default: [:]][place, default: .zero] += bucket.counts
                }
            }
            for (series, buckets) in buckets {
                for bucket in buckets {
                    state.unwritten[series, default: [:]][bucket.start, default: .zero] += bucket.counts
                }
            }
        }
    }

    /// The labels of a model that wait and that a document would count.
    private static func waiting(_ document: SLODocument, _ model: Name, _ state: State) -> Int {
        let isThumb: Bool
        switch document.indicator {
        case .correctness: isThumb = false
        case .userFeedback: isThumb = true
        case .availability, .totalLatency, .timeToFirstToken, .timePerOutputToken, .validOutput: return 0
        }
        return state.waiting.filter { wait, _ in
            wait.model == model && wait.channel == document.scope.channel && wait.isThumb == isThumb
        }.reduce(0) { $0 + $1.value }
    }

    private static func empty(_ document: SLODocument, _ model: Name, _ now: Timestamp) -> ServiceLevel {
        ServiceLevel(document: document, model: model, buckets: [], now: now.seconds)
    }

    private static func bucket(_ start: Int64, _ counts: SLICounts) -> SLIBucket {
        SLIBucket(start: start, seconds: SLIBucket.fineSeconds, valid: counts.valid, bad: counts.bad)
    }
}

extension Timestamp {
    /// Whole seconds since 1970.
    var seconds: Int64 { (milliseconds >= 0 ? milliseconds : milliseconds - 999) / 1000 }
}

/// An SLO document as it is in force.
struct ServiceLevelRevision: Sendable {
    /// What is measured, and how good it must be.
    let document: SLODocument
    /// The digest of the document.
    let digest: Digest
}

extension CatalogState {
    /// The SLO documents in force, by name.
    func serviceLevels() throws -> [ServiceLevelRevision] {
        try documents(.slo).map { ServiceLevelRevision(document: try $0.slo(), digest: $0.digest) }
    }
}

extension RolloutIndicator {
    /// An SLO as a watch sees it: what an incident about it is called, and which comparison of a policy it belongs to.
    init(_ slo: SLODocument) { self.init(name: slo.name, indicator: slo.indicator.kind) }
}
