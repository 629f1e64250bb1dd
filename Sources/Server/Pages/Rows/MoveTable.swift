import RegistryRecords
import RegistryTypes

/// Moves of channels for the template `moves`.
struct MoveTable: Hashable, Sendable {
    /// A move.
    struct Row: Hashable, Sendable {
        let at: Moment
        let channel: Link
        let from: Link?
        let to: Link
        let mark: Mark
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
            func link(_ number: Int) -> Link { Link("r\(number)", Href.release(ReleaseID(move.model, number))) }
            return Row(
                at: Moment(move.at),
                channel: Link("\(move.model)@\(move.channel)", Href.model(move.model)),
                from: move.from.map(link),
                to: link(move.to),
                mark: MoveTable.mark(move),
                by: HTMLText(move.by),
                reason: move.reason.map { HTMLText("“\($0)”") },
                decision: move.decision.map { Link("\($0)", Href.decision($0)) }
            )
        }
    }

    private static func mark(_ move: ChannelMove) -> Mark {
        switch move.how {
        case .promoted: Mark("✔", "promoted", .ok)
        case .overridden: Mark("▲", "by override", .notice)
        case .rolledBack: Mark("↩", "rolled back", .info)
        case .returned: Mark("↩", "rolled back automatically", .notice)
        }
    }
}
