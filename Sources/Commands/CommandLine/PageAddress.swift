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
    static let audit = "/audit"
}
