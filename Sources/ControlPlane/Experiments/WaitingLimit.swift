import RegistryTypes
import Wording

/// How many jobs of a kind may run or wait: of all, and of one key, so that nobody fills the queue for everybody.
struct WaitingLimit {
    /// What they are called.
    let kind: String
    /// Of all keys together.
    let ofAll: Int
    /// Of one key.
    let ofOne: Int
    /// Where they are listed.
    let list: NextStep

    /// Replay canaries.
    static let canaries = WaitingLimit(kind: "canaries", ofAll: 50, ofOne: 25, list: .canaryList())
    /// Evaluations.
    static let evaluations = WaitingLimit(kind: "evaluations", ofAll: 50, ofOne: 25, list: .evaluationList())

    /// Refuses another one of `caller` beside those that `owners` asked for.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `unavailable`.
    func require(_ owners: [String], _ caller: Caller) throws(ControlPlaneError) {
        let own = owners.count { $0.utf8.elementsEqual(caller.name.text.utf8) }
        guard owners.count >= ofAll || own >= ofOne else { return }
        throw ControlPlaneError(
            .unavailable,
            "too many \(kind) are waiting",
            why: own >= ofOne
                ? "\(own) of \(caller.name) run or wait already, and one key may have \(ofOne) of the \(ofAll)"
                : "\(ofAll) run or wait already, one after another",
            next: "wait for some of them: \(list)"
        )
    }
}
