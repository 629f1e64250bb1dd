/// What somebody may ask the server to do. The permission of each is said here and nowhere else: routes, pages and the
/// control plane all ask this.
public enum Operation: String, Sendable, CaseIterable {
    case callModel, labelAnswer, useSession
    case readRegistry, replayRequest, renderPrompt, readTexts, cancelReading, labelAnyAnswer, runUnreleased
    case uploadFile, applyDocuments, publishVersion, pushPrompt, makeRelease, importTraffic, freezeTraffic, runCanary,
        runEvaluation, cancelCanary, cancelEvaluation, runDrift
    case cancelForOthers, promote, rollBack, liftHold, liftQuarantine, noteIncident, closeIncident, setDriftReference
    case overridePolicy, changeDocument, cancelAnyReading, readKeys, makeKey, revokeKey

    /// What a key must have for it.
    public var permission: Permission {
        switch self {
        case .callModel, .labelAnswer, .useSession: .call
        case .readRegistry, .replayRequest, .renderPrompt, .readTexts, .cancelReading, .labelAnyAnswer, .runUnreleased:
            .read
        case .uploadFile, .applyDocuments, .publishVersion, .pushPrompt, .makeRelease, .importTraffic, .freezeTraffic,
            .runCanary, .runEvaluation, .cancelCanary, .cancelEvaluation, .runDrift:
            .publish
        case .cancelForOthers, .promote, .rollBack, .liftHold, .liftQuarantine, .noteIncident, .closeIncident,
            .setDriftReference:
            .deploy
        case .overridePolicy, .changeDocument, .cancelAnyReading, .readKeys, .makeKey, .revokeKey: .administer
        }
    }

    /// What it takes besides where the thing is another key's; nil where it concerns nobody's thing, or only one's own can
    /// be named.
    public var onThingsOfOthers: Operation? {
        switch self {
        case .labelAnswer: .labelAnyAnswer
        case .cancelCanary, .cancelEvaluation: .cancelForOthers
        case .cancelReading: .cancelAnyReading
        case .callModel, .useSession, .readRegistry, .replayRequest, .renderPrompt, .readTexts, .labelAnyAnswer,
            .runUnreleased, .uploadFile, .applyDocuments, .publishVersion, .pushPrompt, .makeRelease, .importTraffic,
            .freezeTraffic, .runCanary, .runEvaluation, .runDrift, .cancelForOthers, .promote, .rollBack, .liftHold,
            .liftQuarantine, .noteIncident, .closeIncident, .setDriftReference, .overridePolicy, .changeDocument,
            .cancelAnyReading,
            .readKeys, .makeKey, .revokeKey:
            nil
        }
    }

    /// What it takes besides for some of what it can be asked for; none where its own permission is enough.
    public var forSome: [Operation] {
        switch self {
        case .callModel: [.runUnreleased]
        case .promote: [.overridePolicy]
        case .applyDocuments: [.changeDocument]
        default: []
        }
    }

    /// The operation in words, after "may not".
    public var words: String {
        switch self {
        case .callModel: "call models"
        case .labelAnswer: "label answers to its own requests"
        case .labelAnyAnswer: "label answers to requests of other keys"
        case .useSession: "log in with a browser"
        case .readRegistry: "read the registry"
        case .replayRequest: "answer captured requests again"
        case .renderPrompt: "render prompts"
        case .readTexts: "have models read texts"
        case .cancelReading: "cancel readings"
        case .cancelAnyReading: "cancel readings that only others asked for"
        case .runUnreleased: "run what was never live in a channel"
        case .uploadFile: "upload files"
        // What a document of each kind needs besides is asked when it is known which would change.
        case .applyDocuments: "apply documents"
        case .publishVersion: "publish"
        case .pushPrompt: "push prompts"
        case .makeRelease: "make a release"
        case .importTraffic: "import traffic"
        case .freezeTraffic: "freeze traffic"
        case .runCanary: "run canaries"
        case .runEvaluation: "run evaluations"
        case .cancelCanary: "cancel canaries"
        case .cancelEvaluation: "cancel evaluations"
        case .cancelForOthers: "cancel what others asked for"
        case .runDrift: "run drift reports"
        case .promote: "promote"
        case .rollBack: "roll back"
        case .liftHold: "lift holds"
        case .liftQuarantine: "have quarantined weights loaded again"
        case .noteIncident: "write to incidents"
        case .closeIncident: "close incidents"
        case .setDriftReference: "set references for drift"
        case .overridePolicy: "override a policy"
        case .changeDocument: "change policies, canaries and SLOs"
        case .readKeys: "read the list of keys"
        case .makeKey: "make keys"
        case .revokeKey: "revoke keys"
        }
    }
}
