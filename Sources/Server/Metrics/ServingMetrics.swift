import Gateway
import RegistryTypes
import WireFormat

/// What `/metrics` says, from one look at everything that is counted.
struct ServingMetrics {
    let measurements: ServingMeasurements.Snapshot
    /// Requests in the engines: being answered, and waiting.
    let load: (active: Int, queued: Int)
    let isReady: Bool
    let build: String
    /// Connections that are open, and what happened to others; nil where nobody counts them.
    var connections: (open: Int, counts: OpenConnections.Counts)?
    /// How the capture stands; nil when that cannot be read.
    let capture: CaptureView?
    /// How the SLOs stand.
    let slos: [SLORow]

    /// The text for a scraper.
    var text: String {
        var text = PrometheusText()
        text.begin("serin_build_info", .gauge, "The build that runs, as a label; always 1.")
        text.value("serin_build_info", [("version", build)], 1)
        text.begin("serin_ready", .gauge, "1 while requests are taken.")
        text.value("serin_ready", [], isReady ? 1 : 0)
        writeRequests(&text)
        writeLoad(&text)
        writeConnections(&text)
        writeCapture(&text)
        writeBudgets(&text)
        return text.text
    }

    private func writeRequests(_ text: inout PrometheusText) {
        let series = measurements.series.sorted { $0.key < $1.key }.map { labels, series in
            (labels: ServingMetrics.labels(labels), outcome: labels.outcome, series: series)
        }
        text.begin("serin_requests_total", .counter, "Requests that reached a release, by what became of them.")
        for (labels, outcome, series) in series {
            text.value("serin_requests_total", labels + [(MetricTable.outcome, outcome)], Double(series.requests))
        }
        text.begin("serin_requests_refused_total", .counter, "Requests that were refused before, by HTTP status.")
        for (status, count) in measurements.refused.sorted(by: { $0.key < $1.key }) {
            text.value("serin_requests_refused_total", [("status", String(status))], Double(count))
        }
        let histograms: [(MetricTable.Histogram, KeyPath<ServingMeasurements.Series, BucketCounts>)] = [
            (MetricTable.duration, \.duration), (MetricTable.queueDuration, \.queueDuration),
            (MetricTable.timeToFirstToken, \.timeToFirstToken), (MetricTable.timePerOutputToken, \.timePerOutputToken),
        ]
        for (histogram, path) in histograms {
            text.begin(histogram.name, .histogram, histogram.help)
            for (labels, outcome, series) in series where series[keyPath: path].total > 0 {
                text.buckets(histogram, labels + [(MetricTable.outcome, outcome)], series[keyPath: path])
            }
        }
        text.begin(MetricTable.tokenUsage.name, .histogram, MetricTable.tokenUsage.help)
        for (labels, outcome, series) in series {
            for (type, counts) in [("input", series.inputTokens), ("output", series.outputTokens)]
            where counts.total > 0 {
                let all = labels + [(MetricTable.outcome, outcome), (MetricTable.tokenType, type)]
                text.buckets(MetricTable.tokenUsage, all, counts)
            }
        }
    }

    private func writeLoad(_ text: inout PrometheusText) {
        text.begin("serin_requests_active", .gauge, "Requests that were taken and are not over.")
        text.value("serin_requests_active", [], Double(measurements.active))
        text.begin("serin_engine_active", .gauge, "Requests that the engines are answering.")
        text.value("serin_engine_active", [], Double(load.active))
        text.begin("serin_engine_queued", .gauge, "Requests that wait for an engine.")
        text.value("serin_engine_queued", [], Double(load.queued))
    }

    private func writeConnections(_ text: inout PrometheusText) {
        guard let (open, counts) = connections else { return }
        text.begin("serin_connections_open", .gauge, "Connections that are open.")
        text.value("serin_connections_open", [], Double(open))
        text.begin("serin_connections_closed_total", .counter, "Connections that were closed or told no, by reason.")
        for (reason, count) in [
            ("no key in time", counts.overdue), ("place needed", counts.replaced), ("no place", counts.refused),
        ] {
            text.value("serin_connections_closed_total", [("reason", reason)], Double(count))
        }
        text.begin("serin_accept_pauses_total", .counter, "How often accepting rested because no descriptor was left.")
        text.value("serin_accept_pauses_total", [], Double(counts.pauses))
    }

    private func writeCapture(_ text: inout PrometheusText) {
        guard let capture else { return }
        text.begin("serin_capture_offered_total", .counter, "Requests offered to the traffic log.")
        text.value("serin_capture_offered_total", [], Double(capture.offered))
        text.begin("serin_capture_stored_total", .counter, "Requests in the traffic log on disk.")
        text.value("serin_capture_stored_total", [], Double(capture.stored))
        text.begin("serin_capture_dropped_total", .counter, "Requests that were not stored, by reason.")
        for (reason, count) in capture.dropped.sorted(by: { $0.key < $1.key }) {
            text.value("serin_capture_dropped_total", [("reason", reason)], Double(count))
        }
    }

    /// What is not known has no value: a missing series, never a 0 or a full budget.
    private func writeBudgets(_ text: inout PrometheusText) {
        func write(_ name: String, _ help: String, _ value: (SLORow) -> Double?) {
            text.begin(name, .gauge, help)
            for row in slos {
                guard let value = value(row) else { continue }
                let labels = [
                    ("slo", row.name.text), (MetricTable.model, row.model.text), ("serin_channel", row.channel.text),
                ]
                text.value(name, labels, value)
            }
        }
        write("serin_slo_sli", "The share of good events in the window of an SLO.", \.sli)
        write("serin_slo_target", "The share of good events that an SLO wants.") { $0.target }
        write(
            "serin_slo_budget_left",
            "The share of the error budget that is left; below 0 when overspent.",
            \.budgetLeft
        )
        write("serin_slo_burn_rate", "The burn rate over the long window of the fastest pair.", \.burnFast)
    }

    private static func labels(_ labels: ServingMeasurements.Labels) -> PrometheusText.Labels {
        [
            (MetricTable.model, labels.model), (MetricTable.version, labels.version),
            (MetricTable.prompt, labels.prompt), (MetricTable.arm, labels.arm), (MetricTable.status, labels.status),
        ]
    }
}
