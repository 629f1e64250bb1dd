/// What somebody may ask the server to do. The permission of each is said here and nowhere else: routes and the control
/// plane both ask this.
public enum Operation: String, Sendable, CaseIterable {
    case callModel, labelAnswer
    case readRegistry, replayRequest
    case publishVersion, pushPrompt, makeRelease, importTraffic, freezeTraffic, runCanary, runEvaluation, runDrift
    case promote, rollBack, liftHold, noteIncident, closeIncident, setDriftReference
    case overridePolicy, changeDocument, makeKey, revokeKey

    /// What a key must have for it.
    public var permission: Permission {
        switch self {
        case .callModel, .labelAnswer: .call
        case .readRegistry, .replayRequest: .read
        case .publishVersion, .pushPrompt, .makeRelease, .importTraffic, .freezeTraffic, .runCanary, .runEvaluation,
            .runDrift:
            .publish
        case .promote, .rollBack, .liftHold, .noteIncident, .closeIncident, .setDriftReference: .deploy
        case .overridePolicy, .changeDocument, .makeKey, .revokeKey: .administer
        }
    }

    /// The operation in words, after "may not".
    public var words: String {
        switch self {
        case .callModel: "call models"
        case .labelAnswer: "label answers"
        case .readRegistry: "read the registry"
        case .replayRequest: "answer captured requests again"
        case .publishVersion: "publish"
        case .pushPrompt: "push prompts"
        case .makeRelease: "make a release"
        case .importTraffic: "import traffic"
        case .freezeTraffic: "freeze traffic"
        case .runCanary: "run canaries"
        case .runEvaluation: "run evaluations"
        case .runDrift: "run drift reports"
        case .promote: "promote"
        case .rollBack: "roll back"
        case .liftHold: "lift holds"
        case .noteIncident: "write to incidents"
        case .closeIncident: "close incidents"
        case .setDriftReference: "set references for drift"
        case .overridePolicy: "override a policy"
        case .changeDocument: "change policies, canaries and SLOs"
        case .makeKey: "make keys"
        case .revokeKey: "revoke keys"
        }
    }
}
