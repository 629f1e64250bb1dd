import DriftAnalysis
import Foundation
import ServiceLevels
import TrafficLog

/// How roll-ups of two stretches of time become one, for the store that holds them as bytes.
enum Rollups {
    /// Two histograms of latencies. One that cannot be read is left out: it is shown, never counted.
    static let mergeLatencies: RollupStore.Merge = { left, right in
        guard var sum = try? LatencyHistogram(bytes: left) else { return right }
        guard let other = try? LatencyHistogram(bytes: right) else { return left }
        sum.merge(other)
        return Data(sum.bytes)
    }

    /// Two drift summaries of one epoch.
    static let mergeDrift: RollupStore.Merge = { left, right in
        var sum = try DriftAnalysis.DriftSummary(encoded: left)
        try sum.merge(DriftAnalysis.DriftSummary(encoded: right))
        return sum.encoded()
    }
}
