public import Digests
public import RegistryTypes

/// The only place that knows the addresses of the HTTP interface; the server registers them, the client asks for them.
///
/// Names, numbers and digests need no escaping in a path. `route` gives the pattern the router matches.
public enum APIPath {
    /// What every address starts with.
    public static let prefix = "/api/v1"

    /// An address, as a pattern such as `/api/v1/models/{model}` and filled in.
    public struct Address: Hashable, Sendable {
        /// The pattern for the router.
        public let route: String
        /// The address with its parts filled in.
        public let path: String

        init(_ parts: Part...) {
            func join(_ text: (Part) -> String) -> String {
                prefix + parts.map { "/" + text($0) }.joined()
            }
            route = join(\.route)
            path = join(\.path)
        }
    }

    enum Part {
        case fixed(String)
        case variable(String, String)

        var route: String {
            switch self {
            case .fixed(let text): text
            case .variable(let name, _): "{\(name)}"
            }
        }

        var path: String {
            switch self {
            case .fixed(let text): text
            case .variable(_, let value): value
            }
        }
    }

    // MARK: Keys
    /// Who the caller is.
    public static let whoAmI = Address(.fixed("whoami"))
    /// The keys; POST makes one.
    public static let keys = Address(.fixed("keys"))
    /// Revokes a key by POST.
    public static func revokeKey(_ name: Name) -> Address {
        Address(.fixed("keys"), .variable("key", name.text), .fixed("revoke"))
    }
    /// Makes a one-time link by POST.
    public static let loginLinks = Address(.fixed("login-links"))

    // MARK: Quarantine
    /// Weights that are not loaded any more.
    public static let quarantine = Address(.fixed("quarantine"))
    /// Has them loaded again by POST.
    public static let liftQuarantine = Address(.fixed("quarantine"), .fixed("lift"))

    // MARK: Blobs
    /// Asks by POST which blobs are missing.
    public static let missingBlobs = Address(.fixed("blobs"), .fixed("missing"))
    /// A blob: GET, or PUT with `?size=&offset=`.
    public static func blob(_ digest: Digest) -> Address {
        Address(.fixed("blobs"), .variable("digest", digest.description))
    }

    // MARK: Models and releases
    /// The models.
    public static let models = Address(.fixed("models"))
    /// A model.
    public static func model(_ model: Name) -> Address { Address(.fixed("models"), .variable("model", model.text)) }
    /// The versions of a model; POST publishes one.
    public static func versions(_ model: Name) -> Address {
        Address(.fixed("models"), .variable("model", model.text), .fixed("versions"))
    }
    /// A version.
    public static func version(_ version: VersionID) -> Address {
        Address(
            .fixed("models"),
            .variable("model", version.name.text),
            .fixed("versions"),
            .variable("number", String(version.number))
        )
    }
    /// What the model file of a version says of itself.
    public static func inspection(_ version: VersionID) -> Address {
        Address(
            .fixed("models"),
            .variable("model", version.name.text),
            .fixed("versions"),
            .variable("number", String(version.number)),
            .fixed("inspection")
        )
    }
    /// A text in the tokens of a version, by POST.
    public static func tokens(_ version: VersionID) -> Address {
        Address(
            .fixed("models"),
            .variable("model", version.name.text),
            .fixed("versions"),
            .variable("number", String(version.number)),
            .fixed("tokens")
        )
    }
    /// Asks by POST for texts to be read token by token.
    public static let readings = Address(.fixed("readings"))
    /// A reading: how far it is, or what came of it.
    public static func reading(_ id: String) -> Address { Address(.fixed("readings"), .variable("reading", id)) }
    /// Ends a reading by POST.
    public static func cancelReading(_ id: String) -> Address {
        Address(.fixed("readings"), .variable("reading", id), .fixed("cancel"))
    }
    /// The releases of a model.
    public static func releases(_ model: Name) -> Address {
        Address(.fixed("models"), .variable("model", model.text), .fixed("releases"))
    }
    /// A release.
    public static func release(_ release: ReleaseID) -> Address {
        Address(
            .fixed("models"),
            .variable("model", release.model.text),
            .fixed("releases"),
            .variable("number", String(release.number))
        )
    }
    /// Moves a channel by POST.
    public static func promote(_ model: Name, _ channel: Name) -> Address {
        Address(
            .fixed("models"),
            .variable("model", model.text),
            .fixed("channels"),
            .variable("channel", channel.text),
            .fixed("promote")
        )
    }
    /// Takes a channel back by POST.
    public static func rollback(_ model: Name, _ channel: Name) -> Address {
        Address(
            .fixed("models"),
            .variable("model", model.text),
            .fixed("channels"),
            .variable("channel", channel.text),
            .fixed("rollback")
        )
    }
    /// What a reference means now: `?ref=`.
    public static let resolve = Address(.fixed("resolve"))
    /// Two things compared: `?left=&right=`.
    public static let difference = Address(.fixed("diff"))

