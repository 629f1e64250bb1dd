import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import Wording

extension DriftComparison {
    /// Lengths of the points of a chart, in seconds: the first that gives at most ``maxPoints``.
    private static let lengths: [Int64] = [60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 86_400, 604_800]
    private static let maxPoints: Int64 = 96

    /// The leading signal over time, with the band that 90 % of such points lie in when nothing changes.
    func course(_ test: DriftTest, _ shifts: [SignalShift]) -> DriftCourse? {
        guard let shift = shifts.first(where: { $0.id == test.signal }), shift.family != .capture else { return nil }
        let signal = shift.signal
        let span = (window.to.milliseconds - window.from.milliseconds) / 1000
        let length = Self.lengths.first { span / $0 <= Self.maxPoints } ?? 604_800
        let unit = signal == .meanNLL ? "" : signal.kind == .category ? "%" : signal.unit
        // Shares are fractions everywhere but where people read them.
        let scale = unit == "%" ? 100.0 : 1
        var points: [DriftCourse.Point] = []
        var group: (at: Int64, summary: DriftSummary)?
        func close() {
            guard let open = group, let (value, requests) = point(signal, shift.value, open.summary), value.isFinite
            else { return }
            points.append(
                DriftCourse.Point(
                    at: Timestamp(milliseconds: open.at * length * 1000),
                    seconds: Double(length),
                    requests: requests,
                    value: value * scale
                )
            )
        }
        for interval in intervals {
            let at = interval.at.milliseconds / 1000 / length
            if group?.at == at, (try? group?.summary.merge(interval.summary)) != nil { continue }
            close()
            group = (at, interval.summary)
        }
        close()
        // One point is no course.
        guard points.count > 1,
            let band = band(signal, shift.value, points.map(\.requests).reduce(0, +) / points.count),
            band.lowerBound.isFinite, band.upperBound.isFinite
        else { return nil }
        let what =
            switch signal.kind {
            case .number: signal == .meanNLL ? "perplexity" : "mean"
            case .rate: "share"
            case .category: "share of \(shift.value ?? "other")"
            case .embedding: "distance from the reference"
            }
        return DriftCourse(
            signal: signal.rawValue,
            title: signal.title,
            unit: unit,
            what: what,
            bandLower: band.lowerBound * scale,
            bandUpper: band.upperBound * scale,
            points: points
        )
    }

    /// One value of a chart; shares as fractions.
    private func point(_ signal: DriftSignal, _ value: String?, _ summary: DriftSummary) -> (Double, Int)? {
        let slot = signal.slot
        switch signal.kind {
        case .number:
            let numbers = summary.numbers[slot]
            return numbers.mean.map { (signal == .meanNLL ? exp($0) : $0, numbers.count) }
        case .rate:
            return summary.rates[slot].share.map { ($0, summary.rates[slot].count) }
        case .category:
            let cells = CategoryCells(reference.summary.categories[slot], summary.categories[slot])
            let count = summary.categories[slot].count
            guard count > 0 else { return nil }
            let place = value.flatMap { cells.labels.firstIndex(of: $0) }
            return (place.map { cells.currentShare($0) } ?? 0, count)
        case .embedding:
            let before = reference.summary.embedding
            guard let null = reference.null, null.trace > 0, before.count > 0, summary.embedding.count > 0,
                let statistic = meanDiscrepancy(
                    before.meanFeatures,
                    summary.embedding.meanFeatures,
                    n: Double(before.count),
                    m: Double(summary.embedding.count)
                )
            else { return nil }
            return (statistic / null.trace, summary.embedding.count)
        }
    }

    /// The band of points of `requests` requests each, from the spread of single requests in the reference.
    private func band(_ signal: DriftSignal, _ value: String?, _ requests: Int) -> ClosedRange<Double>? {
        let n = Double(max(1, requests))
        func share(_ p: Double) -> ClosedRange<Double> {
            let half = 1.645 * (p * (1 - p) / n).squareRoot()
            return max(0, p - half)...min(1, p + half)
        }
        let slot = signal.slot
        switch signal.kind {
        case .number:
            let numbers = reference.summary.numbers[slot]
            guard let mean = numbers.mean else { return nil }
            let half = 1.645 * ((numbers.variance ?? 0) / n).squareRoot()
            return signal == .meanNLL ? exp(mean - half)...exp(mean + half) : (mean - half)...(mean + half)
        case .rate:
            return reference.summary.rates[slot].share.map(share)
        case .category:
            let before = reference.summary.categories[slot]
            let cells = CategoryCells(before, current.categories[slot])
            return value.flatMap { cells.labels.firstIndex(of: $0) }.map { share(cells.referenceShare($0)) }
        case .embedding:
            guard let null = reference.null, null.trace > 0, let limit = null.limit(alpha: 0.05) else { return nil }
            return 0...(limit / null.trace)
        }
    }

