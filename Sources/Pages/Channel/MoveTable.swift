import RegistryRecords
import RegistryTypes
import Wording

/// Moves of channels for the template `moves`.
struct MoveTable: Hashable, Sendable {
    /// A move.
    struct Row: Hashable, Sendable {
        let at: PageTime
        let channel: Link
        let from: Link?
        let to: Link
        let badge: StatusBadge
        let by: HTMLText
        let reason: HTMLText?
        let decision: Link?
    }

    let caption: HTMLText
    let rows: [Row]

    /// The moves, in the order given.
    init(_ moves: [ChannelMove], caption: String) {
        self.caption = HTMLText(caption)
        rows = moves.map { move in
            func link(_ number: Int) -> Link { Link("r\(number)", .release(ReleaseID(move.model, number))) }
            return Row(
                at: PageTime(move.at),
                channel: Link("\(move.model)@\(move.channel)", .model(move.model)),
                from: move.from.map(link),
                to: link(move.to),
                badge: move.how.badge,
                by: HTMLText(move.by),
                reason: move.reason.map { HTMLText("“\($0)”") },
                decision: move.decision.map { Link("\($0)", .decision($0)) }
            )
        }
    }
}

extension ChannelMove {
    /// How the channel got to where it points, while it does.
    var badge: StatusBadge {
        switch (event.how, event.settled) {
        case (.promoted, true): StatusBadge("✔", "settled", .ok)
        case (.promoted, false): StatusBadge("◷", "unsettled", .info)
        case (.overridden, _), (.rolledBack, _), (.returned, _): event.how.badge
        }
    }
}

extension MoveKind {
    /// What was done, in words.
    var words: String {
        switch self {
        case .promoted: "promoted"
        case .overridden: "promoted by override"
        case .rolledBack: "rolled back"
        case .returned: "rolled back automatically"
        }
    }

    /// What was done.
    var badge: StatusBadge {
        switch self {
        case .promoted: StatusBadge("✔", words, .ok)
        case .overridden: StatusBadge("▲", words, .notice)
        case .rolledBack: StatusBadge("↩", words, .info)
        case .returned: StatusBadge("↩", words, .notice)
        }
    }
}
