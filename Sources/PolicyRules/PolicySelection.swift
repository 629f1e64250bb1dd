public import RegistryRecords
public import RegistryTypes
import UserDocuments

/// Finds the one policy that decides about a model in a channel.
public enum PolicySelection {
    /// The narrowest of `policies` for `model` in `channel`: an exact name beats any glob, a longer glob a shorter one.
    /// Nil when none is for them; then nothing may move.
    ///
    /// - Throws: ``PolicyRulesError/ambiguous(_:_:channel:model:)`` when two are equally narrow.
    public static func select(
        from policies: [PolicyRevision],
        model: Name,
        channel: Name
    ) throws(PolicyRulesError) -> PolicyRevision? {
        var best: [(policy: PolicyRevision, specificity: Int)] = []
        for policy in policies where policy.document.scope.channel == channel {
            guard let specificity = policy.document.scope.specificity(for: model) else { continue }
            if specificity > best.first?.specificity ?? -1 {
                best = [(policy, specificity)]
            } else if specificity == best.first?.specificity {
                best.append((policy, specificity))
            }
        }
        let names = best.map(\.policy.document.name).sorted()
        guard names.count <= 1 else {
            throw .ambiguous(names[0], names[1], channel: channel, model: model)
        }
        return best.first?.policy
    }
}
