public import Digests
public import RegistryTypes

/// The address of a page: what the server registers, what pages link to and what the command line prints.
///
/// Each page has its JSON representation at the same address with `.json` behind the path. A path that itself ends so,
/// because a thing is named `foo.json`, is written `foo%2Ejson`: it opens the page of that thing, and
/// `foo%2Ejson.json` (or plainly `foo.json.json`) is its representation.
public enum PagePath: Hashable, Sendable {
    // MARK: The whole, and who looks
    case overview
    case onCall
    case login
    /// Ends a session by POST.
    case logout

    // MARK: Models
    case models
    case model(Name)
    case version(VersionID)
    case release(ReleaseID)
    /// Asks before a channel moves, then moves it by POST.
    case promote(Reference?, channel: Name, model: Name)
    /// Asks before a channel is taken back, then takes it back by POST.
    case rollback(channel: Name, model: Name)
    /// Asks before a hold is lifted, then lifts it by POST.
    case resume(channel: Name, model: Name)
    /// The bytes of a blob, as a file.
    case blob(Digest)

    // MARK: Prompts
    case prompts
    case prompt(Name)
    case promptDiff(Name, from: Int, to: Int)

    // MARK: Evidence
    case canaries(of: Name?)
    case canary(CanaryID)
    /// The stored pairs of a canary, all or those of a filter.
    case canarySamples(CanaryID, only: String?)
    case evaluation(EvaluationID)
    /// An evaluation that has no number yet.
    case evaluationJob(String)
    /// The traffic sets; POST freezes captured requests.
    case trafficSets
    case traffic(Name)

    /// A text read by one model, or by two in step.
    case reading(String)
    /// Asks for a comparison by POST.
    case readings

    // MARK: Policies and the log
    case policies
    case policy(Name)
    case decision(DecisionID)
    case audit

    // MARK: Captured requests
    case requests(of: Name?)
    case request(RequestID)
    /// Says by POST whether an answer was right.
    case labels(RequestID)
    /// Answers a request again by POST.
    case replay(RequestID)

    // MARK: Service levels, rollouts, incidents
    case slos(of: Name?)
    case slo(Name, of: Name?)
    case rollouts(of: Name?)
    case rollout(RolloutID)
    case incidents(of: Name?)
    case incident(IncidentID)
    /// Adds a remark to an incident by POST.
    case incidentNotes(IncidentID)
    /// Closes an incident by POST.
    case closeIncident(IncidentID)
    /// The form that ends a canary.
    case cancelCanary(CanaryID)
    /// The form that ends an evaluation.
    case cancelEvaluation(EvaluationID)

    // MARK: Drift
    /// The drift reports; POST asks for one.
    case drifts(of: Name?)
    case drift(DriftID)
    /// Makes a window that is named by its ends the reference, by POST.
    case baselines
    /// Makes the window of a report the reference, by POST.
    case driftBaseline(DriftID)

    /// What the server registers: an address with its open parts by name.
    public enum Route: String, CaseIterable, Sendable {
        case overview = "/"
        case onCall = "/oncall"
        case login = "/login"
        case logout = "/logout"
        case models = "/models"
        case model = "/models/{model}"
        case version = "/models/{model}/versions/{number}"
        case release = "/models/{model}/releases/{number}"
        case promote = "/models/{model}/channels/{channel}/promote"
        case rollback = "/models/{model}/channels/{channel}/rollback"
        case resume = "/models/{model}/channels/{channel}/resume"
        case blob = "/blobs/{digest}"
        case prompts = "/prompts"
        case prompt = "/prompts/{prompt}"
        case promptDiff = "/prompts/{prompt}/diff"
        case canaries = "/canaries"
        case canary = "/canaries/{canary}"
        case canarySamples = "/canaries/{canary}/samples"
        case evaluation = "/evaluations/{evaluation}"
        case cancelCanary = "/canaries/{canary}/cancel"
        case cancelEvaluation = "/evaluations/{evaluation}/cancel"
        case trafficSets = "/traffic"
        case traffic = "/traffic/{traffic}"
        case readings = "/readings"
        case reading = "/readings/{reading}"
        case policies = "/policies"
        case policy = "/policies/{policy}"
        case decision = "/decisions/{decision}"
        case audit = "/audit"
        case requests = "/requests"
        case request = "/requests/{request}"
        case labels = "/requests/{request}/labels"
        case replay = "/requests/{request}/replay"
        case slos = "/slos"
        case slo = "/slos/{slo}"
        case rollouts = "/rollouts"
        case rollout = "/rollouts/{rollout}"
        case incidents = "/incidents"
        case incident = "/incidents/{incident}"
        case incidentNotes = "/incidents/{incident}/notes"
        case closeIncident = "/incidents/{incident}/close"
        case drifts = "/drift"
        case drift = "/drift/{drift}"
        case baselines = "/drift/baselines"
        case driftBaseline = "/drift/{drift}/baseline"
    }

    /// A field of a query; one without a value is left out.
    public typealias Field = (name: String, value: String?)

    /// The pattern that the address fits.
    public var route: Route { parts.route }

