import Foundation
import RegistryRecords
import RegistryTypes
import Statistics

/// Which prompts are new: a ridge discriminant between the embeddings of the reference and those of the window, fitted
/// on one half and applied to the other, so that no prompt is judged by a rule it shaped.
///
/// It explains and is no test: its folds depend on each other, so that its p-values would be too small.
struct DriftExplainer {
    /// Most requests of a side that are looked at.
    private static let maxRows = 2000
    /// Fewest of a side.
    private static let minRows = 50

    private let reference: [(row: DescribedRequest, vector: [Double])]
    private let current: [(row: DescribedRequest, vector: [Double])]

    /// - Returns: nil for fewer than 50 requests with embeddings of one length on either side.
    init?(_ reference: [DescribedRequest], _ current: [DescribedRequest]) {
        func vectors(_ rows: [DescribedRequest]) -> [(row: DescribedRequest, vector: [Double])] {
            let usable = rows.filter { $0.descriptors.embedding != nil }
            let kept = min(usable.count, Self.maxRows)
            return (0..<kept).compactMap { place in
                let row = usable[place * usable.count / kept]
                return row.descriptors.embedding.map { (row, $0.values.map(Double.init)) }
            }
        }
        self.reference = vectors(reference)
        self.current = vectors(current)
        guard let width = self.reference.first?.vector.count, self.reference.count >= Self.minRows,
            self.current.count >= Self.minRows,
            (self.reference + self.current).allSatisfy({ $0.vector.count == width })
        else { return nil }
    }

    /// The tenth of the window with the highest scores, described against the rest.
    func explanation(inputs: [RequestID: String]) -> DriftExplanation? {
        guard let scores = scores() else { return nil }
        let currentScores = Array(scores[reference.count...])
        guard let ranks = MannWhitney(currentScores, Array(scores[..<reference.count])) else { return nil }
        let order = current.indices.sorted { (currentScores[$1], $0) < (currentScores[$0], $1) }
        let size = max(1, current.count / 10)
        let unusual = order.prefix(size).map { current[$0].row }
        let rest = order.dropFirst(size).map { current[$0].row }
        return DriftExplanation(
            requests: size,
            separation: ranks.probabilityGreater,
            lines: lines(unusual, rest),
            examples: unusual.prefix(5).map { row in
                DriftExplanation.Example(
                    request: row.request,
                    input: inputs[row.request].map { $0.count > 160 ? $0.prefix(159) + "…" : $0 }
                )
            }
        )
    }

    /// Scores of all rows, the reference's first: those of even places by the rule of the odd ones, and the other way.
    private func scores() -> [Double]? {
        let rows = reference.map(\.vector) + current.map(\.vector)
        let sides = rows.indices.map { $0 < reference.count ? -1.0 : 1.0 }
        // Places count anew in the window, so that both halves hold as many of either side.
        let halves = rows.indices.map { ($0 < reference.count ? $0 : $0 - reference.count) % 2 }
        var scores = [Double](repeating: 0, count: rows.count)
        for half in 0...1 {
            let fitted = rows.indices.filter { halves[$0] != half }
            guard let rule = RidgeDiscriminant(fitted.map { rows[$0] }, sides: fitted.map { sides[$0] }) else {
                return nil
            }
            for place in rows.indices where halves[place] == half { scores[place] = rule.score(rows[place]) }
        }
        return scores
    }

    /// The signals by which the tenth differs most, each in its own unit.
    private func lines(_ unusual: [DescribedRequest], _ rest: [DescribedRequest]) -> [DriftExplanation.Line] {
        let summaries = (
            DriftSummary(rows: unusual.map(\.descriptors)), DriftSummary(rows: rest.map(\.descriptors))
        )
        let shifts = DriftSignal.allCases.compactMap { signal -> SignalShift? in
            let slot = signal.slot
            return switch signal.kind {
            case .number: SignalShift(number: signal, summaries.1.numbers[slot], summaries.0.numbers[slot])
            case .category: SignalShift(category: signal, summaries.1.categories[slot], summaries.0.categories[slot])
            case .rate: SignalShift(rate: signal, summaries.1.rates[slot], summaries.0.rates[slot])
            case .embedding: nil
            }
        }
        return
            shifts.filter { ($0.pValue ?? 1) < 0.05 && $0.current != nil }
            .sorted { ($0.pValue ?? 1, $0.id) < ($1.pValue ?? 1, $1.id) }
            .prefix(6)
            .map { DriftExplanation.Line(title: $0.title, unusual: $0.current ?? "–", rest: $0.reference ?? "–") }
    }
}

/// The straight line between two groups of rows by least squares with a penalty (Hoerl & Kennard 1970).
struct RidgeDiscriminant {
    private let weights: [Double]
    private let means: [Double]

    /// - Parameters:
    ///   - rows: rows of one length.
    ///   - sides: -1 or 1 for each.
    /// - Returns: nil for no rows, or rows that are all the same.
    init?(_ rows: [[Double]], sides: [Double]) {
        guard let width = rows.first?.count, width > 0, rows.count > 1, rows.count == sides.count else { return nil }
        let n = Double(rows.count)
        var means = [Double](repeating: 0, count: width)
        for row in rows { for k in 0..<width { means[k] += row[k] / n } }
        let middle = sides.reduce(0, +) / n
        var gram = [Double](repeating: 0, count: width * width)
        var target = [Double](repeating: 0, count: width)
        gram.withUnsafeMutableBufferPointer { gram in
            for (row, side) in zip(rows, sides) {
                let centred = zip(row, means).map(-)
                centred.withUnsafeBufferPointer { x in
                    for i in 0..<width {
                        target[i] += x[i] * (side - middle)
                        let value = x[i]
                        for j in 0...i { gram[i * width + j] += value * x[j] }
                    }
                }
            }
        }
        let trace = (0..<width).reduce(0.0) { $0 + gram[$1 * width + $1] }
        guard trace > 0, trace.isFinite else { return nil }
        // A tenth of the mean variance: enough to hold down directions that a few hundred rows cannot tell.
        let penalty = 0.1 * trace / Double(width)
        for i in 0..<width { gram[i * width + i] += penalty }
        guard let solved = Self.solve(&gram, target) else { return nil }
        weights = solved
        self.means = means
    }

    /// Positive for rows like the second group's.
    func score(_ row: [Double]) -> Double {
        var total = 0.0
        for k in weights.indices { total += weights[k] * (row[k] - means[k]) }
        return total
    }

    /// Cholesky on the lower triangle, then two triangular systems; nil for a matrix that is not positive.
    private static func solve(_ a: inout [Double], _ b: [Double]) -> [Double]? {
        let n = b.count
        var x = b
        for j in 0..<n {
            for i in j..<n {
                var value = a[i * n + j]
                for k in 0..<j { value -= a[i * n + k] * a[j * n + k] }
                if i == j {
                    guard value > 0 else { return nil }
                    a[j * n + j] = value.squareRoot()
                } else {
                    a[i * n + j] = value / a[j * n + j]
                }
            }
        }
        for i in 0..<n {
            for k in 0..<i { x[i] -= a[i * n + k] * x[k] }
            x[i] /= a[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in (i + 1)..<n { x[i] -= a[k * n + i] * x[k] }
            x[i] /= a[i * n + i]
        }
        return x
    }
}
