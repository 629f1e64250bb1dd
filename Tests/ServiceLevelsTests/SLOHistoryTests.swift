import RegistryRecords
import RegistryTypes
import ServiceLevels
import Testing

@Suite("The past of an SLO")
struct SLOHistoryTests {
    @Test("Each step has its own events, and the budget of the window that ends there")
    func points() throws {
        let document = try Sample.document("indicator: { type: availability }\ntarget: 90 %\nwindow: 2 h")
        let start = Sample.midnight
        // An hour of good events, half an hour without any, half an hour of bad ones: one every 10 s.
        let hours = (0..<360).map { SLIBucket(start: start + Int64($0) * 10, seconds: 10, valid: 1, bad: 0) }
        let bad = (0..<180).map { SLIBucket(start: start + 5400 + Int64($0) * 10, seconds: 10, valid: 1, bad: 1) }
        let points = SLOHistory.points(
            of: document,
            buckets: (bad + hours).reversed(),
            from: start,
            to: start + 7200,
            steps: 4
        )
        #expect(points.map(\.counts.valid) == [180, 180, 0, 180])
        #expect(points.map(\.share) == [1, 1, nil, 0])
        #expect(points.map(\.burn) == [0, 0, nil, 10])
        #expect(points.map(\.windowShare) == [1, 1, 1, 2.0 / 3])
        #expect(points.last?.time == Sample.time(start + 7200))
        #expect(points.prefix(3).allSatisfy { $0.budgetLeft == 1 })
        #expect(abs((points.last?.budgetLeft ?? 0) + 7.0 / 3) < 1e-9)
        // The last point is what the running windows say.
        var level = ServiceLevel(
            document: document,
            model: try Name("ticket-bot"),
            buckets: hours + bad,
            now: start + 7199
        )
        #expect(level.status(now: Sample.time(start + 7199)).budgetLeft == points.last?.budgetLeft)
    }

    @Test("Odd questions have short answers")
    func edges() throws {
        let document = try Sample.document()
        let bucket = [SLIBucket(start: Sample.midnight, seconds: 10, valid: 1, bad: 0)]
        func points(_ from: Int64, _ to: Int64, _ steps: Int) -> [SLOHistoryPoint] {
            SLOHistory.points(of: document, buckets: bucket, from: from, to: to, steps: steps)
        }
        #expect(points(0, 0, 10).isEmpty && points(100, 50, 10).isEmpty && points(0, 600, 0).isEmpty)
        #expect(points(0, .max, 10).isEmpty && points(-5, 600, 10).isEmpty && points(0, 600, -1).isEmpty)
        #expect(points(0, 600, 100_000).count == 10)
        #expect(points(0, 1_000_000_000, 100_000).count == 2000)
        let empty = points(0, 600, 2)
        #expect(empty.count == 2 && empty.allSatisfy { $0.share == nil && $0.budgetLeft == nil })
    }

    @Test("Who spent the budget")
    func spenders() throws {
        let document = try Sample.document(target: "99 %")
        let found = SLOHistory.spenders(
            [1: SLICounts(valid: 900, bad: 2), 2: SLICounts(valid: 100, bad: 20), 3: .zero],
            of: document
        )
        #expect(found.map(\.release) == [2, 1, 3])
        #expect(found.map(\.budgetSpent) == [2, 0.2, 0])
        #expect(SLOHistory.spenders([1: .zero], of: document).map(\.budgetSpent) == [0])
    }
}
