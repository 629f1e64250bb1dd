import RegistryTypes
import Synchronization
import WireFormat

/// The channels whose live release was tried and does not answer now, for everybody who tells people about it.
final class UnloadedReleases: Sendable {
    private let rows = Mutex<[UnloadedRelease]?>(nil)

    /// All of them, by model and channel; nil before the first ones were tried.
    var known: [UnloadedRelease]? { rows.withLock { $0 } }

    /// All of them, by model and channel.
    var all: [UnloadedRelease] { known ?? [] }

    /// The one of a channel; nil when its live release answers, or was not tried yet.
    func of(_ model: Name, _ channel: Name) -> UnloadedRelease? {
        all.first { $0.model == model && $0.channel == channel }
    }

    /// Replaces what is known.
    func replace(_ new: [UnloadedRelease]) { rows.withLock { $0 = new } }
}