    /// How the moved signals are spread, before and now.
    func bars(_ tests: [DriftTest]) -> [DriftBars] {
        tests.compactMap { DriftSignal(rawValue: $0.signal) }.compactMap(bars).prefix(6).map { $0 }
    }

    private func bars(_ signal: DriftSignal) -> DriftBars? {
        let slot = signal.slot
        var parts: [DriftBars.Part] = []
        switch signal.kind {
        case .number:
            let before = reference.summary.numbers[slot]
            let now = current.numbers[slot]
            guard before.count > 0, now.count > 0 else { return nil }
            let edges = before.edges(parts: 10)
            let counts = (before.counts(edges: edges), now.counts(edges: edges))
            for place in counts.0.indices {
                parts.append(
                    DriftBars.Part(
                        label: Self.range(place, edges, signal),
                        reference: counts.0[place] / Double(before.count),
                        current: counts.1[place] / Double(now.count)
                    )
                )
            }
        case .category:
            let cells = CategoryCells(reference.summary.categories[slot], current.categories[slot])
            for cell in cells.byChange.prefix(8) {
                parts.append(
                    DriftBars.Part(
                        label: cells.labels[cell],
                        reference: cells.referenceShare(cell),
                        current: cells.currentShare(cell)
                    )
                )
            }
        case .rate:
            guard let before = reference.summary.rates[slot].share, let now = current.rates[slot].share else {
                return nil
            }
            parts = [
                DriftBars.Part(label: "yes", reference: before, current: now),
                DriftBars.Part(label: "no", reference: 1 - before, current: 1 - now),
            ]
        case .embedding: return nil
        }
        return DriftBars(signal: signal.rawValue, title: signal.title, unit: signal.unit, parts: parts)
    }

    private static func range(_ place: Int, _ edges: [UInt16], _ signal: DriftSignal) -> String {
        // An edge is the last bin of its part, so the next part begins where the bin after it does.
        let zero = FixedBins.bin(0)
        func text(_ bin: UInt16) -> String {
            // What begins right after zero has an edge so near to it that its text would be zero.
            if bin == zero + 1 { return "over 0" }
            let value = FixedBins.lower(bin)
            return ["%", "s"].contains(signal.unit)
                ? signal.text(value) : NumberText.significant(signal.isWhole ? value.rounded(.up) : value)
        }
        guard let first = edges.first, let last = edges.last else { return "all" }
        if place == 0 {
            guard first == zero else { return "below \(text(first + 1))" }
            return ["%", "s"].contains(signal.unit) ? signal.text(0) : signal.isWhole ? "0" : "0 and less"
        }
        if place == edges.count { return "\(text(last + 1)) and more" }
        return "\(text(edges[place - 1] + 1)) to \(text(edges[place] + 1))"
    }

    /// Where the change is: the values of moved categories by their part of the chi-square.
    func places(_ tests: [DriftTest]) -> [DriftShare] {
        let moved = tests.filter { $0.state == .moved || $0.state == .small }.compactMap {
            DriftSignal(rawValue: $0.signal)
        }
        var shares: [DriftShare] = []
        for signal in moved where signal.kind == .category {
            let cells = CategoryCells(
                reference.summary.categories[signal.slot],
                current.categories[signal.slot]
            )
            guard let table = cells.table, table.chiSquared > 0 else { continue }
            // The table leaves empty cells out; these labels have none.
            let kept = cells.labels.indices.filter { cells.reference[$0] + cells.current[$0] > 0 }
            for (cell, part) in zip(kept, table.parts) {
                shares.append(
                    DriftShare(
                        dimension: signal.title,
                        value: cells.labels[cell],
                        reference: cells.referenceShare(cell),
                        current: cells.currentShare(cell),
                        part: part / table.chiSquared
                    )
                )
            }
        }
        return Array(shares.sorted { ($1.part, $0.dimension, $0.value) < ($0.part, $1.dimension, $1.value) }.prefix(5))
    }
}
