import RegistryRecords
import RegistryTypes
import SeededRandom
import ServiceLevels
import Testing
import UserDocuments

/// What one key asks pages nobody and keeps nothing from being promoted where other keys contradict it, and is said
/// (decision 21).
@Suite struct OneKeyLevelTests {
    /// A level that is fed by key, with what would be stored of it.
    private struct Fed {
        let document: SLODocument
        let model: Name
        var level: ServiceLevel
        var buckets: [SLIBucket] = []
        var callers: [Name: [SLIBucket]] = [:]

        init() throws {
            document = try Sample.document(indicator: "validOutput", target: "99 %")
            model = try Name("ticket-bot")
            level = ServiceLevel(document: document, model: model, buckets: [], now: Sample.midnight)
        }

        mutating func add(_ key: String, bad: Int, of valid: Int, at second: Int64) throws {
            let name = try Name(key)
            for index in 0..<valid {
                let judgement: EventJudgement = index < bad ? .bad : .good
                let start = level.add(judgement, of: name, at: second), counts = judgement.counts
                buckets.append(SLIBucket(start: start, seconds: 10, valid: counts.valid, bad: counts.bad))
                for seconds in [10, ServiceLevel.stretchSeconds(of: document)] {
                    let start = start / Int64(seconds) * Int64(seconds)
                    callers[name, default: []].append(
                        SLIBucket(start: start, seconds: seconds, valid: counts.valid, bad: counts.bad)
                    )
                }
            }
        }

        mutating func status(at second: Int64) -> SLOStatus {
            level.status(now: Timestamp(milliseconds: second * 1000))
        }

        func restarted(at second: Int64) -> ServiceLevel {
            ServiceLevel(document: document, model: model, buckets: buckets, callers: callers, now: second)
        }
    }

    /// Bad and all answers of each key in a minute, and who is called.
    static let cases: [(keys: [String: (Int, Int)], severity: BurnAlert.Severity?)] = [
        (["shop": (38, 100), "market": (0, 60), "judge": (1, 60)], .ticket),
        (["shop": (38, 100)], .page), (["shop": (38, 100), "market": (0, 200)], .page),
        (["shop": (38, 100), "market": (20, 60), "judge": (22, 60)], .page),
        // Others contradict it, and burn by themselves.
        (["shop": (90, 100), "market": (20, 60), "judge": (18, 60)], .page),
        (["shop": (38, 100), "market": (0, 4), "judge": (0, 3)], .page),
        (["shop": (0, 100), "market": (0, 60)], nil),
    ]

    @Test(arguments: cases.indices) func whoIsCalled(_ index: Int) throws {
        let (keys, severity) = Self.cases[index]
        var fed = try Fed()
        for step in 0..<6 {
            let second = Sample.midnight + Int64(step) * 10
            for (key, counts) in keys.sorted(by: { $0.key < $1.key }) {
                let bad = counts.0 * (step + 1) / 6 - counts.0 * step / 6
                try fed.add(key, bad: bad, of: counts.1 * (step + 1) / 6 - counts.1 * step / 6, at: second)
            }
        }
        // Others that seem to contradict a key are listened to for half a minute at most.
        _ = fed.status(at: Sample.midnight + 55)
        let status = fed.status(at: Sample.midnight + 95)
        #expect(status.severity == severity)
        let isSaid = status.sentence.contains("bad answers are of one key, shop; other keys have ")
        #expect(isSaid == (severity == .ticket) && (status.oddKeys != nil) == isSaid)
        guard severity == .ticket else { return }
        // What was spent stays spent, and keeps nothing back: the others have their budget.
        #expect((status.budgetLeft ?? 1) < 0)
        #expect((fed.level.budgetLeftOfOthers ?? 0) > 0.1)
        #expect(status.alerts.filter(\.isFiring).allSatisfy { $0.severity == .ticket })
        // Silence, and a restart in it, change nothing: it does not begin to page because nobody asks.
        for quiet in [Int64(400), 2000] {
            var again = fed.restarted(at: Sample.midnight + quiet)
            let now = Timestamp(milliseconds: (Sample.midnight + quiet) * 1000)
            let after = again.status(now: now)
            #expect(after.severity == .ticket && after.firing == fed.status(at: Sample.midnight + quiet).firing)
            #expect(again.budgetLeftOfOthers == fed.level.budgetLeftOfOthers)
        }
    }

    /// At any moment of random traffic a restart says what the process said that went on.
    @Test func aRestartKnowsTheKeysToo() throws {
        var random = SplitMix64(seed: 21)
        var fed = try Fed()
        var second = Sample.midnight
        var wasOdd = 0
        for step in 0..<120 {
            second += Int64(random.next() % 40)
            let isBad = (step / 20) % 2 == 1
            try fed.add("shop", bad: isBad ? Int(random.next() % 4) : 0, of: 4, at: second)
            for key in ["market", "judge"] where random.next() % 3 > 0 { try fed.add(key, bad: 0, of: 3, at: second) }
            let status = fed.status(at: second)
            var again = fed.restarted(at: second)
            let known = again.status(now: status.time)
            #expect(known.oddKeys == status.oddKeys && known.firing == status.firing)
            #expect(known.counts == status.counts && known.sentence == status.sentence)
            if status.oddKeys != nil { wasOdd += 1 }
        }
        #expect(wasOdd > 20)
    }

    /// Labels are weighed where they come in: a level of labels knows no keys, and pages.
    @Test func labelsAreWeighedElsewhere() throws {
        let document = try Sample.document(indicator: "correctness", target: "90 %", more: "minSamples: 30")
        var level = ServiceLevel(document: document, model: try Name("ticket-bot"), buckets: [], now: Sample.midnight)
        for index in 0..<200 {
            let key = try Name(["shop", "market", "judge", "desk"][index % 4])
            level.add(index % 4 == 0 ? .bad : .good, of: key, at: Sample.midnight)
        }
        #expect(level.budgetLeftOfOthers == nil)
        #expect(level.status(now: Timestamp(milliseconds: Sample.midnight * 1000)).oddKeys == nil)
    }
}
