/// Which connections are open, and which must go when there are too many: a decision about values, in seconds that are
/// passed in.
///
/// Whoever comes gets a place. The place is taken from the connection that has been silent for longest without having
/// shown a key, at the address that has the most of them: so those who only hold connections take places from each other,
/// and nobody who sends a request waits for them. Those who came just now, whose requests may be on their way, take none from
/// each other while they are few. Nothing that is being answered to a key is ever closed.
struct ConnectionTable<ID: Hashable & Sendable>: Sendable {
    /// Who is at the other end.
    enum Peer: Hashable, Sendable {
        /// Nobody that is known.
        case unknown
        /// Somebody with this key; an admin has a place when all others are taken.
        case key(String, isAdmin: Bool)
    }

    /// What becomes of a connection that was accepted.
    enum Admission: Hashable, Sendable {
        /// It stays; the others, if any, are closed for it.
        case taken(closing: [ID])
        /// It is closed: all places are taken by requests that are being answered.
        case refused
    }

    private struct Entry {
        let address: String
        var peer = Peer.unknown
        var isAnswering = false
        /// It was told that there is no place for it.
        var wasRefused = false
        /// When it was opened, or the last answer on it ended.
        var quietSince: Double
    }

    let limits: ConnectionLimits
    private var entries: [ID: Entry] = [:]
    /// Connections that have shown no key, by address.
    private var keyless: [String: Int] = [:]
    /// Connections of each key.
    private var keyed: [String: Int] = [:]

    init(_ limits: ConnectionLimits) { self.limits = limits }

    /// Connections that are open.
    var count: Int { entries.count }

    /// A connection was accepted.
    mutating func opened(_ id: ID, from address: String, at now: Double) -> Admission {
        var closing: [ID] = []
        if keyless[address, default: 0] >= limits.keylessPerAddress, let oldest = oldestKeyless(of: address) {
            closing.append(oldest)
            closed(oldest)
        }
        while entries.count >= limits.inAll, let victim = victim(at: now) {
            closing.append(victim)
            closed(victim)
        }
        guard entries.count < limits.inAll + limits.reserve else { return .refused }
        entries[id] = Entry(address: address, quietSince: now)
        keyless[address, default: 0] += 1
        return .taken(closing: closing)
    }

    /// The header of a request is complete.
    mutating func began(_ id: ID) { entries[id]?.isAnswering = true }

    /// The last byte of an answer was written.
    mutating func answered(_ id: ID, at now: Double) {
        entries[id]?.isAnswering = false
        entries[id]?.quietSince = now
    }

    /// Whose request it is that came on a connection.
    ///
    /// - Returns: Whether it may be answered: not when the key has too many connections, and not in the places that are
    ///   kept for admins. One that is not known here may: nobody counts it.
    mutating func identified(_ id: ID, as peer: Peer) -> Bool {
        guard let before = entries[id] else { return true }
        entries[id]?.wasRefused = false
        if before.peer != peer {
            count(before, -1)
            entries[id]?.peer = peer
            count(entries[id] ?? before, 1)
        }
        guard case .key(let name, let isAdmin) = peer, !isAdmin else { return true }
        guard keyed[name, default: 0] <= limits.perKey, entries.count <= limits.inAll else {
            // Whoever is refused gives its place up first.
            count(entries[id] ?? before, -1)
            entries[id]?.peer = .unknown
            entries[id]?.wasRefused = true
            count(entries[id] ?? before, 1)
            return false
        }
        return true
    }

    /// Whether a connection has shown no key, and been silent, for too long.
    func isOverdue(_ id: ID, at now: Double) -> Bool {
        guard let entry = entries[id], entry.peer == .unknown, !entry.isAnswering else { return false }
        return now - entry.quietSince >= limits.headerSeconds
    }

    /// A connection is closed.
    mutating func closed(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        count(entry, -1)
    }

    private mutating func count(_ entry: Entry, _ change: Int) {
        switch entry.peer {
        case .unknown:
            keyless[entry.address, default: 0] += change
            if keyless[entry.address] == 0 { keyless[entry.address] = nil }
        case .key(let name, _):
            keyed[name, default: 0] += change
            if keyed[name] == 0 { keyed[name] = nil }
        }
    }

    /// The connection that gives up its place: one that was refused, then one without a key that has been silent for longer than
    /// a request takes to arrive, then one with a key on which nothing is asked, then one without a key that came just now or
    /// whose request is still arriving. The last two in turn: newcomers who hold many places get no more from those with keys.
    private func victim(at now: Double) -> ID? {
        guard let address = keyless.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else {
            return oldest { !$0.isAnswering }
        }
        func isSilent(_ entry: Entry) -> Bool {
            entry.peer == .unknown && !entry.isAnswering && now - entry.quietSince >= limits.arrivalSeconds
        }
        if let gone = oldest({ $0.wasRefused && !$0.isAnswering }) ?? oldest({ isSilent($0) && $0.address == address })
            ?? oldest(isSilent)
        {
            return gone
        }
        guard keyless.values.reduce(0, +) < limits.reserve else { return oldestKeyless(of: address) }
        return oldest { $0.peer != .unknown && !$0.isAnswering }
    }

    private func oldestKeyless(of address: String) -> ID? {
        oldest { $0.peer == .unknown && !$0.isAnswering && $0.address == address }
            ?? oldest { $0.peer == .unknown && $0.address == address }
    }

    /// Of those that are meant, the one that has been silent for longest.
    private func oldest(_ isMeant: (Entry) -> Bool) -> ID? {
        var found: (id: ID, since: Double)?
        for (id, entry) in entries where entry.quietSince < found?.since ?? .infinity && isMeant(entry) {
            found = (id, entry.quietSince)
        }
        return found?.id
    }
}
