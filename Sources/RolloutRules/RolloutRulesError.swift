public import RegistryTypes

/// What is wrong with a stored watch.
public enum RolloutRulesError: Error, Equatable, Sendable {
    /// The bytes are not a stored watch.
    case unreadableCheckpoint(RolloutID)
    /// The stored watch is of another rollout, or of one with another policy.
    case foreignCheckpoint(RolloutID)
}

extension RolloutRulesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadableCheckpoint(let id):
            "stored watch of rollout \(id) cannot be read: the watch begins again with what the log knows"
        case .foreignCheckpoint(let id):
            "stored watch is not of rollout \(id) as the log has it: the watch begins again with what the log knows"
        }
    }
}
