import Catalog
import RegistryRecords
import Synchronization

/// How many incidents are open, counted once for each state of the log: every page says it, and counting goes through all of
/// them.
final class OpenIncidentCount: Sendable {
    /// The log's newest event when it was counted, and the count.
    private let counted = Mutex<(seq: Int, open: OpenIncidents)?>(nil)

    /// The count of a state.
    func of(_ state: CatalogState) throws -> OpenIncidents {
        let seq = try state.head().seq
        if let known = counted.withLock({ $0 }), known.seq == seq { return known.open }
        let open = try state.openIncidents()
        // Two that count at once may come to it in any order: the newest stays.
        counted.withLock { known in
            if known?.seq ?? 0 <= seq { known = (seq, open) }
        }
        return open
    }
}
