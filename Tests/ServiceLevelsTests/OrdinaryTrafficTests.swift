import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import ServiceLevels
import Statistics
import TestSupport
import Testing
import UserDocuments

/// A day of ordinary traffic under the levels that come with serin: nobody is paged, whatever the model's speed.
@Suite struct OrdinaryTrafficTests {
    /// Seconds a token: a small model on a good machine, one of a few thousand million parameters on a processor, one
    /// that is really too large for where it runs.
    static let speeds = [0.02, 0.2, 2]

    /// The levels as they are shipped.
    static func shipped() throws -> [SLODocument] {
        let folder = Checkout.root.appending(path: "Policies/slos")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.flatMap { name in
            try Document.parse(String(contentsOf: folder.appending(path: name), encoding: .utf8), file: name)
        }.compactMap { if case .slo(let slo) = $0 { slo } else { nil } }
    }

    /// Levels of one model, and what stood in which minute.
    struct Day {
        var levels: [ServiceLevel]
        var numbers: SplitMix64
        /// Seconds for a token.
        let speed: Double
        private(set) var pages: [String] = []
        private(set) var tickets: [String] = []

        init(_ documents: [SLODocument], speed: Double, seed: UInt64) throws {
            let model = try Name("ordinary")
            levels = documents.map { ServiceLevel(document: $0, model: model, buckets: [], now: Sample.midnight) }
            numbers = SplitMix64(seed: seed)
            self.speed = speed
        }

        /// Requests an hour: a night of six, a morning that rises, a peak of four hundred.
        static func rate(hour: Double) -> Double {
            6 + 394 * pow(max(0, sin((hour - 6) / 24 * 2 * .pi)), 1.5)
        }

        /// How far the minutes went.
        private(set) var minute = 0

        /// Lets a minute pass, with requests or without.
        mutating func pass(withTraffic: Bool = true) throws {
            let start = Sample.midnight + Int64(minute) * 60
            minute += 1
            for tenth in 0..<6 {
                let second = start + Int64(tenth) * 10
                // Requests come one by one: a sixtieth of a minute's share each second is near enough.
                for step in 0..<10 where withTraffic {
                    let hour = Double(minute % 1440) / 60
                    guard numbers.unit() < Self.rate(hour: hour) / 3600 else { continue }
                    try request(at: second + Int64(step))
                }
                look(second + 9)
            }
        }

        private mutating func request(at second: Int64) throws {
            let tokens = max(1, min(800, Int(60 * exp(1.1 * numbers.normal()))))
            let pace = speed * exp(0.25 * numbers.normal())
            let first = speed * (1 + 20 * numbers.unit()) + 0.05 * exp(numbers.normal())
            let fate = numbers.unit()
            // Long answers of slow models are waited for by fewer people.
            let leaving = 0.02 + (speed * Double(tokens) > 60 ? 0.1 : 0)
            let outcome: RequestOutcome =
                fate < 0.000_05
                ? .engineFailed
                : fate < 0.000_15
                    ? .overloaded : fate < 0.01 ? .rejected : fate < 0.01 + leaving ? .clientGone : .answered
            let record = try Sample.record(
                model: "ordinary",
                isStreamed: numbers.unit() < 0.6,
                outcome: outcome,
                outputTokens: outcome == .answered ? tokens : nil,
                firstToken: outcome == .answered ? first : nil,
                perToken: tokens > 1 ? pace : nil,
                total: first + pace * Double(tokens - 1),
                isOutputValid: numbers.unit() < 0.4 ? numbers.unit() < 0.997 : nil
            )
            let label = try Sample.label(
                isCorrect: numbers.unit() < 0.05 ? numbers.unit() < 0.95 : nil,
                isLiked: numbers.unit() < 0.03 ? numbers.unit() < 0.94 : nil
            )
            for index in levels.indices {
                let document = levels[index].document
                levels[index].add(document.judge(record), at: second)
                if outcome == .answered { levels[index].add(document.judge(label, of: record), at: second) }
            }
        }

        private mutating func look(_ second: Int64) {
            for index in levels.indices {
                let status = levels[index].status(now: Sample.time(second))
                guard let severity = status.severity else { continue }
                let line = "minute \(minute): \(status.sentence)"
                if severity == .page { pages.append(line) } else { tickets.append(line) }
            }
        }

