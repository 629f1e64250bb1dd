import RegistryTypes

/// Who waits for which reading, and whose results are kept. It decides; ``Readings`` does.
///
/// One caller is never in the way of another: a reading that two asked for goes on until both have withdrawn, one caller
/// has a part of the places alone, and results are forgotten first of whoever has most of them.
struct ReadingQueue {
    /// The most readings that run or wait.
    static let maxWaiting = 8
    /// The most of them that one caller has asked for first.
    static let maxWaitingOfOne = 3
    /// The most readings that are remembered, those that run or wait among them.
    static let maxKept = 24

    /// Why a reading has no place.
    enum Refusal: Error, Equatable {
        /// The caller has as many as one may have.
        case tooManyOfOne
        /// All places are taken.
        case tooMany
    }

    /// What a withdrawal comes to.
    enum Withdrawal: Equatable {
        /// Nobody waits for it any more: it ends.
        case ends
        /// Others still wait for it.
        case goesOn
        /// It was over before.
        case wasOver
        /// The caller has not asked for it; these have.
        case notAsked(by: [Name])
    }

    private struct Place {
        let id: String
        /// Whoever asked first comes first. How often counts, since two people may share a key.
        var askers: [(name: Name, times: Int)]
        var isOver = false
    }

    /// Oldest first.
    private var places: [Place] = []

    /// The readings that run or wait, oldest first.
    var waiting: [String] { places.filter { !$0.isOver }.map(\.id) }

    /// Takes a reading in, at the end.
    ///
    /// - Throws: ``Refusal``.
    mutating func admit(_ id: String, by caller: Name) throws(Refusal) {
        let waiting = places.filter { !$0.isOver && $0.id != id }
        guard waiting.count(where: { $0.askers.first?.name == caller }) < Self.maxWaitingOfOne else {
            throw .tooManyOfOne
        }
        guard waiting.count < Self.maxWaiting else { throw .tooMany }
        places.removeAll { $0.id == id }
        places.append(Place(id: id, askers: [(caller, 1)]))
    }

    /// Notes that one more waits for a reading that is there.
    mutating func join(_ id: String, by caller: Name) {
        guard let place = places.firstIndex(where: { $0.id == id }) else { return }
        if let asker = places[place].askers.firstIndex(where: { $0.name == caller }) {
            places[place].askers[asker].times += 1
        } else {
            places[place].askers.append((caller, 1))
        }
    }

    /// Takes back what a caller asked for once.
    ///
    /// - Parameter endsForAll: Whether the caller, who has not asked for it, may end it for those who have.
    mutating func withdraw(_ id: String, by caller: Name, endsForAll: Bool) -> Withdrawal {
        guard let place = places.firstIndex(where: { $0.id == id }), !places[place].isOver else { return .wasOver }
        guard let asker = places[place].askers.firstIndex(where: { $0.name == caller }) else {
            return endsForAll ? .ends : .notAsked(by: places[place].askers.map(\.name))
        }
        places[place].askers[asker].times -= 1
        if places[place].askers.count == 1, places[place].askers[asker].times == 0 { return .ends }
        places[place].askers.removeAll { $0.times == 0 }
        return .goesOn
    }

    /// Notes that a reading is over.
    mutating func finish(_ id: String) {
        guard let place = places.firstIndex(where: { $0.id == id }) else { return }
        places[place].isOver = true
    }

    /// Forgets the oldest results of whoever has most, until few enough are kept; gives their names.
    mutating func forget() -> [String] {
        var forgotten: [String] = []
        while places.count > Self.maxKept {
            var kept: [Name: Int] = [:]
            for place in places where place.isOver { kept[place.askers[0].name, default: 0] += 1 }
            guard let largest = kept.values.max(),
                let oldest = places.firstIndex(where: { $0.isOver && kept[$0.askers[0].name] == largest })
            else { break }
            forgotten.append(places.remove(at: oldest).id)
        }
        return forgotten
    }
}
