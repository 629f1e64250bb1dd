import RegistryRecords
import RegistryTypes
import UserDocuments

/// What the facts say about one requirement, before anybody asks what that means for the move.
struct Finding: Equatable {
    /// How the facts compare with the requirement.
    enum State: Equatable {
        /// There, and good enough.
        case met
        /// There, and not good enough.
        case unmet
        /// There, and too little to say.
        case undecided
        /// Not there, or too old to count.
        case missing
        /// There is nothing to ask.
        case notApplicable
    }

    var state: State
    var required: String
    var found: String
    var remedy: String?
    var evidence: [String] = []

    /// What this means for a gate of `level`, where missing evidence means `onMissing`.
    func result(
        id: Name,
        type: String,
        level: Gate.Level,
        onMissing: OnMissing,
        isOverridden: Bool
    ) -> GateResult {
        let isMet = state == .met || state == .notApplicable
        let isLetThrough = state == .missing && onMissing == .allow && level != .mandatory
        let wouldBlock = !isMet && !isLetThrough && level != .advisory
        let isOverriddenHere = wouldBlock && isOverridden && level == .overridable
        return GateResult(
            id: id,
            type: type,
            level: level,
            state: isOverriddenHere ? .overridden : gateState(onMissing),
            required: required,
            found: found,
            remedy: isMet ? nil : remedy,
            evidence: evidence,
            blocks: wouldBlock && !isOverriddenHere
        )
    }

    private func gateState(_ onMissing: OnMissing) -> GateState {
        switch state {
        case .met: .pass
        case .unmet: .fail
        case .undecided: .unknown
        case .missing: onMissing == .defer ? .waiting : .unknown
        case .notApplicable: .notApplicable
        }
    }
}
