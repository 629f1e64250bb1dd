import RegistryTypes
import WireFormat

/// All rollouts, newest first.
struct RolloutsPage: Page {
    static let template = "rollouts"
    let frame: Frame
    let heading: HTMLText
    let hasHolds: Bool
    let holds: [HoldLine]
    let hasRows: Bool
    let rollouts: [RolloutLine]
    let older: Link?

    init(_ list: ListAnswer<RolloutRow>, model: Name?, holds: [HoldRow], visit: Visit) {
        frame = Frame(
            model.map { "Rollouts of \($0)" } ?? "Rollouts",
            in: .rollouts,
            command: "serin rollout list" + (model.map { " --model \($0)" } ?? ""),
            visit: visit
        )
        heading = HTMLText(model.map { "Rollouts of \($0)" } ?? "Rollouts")
        self.holds = holds.prefix(10).map { HoldLine($0, visit: visit) }
        hasHolds = !holds.isEmpty
        rollouts = list.items.prefix(50).map { RolloutLine($0) }
        hasRows = !rollouts.isEmpty
        older = list.next.map { Link("Older", Href.query("/rollouts", [("before", $0), ("model", model?.text)])) }
    }
}
