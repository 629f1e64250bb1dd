import Gateway

/// Writes Prometheus' text format, version 0.0.4. Values in labels are escaped; names come from our own code.
struct PrometheusText {
    /// How a measurement behaves.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// What tells series of one name apart, in order.
    typealias Labels = [(name: String, value: String)]

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text so far.
    private(set) var text = ""

    /// Begins the series of a name.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A value of a series.
    mutating func value(_ name: String, _ labels: Labels = [], _ value: Double) {
        text += "\(name)\(Self.shown(labels)) \(Self.shown(value))\n"
    }

    /// The buckets of a histogram, cumulative as the format wants them.
    mutating func buckets(_ histogram: MetricTable.Histogram, _ labels: Labels, _ counts: BucketCounts) {
        var sum = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], counts.counts) {
            sum += count
            value("\(histogram.name)_bucket", labels + [("le", Self.shown(bound))], Double(sum))
        }
        value("\(histogram.name)_sum", labels, counts.sum)
        value("\(histogram.name)_count", labels, Double(sum))
    }

    private static func shown(_ labels: Labels) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func shown(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        if value.isNaN { return "NaN" }
        if let whole = Int(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func escaped(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += Array(#"\\"#.utf8)
            case UInt8(ascii: "\""): bytes += Array(#"\""#.utf8)
            case 0x0a: bytes += Array(#"\n"#.utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