    /// The address: path and query, as it stands in a link.
    public var path: String { with([]) }

    /// The address of the page's JSON representation.
    public var json: String { PagePath.json(of: path) }

    /// The address with further fields in its query.
    public func with(_ fields: [Field]) -> String {
        let (route, values, query) = parts
        var rest = values[...]
        let segments = route.rawValue.utf8.split(separator: 0x2f).map { segment in
            segment.first == UInt8(ascii: "{") ? rest.popFirst() ?? "" : String(decoding: Array(segment), as: UTF8.self)
        }
        let path = PagePath.escaped("/" + segments.joined(separator: "/"))
        let given = (query + fields).compactMap { field in
            field.value.map { "\(field.name)=\(PagePath.encoded($0))" }
        }
        return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
    }

    /// The pattern, the values of its open parts in order, and the query. Values need no escaping: they are names,
    /// numbers and digests.
    private var parts: (route: Route, values: [String], query: [Field]) {
        switch self {
        case .overview: (.overview, [], [])
        case .onCall: (.onCall, [], [])
        case .login: (.login, [], [])
        case .logout: (.logout, [], [])
        case .models: (.models, [], [])
        case .model(let model): (.model, [model.text], [])
        case .version(let version): (.version, [version.name.text, String(version.number)], [])
        case .release(let release): (.release, [release.model.text, String(release.number)], [])
        case .promote(let reference, let channel, let model):
            (.promote, [model.text, channel.text], [("ref", reference?.description)])
        case .rollback(let channel, let model): (.rollback, [model.text, channel.text], [])
        case .resume(let channel, let model): (.resume, [model.text, channel.text], [])
        case .blob(let digest): (.blob, [digest.description], [])
        case .prompts: (.prompts, [], [])
        case .prompt(let prompt): (.prompt, [prompt.text], [])
        case .promptDiff(let prompt, let from, let to):
            (.promptDiff, [prompt.text], [("from", String(from)), ("to", String(to))])
        case .canaries(let model): (.canaries, [], [("model", model?.text)])
        case .canary(let canary): (.canary, [canary.description], [])
        case .canarySamples(let canary, let only): (.canarySamples, [canary.description], [("only", only)])
        case .evaluation(let evaluation): (.evaluation, [evaluation.description], [])
        case .evaluationJob(let job): (.evaluation, [PagePath.encoded(job)], [])
        case .trafficSets: (.trafficSets, [], [])
        case .traffic(let traffic): (.traffic, [traffic.text], [])
        case .readings: (.readings, [], [])
        case .reading(let reading): (.reading, [PagePath.encoded(reading)], [])
        case .policies: (.policies, [], [])
        case .policy(let policy): (.policy, [policy.text], [])
        case .decision(let decision): (.decision, [decision.description], [])
        case .audit: (.audit, [], [])
        case .requests(let model): (.requests, [], [("model", model?.text)])
        case .request(let request): (.request, [request.text], [])
        case .labels(let request): (.labels, [request.text], [])
        case .replay(let request): (.replay, [request.text], [])
        case .slos(let model): (.slos, [], [("model", model?.text)])
        case .slo(let slo, let model): (.slo, [slo.text], [("model", model?.text)])
        case .rollouts(let model): (.rollouts, [], [("model", model?.text)])
        case .rollout(let rollout): (.rollout, [rollout.description], [])
        case .incidents(let model): (.incidents, [], [("model", model?.text)])
        case .incident(let incident): (.incident, [incident.description], [])
        case .incidentNotes(let incident): (.incidentNotes, [incident.description], [])
        case .cancelCanary(let canary): (.cancelCanary, [canary.description], [])
        case .cancelEvaluation(let evaluation): (.cancelEvaluation, [evaluation.description], [])
        case .closeIncident(let incident): (.closeIncident, [incident.description], [])
        case .drifts(let model): (.drifts, [], [("model", model?.text)])
        case .drift(let drift): (.drift, [drift.description], [])
        case .baselines: (.baselines, [], [])
        case .driftBaseline(let drift): (.driftBaseline, [drift.description], [])
        }
    }
}

// MARK: - JSON representations

extension PagePath {
    private static let suffix = ".json"

    /// The JSON representation of the page at `path`, which may carry a query.
    public static func json(of path: String) -> String {
        let (path, query) = cut(path)
        return path + suffix + query
    }

    /// The path of the page whose JSON representation is at `path`, without a query; nil when it is one of a page.
    public static func page(ofJSON path: String) -> String? {
        guard path.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else { return nil }
        return String(decoding: path.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    }

    /// The address `path` so that it cannot be taken for a JSON representation.
    public static func escaped(_ path: String) -> String {
        let (path, query) = cut(path)
        return (page(ofJSON: path).map { $0 + "%2Ejson" } ?? path) + query
    }

    /// The path, and the query with its question mark.
    private static func cut(_ path: String) -> (path: String, query: String) {
        let end = path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? path.utf8.endIndex
        return (String(path[..<end]), String(path[end...]))
    }

    /// Percent-encoding of everything that is not plainly safe in a query.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x40, 0x3a:
                String(UnicodeScalar(byte))
            default:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
