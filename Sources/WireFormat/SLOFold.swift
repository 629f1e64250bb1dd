import RegistryTypes
import Wording

/// A list of SLOs as people read it: what is counted row by row, the most urgent first, and in a line each what nobody
/// calls and what is off. Nothing is left out: the lines name or count what they stand for.
public struct SLOFold: Hashable, Sendable {
    /// The SLOs with a row of their own.
    public let rows: [SLORow]
    /// What stands for the others; empty when there are none.
    public let lines: [String]

    /// Folds `rows`, which are all there are.
    ///
    /// - Parameter keepsIdle: whether the rows of what nobody calls are kept: for somebody who asked for one model.
    public init(_ rows: [SLORow], keepsIdle: Bool = false) {
        let sorted = rows.sorted { ($0.urgency, $0.model, $0.name) < ($1.urgency, $1.model, $1.name) }
        let busy = Set(rows.filter { !$0.isIdle }.map(\.model))
        self.rows = sorted.filter { row in
            guard row.state != .off else { return false }
            return keepsIdle || !row.isIdle || busy.contains(row.model)
        }
        let idle = keepsIdle ? [] : Set(rows.map(\.model)).subtracting(busy).sorted()
        let off = sorted.filter { $0.state == .off }
        var lines: [String] = []
        if !idle.isEmpty {
            lines.append(
                "no traffic in \(NumberText.count(idle.count, "model")), so nothing is known: \(Self.names(idle))"
            )
        }
        if !off.isEmpty {
            lines.append(
                "off, because nobody has set how long it may take: \(Self.names(Set(off.map(\.name)).sorted())) "
                    + "(\(NumberText.count(Set(off.map(\.model)).count, "model")))"
            )
        }
        self.lines = lines
    }

    /// The first of `names`, and how many more there are.
    private static func names(_ names: [Name]) -> String {
        let shown = names.prefix(8).map(\.text).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(NumberText.count(names.count - 8)) more" : shown
    }
}
