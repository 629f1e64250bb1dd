public import RegistryTypes

/// Why a policy cannot be asked.
public enum PolicyRulesError: Error, Equatable, Sendable {
    /// Two policies are for the same channel and model, equally narrowly.
    case ambiguous(Name, Name, channel: Name, model: Name)
    /// An override without a reason, or by nobody.
    case overrideWithoutReason
}

extension PolicyRulesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ambiguous(let first, let second, let channel, let model):
            "policies \(first) and \(second) are equally narrow for \(model) in \(channel): "
                + "name the model in one of them, or change its channel"
        case .overrideWithoutReason:
            "an override needs a reason: say why with --reason"
        }
    }
}