    // MARK: Prompts
    /// The prompts; POST pushes a version.
    public static let prompts = Address(.fixed("prompts"))
    /// A prompt.
    public static func prompt(_ name: Name) -> Address { Address(.fixed("prompts"), .variable("prompt", name.text)) }
    /// Two versions of a prompt compared: `?from=&to=`.
    public static func promptDiff(_ name: Name) -> Address {
        Address(.fixed("prompts"), .variable("prompt", name.text), .fixed("diff"))
    }

    /// A prompt as a model reads it, by POST; nothing runs.
    public static let render = Address(.fixed("render"))

    // MARK: Evidence
    /// The traffic sets.
    public static let trafficSets = Address(.fixed("traffic"))
    /// A traffic set; POST freezes one.
    public static func traffic(_ name: Name) -> Address { Address(.fixed("traffic"), .variable("traffic", name.text)) }
    /// The evaluations: `?model=&before=&limit=`; POST asks for one.
    public static let evaluations = Address(.fixed("evaluations"))
    /// A running or finished evaluation by its number, such as `e-51`.
    public static func evaluation(_ id: String) -> Address {
        Address(.fixed("evaluations"), .variable("evaluation", id))
    }
    /// Ends a running or waiting evaluation by POST; again, it changes nothing.
    public static func cancelEvaluation(_ id: EvaluationID) -> Address {
        Address(.fixed("evaluations"), .variable("evaluation", id.description), .fixed("cancel"))
    }
    /// The canaries: `?model=&before=&limit=`; POST asks for one.
    public static let canaries = Address(.fixed("canaries"))
    /// What a canary that is asked for would need, by POST; it changes nothing.
    public static let canaryPlan = Address(.fixed("canaries"), .fixed("plan"))
    /// A canary.
    public static func canary(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description))
    }
    /// The stored pairs of a canary: `?only=&after=&limit=`.
    public static func canarySamples(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("samples"))
    }
    /// The report of a canary as one file of HTML that needs nothing else.
    public static func canaryReport(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("report"))
    }
    /// Judges the stored pairs of a canary again by POST; nothing is changed.
    public static func recomputeCanary(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("recompute"))
    }
    /// Judges an old canary under another policy or document by POST; nothing is changed.
    public static func tryOnCanary(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("try"))
    }
    /// Adds requests to a canary that did not decide by POST: a new one, which takes over its pairs.
    public static func extendCanary(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("extend"))
    }
    /// Ends a running or waiting canary by POST; again, it changes nothing.
    public static func cancelCanary(_ id: CanaryID) -> Address {
        Address(.fixed("canaries"), .variable("canary", id.description), .fixed("cancel"))
    }

    // MARK: Documents and decisions
    /// Makes the server agree with files by POST.
    public static let apply = Address(.fixed("apply"))
    /// The policies.
    public static let policies = Address(.fixed("policies"))
    /// A policy.
    public static func policy(_ name: Name) -> Address { Address(.fixed("policies"), .variable("policy", name.text)) }
    /// Asks by POST what a policy says.
    public static let explain = Address(.fixed("explain"))
    /// The decisions: `?model=&before=&limit=`.
    public static let decisions = Address(.fixed("decisions"))
    /// A decision.
    public static func decision(_ id: DecisionID) -> Address {
        Address(.fixed("decisions"), .variable("decision", id.description))
    }

    // MARK: Chat, status and the log
    /// One request to a model by POST.
    public static let chat = Address(.fixed("chat"))
    /// What is live, what runs, what moved.
    public static let status = Address(.fixed("status"))
    /// What was live at a moment: `?at=&model=`.
    public static let pastStatus = Address(.fixed("status"), .fixed("at"))
    /// The log: `?before=&limit=&kind=&subject=`.
    public static let audit = Address(.fixed("audit"))
    /// Whether the log is whole.
    public static let auditVerify = Address(.fixed("audit"), .fixed("verify"))

    // MARK: Captured requests
    /// The captured requests: `?model=&release=&arm=&outcome=&labelled=&correct=&since=&until=&before=&limit=`.
    public static let requests = Address(.fixed("requests"))
    /// A captured request.
    public static func request(_ id: RequestID) -> Address {
        Address(.fixed("requests"), .variable("request", id.text))
    }
    /// Labels a captured request by POST.
    public static func labels(_ id: RequestID) -> Address {
        Address(.fixed("requests"), .variable("request", id.text), .fixed("labels"))
    }
    /// Answers a captured request again by POST.
    public static func replay(_ id: RequestID) -> Address {
        Address(.fixed("requests"), .variable("request", id.text), .fixed("replay"))
    }
    /// Freezes captured requests as a traffic set by POST.
    public static func freeze(_ name: Name) -> Address {
        Address(.fixed("traffic"), .variable("traffic", name.text), .fixed("freeze"))
    }
    /// How the capture stands.
    public static let capture = Address(.fixed("capture"))

    // MARK: Service levels
    /// The SLOs with how they stand, the most urgent first: `?model=&before=&limit=`.
    public static let slos = Address(.fixed("slos"))
    /// An SLO: `?model=` where it is about several.
    public static func slo(_ name: Name) -> Address { Address(.fixed("slos"), .variable("slo", name.text)) }

    // MARK: Rollouts
    /// The rollouts: `?model=&before=&limit=`.
    public static let rollouts = Address(.fixed("rollouts"))
    /// A rollout.
    public static func rollout(_ id: RolloutID) -> Address {
        Address(.fixed("rollouts"), .variable("rollout", id.description))
    }
    /// Lifts the hold on a channel by POST.
    public static func resume(_ model: Name, _ channel: Name) -> Address {
        Address(
            .fixed("models"),
            .variable("model", model.text),
            .fixed("channels"),
            .variable("channel", channel.text),
            .fixed("resume")
        )
    }

    // MARK: Incidents
    /// The incidents: `?model=&open=&before=&limit=`.
    public static let incidents = Address(.fixed("incidents"))
    /// An incident.
    public static func incident(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description))
    }
    /// Adds a remark to an incident by POST.
    public static func incidentNotes(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description), .fixed("notes"))
    }
    /// Closes an incident by POST.
    public static func closeIncident(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description), .fixed("close"))
    }

    // MARK: Drift
    /// The drift reports: `?model=&before=&limit=`; POST asks for one.
    public static let driftReports = Address(.fixed("drift"))
    /// A drift report.
    public static func drift(_ id: DriftID) -> Address {
        Address(.fixed("drift"), .variable("drift", id.description))
    }
    /// The references that drift is measured against: `?model=&before=&limit=`; POST sets one.
    public static let baselines = Address(.fixed("baselines"))
    /// What a person on call needs first.
    public static let onCall = Address(.fixed("oncall"))
}
