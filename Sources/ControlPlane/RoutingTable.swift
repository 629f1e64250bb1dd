import RegistryTypes
import WireFormat

/// What every channel means now: read on each request, replaced as a whole after each move.
struct RoutingTable: Sendable {
    /// The log entry up to which the table is true.
    let head: Int
    private let channels: [Name: [Name: ResolveAnswer]]

    /// The table of no channel.
    static let empty = RoutingTable(head: 0, entries: [])

    /// A table of what the channels point to.
    init(head: Int, entries: [ResolveAnswer]) {
        self.head = head
        var channels: [Name: [Name: ResolveAnswer]] = [:]
        for entry in entries {
            if let channel = entry.channel { channels[entry.release.model, default: [:]][channel] = entry }
        }
        self.channels = channels
    }

    /// What a channel points to; nil when it points nowhere.
    func release(of model: Name, channel: Name) -> ResolveAnswer? { channels[model]?[channel] }
}
