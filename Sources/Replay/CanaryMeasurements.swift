import CanaryJudge
import RegistryTypes

/// Turns stored samples and a canary document into what the judge takes: definitions and values by metric.
///
/// Pure: the same samples and document give the same input, so a verdict can be recomputed at any time.
struct CanaryMeasurements {
    /// The checks in the order of the document.
    let definitions: [CheckDefinition]
    /// The values by metric, aligned by pair.
    let samples: [String: MetricSamples]
    /// The error rates.
    let policy: JudgePolicy

    init(document: CanaryDocument, pairs: [MeasuredPair], schema: OutputSchema?) {
        definitions = document.checks.map { CheckDefinition($0) }
        policy = JudgePolicy(document.promise)
        var samples: [String: MetricSamples] = [:]
        for metric in Set(document.checks.map(\.metric)) {
            let values = pairs.map { $0.values(of: metric, schema: schema) }
            samples[metric.rawValue] = MetricSamples(
                baseline: values.map(\.baseline),
                candidate: values.map(\.candidate)
            )
        }
        self.samples = samples
    }
}
