import RegistryTypes

/// The addresses of the pages, for "report: …" lines and `serin open`.
enum PageAddress {
    static let overview = "/"

    static func model(_ model: Name) -> String { "/models/\(model)" }
    static func version(_ version: VersionID) -> String { "/models/\(version.name)/versions/\(version.number)" }
    static func release(_ release: ReleaseID) -> String { "/models/\(release.model)/releases/\(release.number)" }
    static func prompt(_ prompt: Name) -> String { "/prompts/\(prompt)" }
    static func promptDiff(_ prompt: Name, _ from: Int, _ to: Int) -> String {
        "/prompts/\(prompt)/diff?from=\(from)&to=\(to)"
    }
    static func canary(_ canary: CanaryID) -> String { "/canaries/\(canary)" }
    static func evaluation(_ evaluation: EvaluationID) -> String { "/evaluations/\(evaluation)" }
    static func policy(_ policy: Name) -> String { "/policies/\(policy)" }
    static func decision(_ decision: DecisionID) -> String { "/decisions/\(decision)" }
    static func traffic(_ traffic: Name) -> String { "/traffic/\(traffic)" }
    static func request(_ request: RequestID) -> String { "/requests/\(request.text)" }
    static func slo(_ slo: Name, of model: Name?) -> String { "/slos/\(slo)" + (model.map { "?model=\($0)" } ?? "") }
    static func slos(of model: Name?) -> String { "/slos" + (model.map { "?model=\($0)" } ?? "") }
    static func rollout(_ rollout: RolloutID) -> String { "/rollouts/\(rollout)" }
    static func incident(_ incident: IncidentID) -> String { "/incidents/\(incident)" }
    static func drift(_ drift: DriftID) -> String { "/drift/\(drift)" }
    static let requests = "/requests"
    static let rollouts = "/rollouts"
    static let incidents = "/incidents"
    static let drifts = "/drift"
    static let audit = "/audit"
}
