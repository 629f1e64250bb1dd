import RegistryTypes
import WireFormat
import Wording

/// Channels that nobody asked anything of, folded to one line, so that what is used stands on the first screen.
///
/// Folded is only what needs nobody: no watch, no hold, nothing that burns, fails or misses its traffic.
struct IdleChannels: Hashable, Sendable {
    /// So few are not worth a line of their own.
    static let fewest = 4
    /// So many are named.
    static let namedCount = 12

    let words: HTMLText
    let links: [Link]
    /// How many more there are; nil when all are named.
    let rest: HTMLText?
    private let folded: Set<HTMLText>

    /// The idle ones among `rows`; nil when there are few.
    init?(_ rows: [HealthRow]) {
        let idle = rows.filter(IdleChannels.isIdle)
        guard idle.count >= IdleChannels.fewest else { return nil }
        folded = Set(idle.map { "\($0.model)@\($0.channel)" as HTMLText })
        words = "\(NumberText.count(idle.count, "channel")) had no request in the last 5 minutes:"
        links = idle.prefix(IdleChannels.namedCount).map { Link("\($0.model)@\($0.channel)", .model($0.model)) }
        let more = idle.count - links.count
        rest = more > 0 ? "and \(NumberText.count(more)) more" : nil
    }

    /// Whether the line speaks of a channel.
    func holds(_ model: Name, _ channel: Name) -> Bool { folded.contains("\(model)@\(channel)") }

    /// Whether nobody asks anything of a channel, and nothing is the matter with it.
    private static func isIdle(_ row: HealthRow) -> Bool {
        switch row.state {
        case .unknown, .noTraffic:
            row.rollout == nil && row.hold == nil && row.requestHistory.suffix(5).allSatisfy { $0 == 0 }
        case .healthy, .watching, .burning, .failing, .missingTraffic: false
        }
    }
}
