import Digests
import RegistryTypes

/// Draws units (conversations or users, else single requests) by the smallest keyed hashes, so that the same seed over
/// the same requests draws the same ones, and a larger sample holds a smaller one's.
struct UnitSample {
    /// A request that may be drawn.
    struct Candidate {
        let id: RequestID
        let unit: String?
    }

    private let key: [UInt8]

    init(seed: UInt64) {
        key = Array("serin sample".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: seed >> (8 * UInt64($0))) }
    }

    /// The ids drawn: whole units in the order of their hashes. Of the last one, as many requests as there is room for,
    /// in the order of their own hashes: else one user with many requests would leave the sample empty.
    func draw(_ candidates: [Candidate], size: Int) -> Set<RequestID> {
        let units = Dictionary(grouping: candidates) { $0.unit ?? $0.id.text }
        let order = units.keys.map { (hash: hash($0), unit: $0) }.sorted { ($0.hash, $0.unit) < ($1.hash, $1.unit) }
        var drawn: Set<RequestID> = []
        for (_, unit) in order {
            guard drawn.count < size else { break }
            let members = (units[unit] ?? []).map { (hash: hash($0.id.text), id: $0.id) }
                .sorted { ($0.hash, $0.id) < ($1.hash, $1.id) }
            drawn.formUnion(members.prefix(size - drawn.count).map(\.id))
        }
        return drawn
    }

    private func hash(_ unit: String) -> UInt64 {
        HMACSHA256.code(of: Array(unit.utf8), key: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