        func status(_ name: String) throws -> SLOStatus {
            var level = try #require(levels.first { $0.document.name.text == name })
            return level.status(now: Sample.time(Sample.midnight + Int64(minute) * 60))
        }
    }

    @Test(arguments: speeds)
    func aDayOfOrdinaryTrafficPagesNobody(_ speed: Double) throws {
        var day = try Day(Self.shipped(), speed: speed, seed: 47)
        for _ in 0..<1440 { try day.pass() }
        #expect(day.pages.isEmpty, "\(day.pages.first ?? "")")
        #expect(day.tickets.isEmpty, "\(day.tickets.first ?? "")")
        #expect(try day.status("availability").counts.valid > 2000, "the day had traffic")
        let availability = try day.status("availability")
        #expect(availability.state == .met, "\(availability.sentence)")
        for name in ["first-token", "per-token", "total-latency"] {
            let status = try day.status(name)
            #expect(status.state == .off && status.budgetLeft == nil && status.counts.valid == 0)
            #expect(status.sentence.contains("is off: nobody has set"))
        }
    }

    /// What was shipped before: the same day, with an answer within half a second, pages at each of the three speeds.
    @Test(arguments: speeds)
    func aLimitInMillisecondsDoes(_ speed: Double) throws {
        let limit = try Sample.document("indicator: { type: totalLatency, atMost: 500 ms }\ntarget: 95 %\nwindow: 30 d")
        var day = try Day([limit], speed: speed, seed: 47)
        for _ in 0..<720 where day.pages.isEmpty { try day.pass() }
        #expect(!day.pages.isEmpty)
    }

    /// A model that nobody calls, an empty day, week and month after a day with traffic: a ticket for missing traffic,
    /// nothing that burns, never a page, and in the end nothing is known.
    @Test func anEmptyDayWeekAndMonth() throws {
        var nobody = try Day(Self.shipped(), speed: 0.2, seed: 1)
        for _ in 0..<60 { try nobody.pass(withTraffic: false) }
        #expect(nobody.pages.isEmpty && nobody.tickets.isEmpty)
        for level in nobody.levels {
            let status = try nobody.status(level.document.name.text)
            #expect([.unknown, .off].contains(status.state) && status.alertKind == nil && status.reason != nil)
        }
        var day = try Day(Self.shipped(), speed: 0.2, seed: 3)
        for _ in 0..<1440 { try day.pass() }
        var availability = try #require(day.levels.first { $0.document.name.text == "availability" })
        let end = Sample.midnight + 86_400
        for (days, state, kind): (Int64, SLOStatus.State, AlertKind?) in [
            (1, .met, .missingTraffic), (7, .met, .missingTraffic), (29, .met, .missingTraffic), (31, .unknown, nil),
            (400, .unknown, nil),
        ] {
            let status = availability.status(now: Sample.time(end + days * 86_400))
            #expect(status.state == state && status.alertKind == kind, "after \(days) days: \(status.sentence)")
            #expect(status.severity == (kind == nil ? nil : .ticket), "unknown pages nobody")
            if kind == .missingTraffic {
                #expect(status.sentence.contains("has missing traffic: no event came for"))
                #expect(!status.sentence.contains("burned"))
            }
        }
    }

    /// A night of eight hours without any request is told once, and is no news afterwards.
    @Test func aNightIsNoNewsTheSecondTime() throws {
        var level = try Sample.level(try Sample.document())
        var missing: [Int] = []
        for hour in 0..<(24 * 7) {
            let start = Sample.midnight + Int64(hour) * 3600
            if (8..<20).contains(hour % 24) {
                for minute in 0..<60 { level.add(.good, at: start + Int64(minute) * 60) }
            }
            if level.status(now: Sample.time(start + 3599)).alertKind == .missingTraffic { missing.append(hour / 24) }
        }
        #expect(Set(missing) == [0, 1], "the first evening goes on until the next morning: \(missing)")
        // And a day without any is news.
        let status = level.status(now: Sample.time(Sample.midnight + 8 * 86_400 + 20 * 3600))
        #expect(status.alertKind == .missingTraffic && status.severity == .ticket)
    }
}
