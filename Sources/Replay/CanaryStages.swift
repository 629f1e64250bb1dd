import CanaryJudge
import RegistryRecords
import RegistryTypes
import TrafficLog
import UserDocuments
import Wording

/// The stages of a run: its first one, and the one extension that its document declares or that somebody asked for.
extension CanaryReplay {
    /// Pairs of an earlier run that are copied at once.
    private static let earlierBatch = 200

    /// Pairs that a run of `first` pairs may come to: with the extension that was asked for, or that its document declares as
    /// far as the set goes.
    public func pairLimit(first: Int) -> Int {
        if let extends = record.event.extends, first == record.requests { return extends.requests }
        guard let extendTo = document.compare.extendTo, extendTo > first else { return first }
        return max(first, min(extendTo, DistinctRequests(requests).count))
    }

    /// The order of the run, its extension included: the one in which it began, where an older build began it.
    ///
    /// - Parameter limit: Pairs to draw where these are more than the run's own.
    func schedule(for store: SampleStore, limit: Int = 0) async throws -> CanarySchedule {
        let count = max(limit, pairLimit(first: record.requests))
        let now = CanarySchedule(requests, requests: count, seed: record.seed)
        let before = CanarySchedule(setSize: requests.count, requests: count, seed: record.seed)
        guard now != before else { return now }
        func fits(_ schedule: CanarySchedule, _ pair: SamplePair) -> Bool {
            schedule.steps.indices.contains(pair.position)
                && requests[schedule.steps[pair.position].request].id == pair.request
        }
        let stored = try await store.allPairs()
        return stored.allSatisfy { fits(now, $0) } || !stored.allSatisfy { fits(before, $0) } ? now : before
    }

    /// When the run is looked at; nil for once, at its end, as documents without `lookEvery` are.
    ///
    /// - Parameter first: Pairs without an extension.
    func lookSchedule(_ schedule: CanarySchedule, first: Int) -> LookSchedule? {
        let count = schedule.steps.count
        guard let step = document.compare.lookEvery ?? (count > first ? first : nil) else { return nil }
        let looks = LookSchedule(every: step, upTo: min(first, count), extendedTo: count > first ? count : nil)
        return record.event.extends == nil ? looks : looks?.undeclared
    }

    /// Copies the pairs of the run that this one goes on from, as many as are not there yet: they are not asked again.
    func takeEarlierPairs(into store: SampleStore) async throws {
        guard let extends = record.event.extends, let earlierPath else { return }
        let own = try await store.completedPositions()
        // Once they are all here, the earlier file is not needed any more.
        guard !(0..<record.requests).allSatisfy(own.contains) else { return }
        let earlier = try SampleStore.reopen(path: earlierPath, run: identity(of: extends.canary))
        defer { try? earlier.close() }
        let missing = try await earlier.completedPositions().subtracting(own).sorted()
        guard let first = missing.first, let last = missing.last else { return }
        // The time that they took is told with the last ones, so that it is told once.
        let seconds = try await earlier.progress().elapsedSeconds
        for place in stride(from: first, through: last, by: Self.earlierBatch) {
            try Task.checkCancellation()
            let pairs = try await earlier.pairs(from: place, count: Self.earlierBatch)
            try await store.insert(pairs, elapsedSeconds: place + Self.earlierBatch > last ? seconds : 0)
        }
    }

    /// What an extension costs and where it ends; nil where there is nothing to tell.
    func stages(_ looks: LookSchedule?, first: Int) -> String? {
        let kept = Int(100 * LookSchedule.firstStageShare), from = NumberText.count(first)
        let last = looks?.extensionPairs.last
        if let extends = record.event.extends, let last {
            let total = 2 - LookSchedule.firstStageShare, promise = document.promise
            let reject = NumberText.share(total * promise.wronglyReject)
            let pass = NumberText.share(total * promise.wronglyPass)
            return
                "this goes on from \(extends.canary), whose \(from) requests had both error rates to themselves: the "
                + "extension to \(NumberText.count(last)) adds \(100 - kept) % of them, so that it errs in \(reject) of runs "
                + "and \(pass) of checks in all"
        }
        guard let extendTo = document.compare.extendTo, extendTo > first else { return nil }
        let to = NumberText.count(extendTo)
        guard let last else {
            return "the document extends a run of \(from) to \(to) requests, and the set holds no more"
        }
        let end = last < extendTo ? "\(NumberText.count(last)), as far as the set goes" : to
        return
            "the document extends a run of \(from) requests that do not decide to \(end): these have \(kept) % of both "
            + "error rates, the extension \(100 - kept) %"
    }
}
