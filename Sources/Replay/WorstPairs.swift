import RegistryRecords
import RegistryTypes
import TrafficLog
import UserDocuments

/// Which differing pairs a reviewer should see first.
enum WorstPairs {
    /// The pairs with most degradation: worse on most deciding yes-or-no metrics, critical ones first; ties by order of the run.
    static func select(
        from pairs: [MeasuredPair],
        document: CanaryDocument,
        schema: OutputSchema?,
        limit: Int
    ) -> [CanaryReport.Pair] {
        let checks = document.checks.filter { $0.metric.kind == .binary && !$0.isWatchOnly }
        let ranked = pairs.enumerated().compactMap { index, pair -> (rank: Int, index: Int, worse: [String])? in
            guard pair.isDifferent else { return nil }
            var rank = 0
            var worse: [String] = []
            for check in checks {
                let (baseline, candidate) = pair.values(of: check.metric, schema: schema)
                guard let baseline, let candidate, baseline != candidate else { continue }
                if (candidate > baseline) == check.metric.higherIsWorse {
                    rank += check.isCritical ? 10 : 1
                    worse.append(check.metric.rawValue)
                } else {
                    rank -= 1
                }
            }
            return (rank, index, worse)
        }
        return ranked.sorted { ($1.rank, $0.index) < ($0.rank, $1.index) }.prefix(limit).map { entry in
            let pair = pairs[entry.index]
            return CanaryReport.Pair(
                request: pair.request.id,
                input: input(of: pair.request),
                expected: pair.request.expected,
                baseline: side(pair.baseline),
                candidate: side(pair.candidate),
                worse: entry.worse
            )
        }
    }

    /// What was asked: the only value, or each value with its name.
    static func input(of request: TrafficRequest) -> String {
        if request.variables.count == 1, let value = request.variables.values.first { return value }
        return request.variables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    }

    private static func side(_ sample: Sample) -> CanaryReport.Side {
        CanaryReport.Side(text: sample.text, error: sample.error, outputTokens: sample.outputTokens)
    }
}
