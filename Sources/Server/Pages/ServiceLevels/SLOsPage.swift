import RegistryTypes
import WireFormat

/// All SLOs: met, how much is left, when it is gone.
struct SLOsPage: Page {
    static let template = "slos"
    let frame: Frame
    let heading: HTMLText
    let summary: HTMLText
    let hasRows: Bool
    let slos: [SLOLine]

    init(_ slos: [SLORow], model: Name?, visit: Visit) {
        let firing = slos.count { $0.alert != nil }
        frame = Frame(
            (firing > 0 ? "▲ \(firing) · " : "") + (model.map { "SLOs of \($0)" } ?? "SLOs"),
            in: .slos,
            command: "serin slo list" + (model.map { " --model \($0)" } ?? ""),
            visit: visit
        )
        heading = HTMLText(model.map { "SLOs of \($0)" } ?? "SLOs")
        let states = [
            (SLORow.State.met, "met"), (.burning, "burning"), (.exhausted, "without budget"), (.unknown, "unknown"),
        ]
        let counts = states.compactMap { state, word in
            let count = slos.count { $0.state == state }
            return count > 0 ? "\(Figures.count(count)) \(word)" : nil
        }
        summary = HTMLText(counts.isEmpty ? "none" : counts.joined(separator: " · "))
        self.slos = slos.prefix(60).map { SLOLine($0) }
        hasRows = !slos.isEmpty
    }
}
