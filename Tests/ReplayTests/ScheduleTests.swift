import RegistryTypes
import Testing

@testable import Replay

/// The order of a canary: all from one seed, on every machine the same.
@Suite struct ScheduleTests {
    /// Written down once: a change here changes the verdict of every canary that is taken up again.
    @Test func drawsTheSameOrderAlways() {
        let steps = CanarySchedule(setSize: 10, requests: 10, seed: 42).steps
        #expect(steps.map(\.request) == [0, 9, 5, 8, 6, 4, 7, 2, 1, 3])
        #expect(
            steps.map(\.baselineFirst) == [true, false, true, true, true, false, false, true, true, true]
        )
    }

    @Test(arguments: [(1, 1), (2, 2), (300, 300), (2_000, 200)], [UInt64(0), 1, 4242, UInt64.max])
    func usesEachRequestAtMostOnce(_ size: (set: Int, requests: Int), _ seed: UInt64) {
        let steps = CanarySchedule(setSize: size.set, requests: size.requests, seed: seed).steps
        #expect(steps.map(\.position) == Array(0..<size.requests))
        #expect(Set(steps.map(\.request)).count == size.requests)
        #expect(steps.allSatisfy { (0..<size.set).contains($0.request) })
    }

    @Test(arguments: [UInt64(1), 7, 99])
    func aShorterRunIsAPrefix(_ seed: UInt64) {
        let long = CanarySchedule(setSize: 500, requests: 500, seed: seed).steps
        for requests in [1, 17, 499] {
            #expect(CanarySchedule(setSize: 500, requests: requests, seed: seed).steps == Array(long.prefix(requests)))
        }
    }

    /// Each request comes to each place about equally often, and the coin is fair: within five standard deviations.
    @Test func isUnbiased() {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
        var baselineFirst = 0
        let runs = 5_000
        for seed in 0..<UInt64(runs) {
            for step in CanarySchedule(setSize: 5, requests: 5, seed: seed).steps {
                counts[step.position][step.request] += 1
                if step.baselineFirst { baselineFirst += 1 }
            }
        }
        #expect(counts.joined().allSatisfy { abs($0 - 1_000) < 142 })
        #expect(abs(baselineFirst - 12_500) < 396)
    }

    @Test(arguments: [(0, 5), (5, 0), (-1, -1), (0, 0)])
    func nothingOfNothing(_ size: (set: Int, requests: Int)) {
        #expect(CanarySchedule(setSize: size.set, requests: size.requests, seed: 1).steps.isEmpty)
    }
}
