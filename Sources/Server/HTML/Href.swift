import RegistryTypes

/// The addresses of the pages: the only place that writes them. Permanent and readable.
enum Href {
    static func model(_ model: Name) -> String { "/models/\(part(model))" }
    static func version(_ version: VersionID) -> String { "\(model(version.name))/versions/\(version.number)" }
    static func release(_ release: ReleaseID) -> String { "\(model(release.model))/releases/\(release.number)" }
    static func channel(_ name: Name, of model: Name) -> String { "\(self.model(model))/channels/\(part(name))" }
    static func promote(_ release: ReleaseID, to channel: Name) -> String {
        "\(self.channel(channel, of: release.model))/promote?ref=\(release)"
    }
    static func promote(_ version: VersionID, to channel: Name) -> String {
        "\(self.channel(channel, of: version.name))/promote?ref=\(version)"
    }
    static func rollback(_ channel: Name, of model: Name) -> String { "\(self.channel(channel, of: model))/rollback" }
    static func prompt(_ prompt: Name) -> String { "/prompts/\(part(prompt))" }
    static func promptDiff(_ prompt: Name, from: Int, to: Int) -> String {
        "\(self.prompt(prompt))/diff?from=\(from)&to=\(to)"
    }
    static func canary(_ canary: CanaryID) -> String { "/canaries/\(canary)" }
    static func canaries(of model: Name) -> String { "/canaries?model=\(part(model))" }
    static func policy(_ policy: Name) -> String { "/policies/\(part(policy))" }
    static func decision(_ decision: DecisionID) -> String { "/decisions/\(decision)" }
    static func traffic(_ traffic: Name) -> String { "/traffic/\(part(traffic))" }
    static func evaluation(_ evaluation: EvaluationID) -> String { "/evaluations/\(evaluation)" }
    static func resume(_ channel: Name, of model: Name) -> String { "\(self.channel(channel, of: model))/resume" }
    static func request(_ request: RequestID) -> String { "/requests/\(request.text)" }
    static func requests(of model: Name) -> String { "/requests?model=\(part(model))" }
    static func slo(_ slo: Name, of model: Name) -> String { "/slos/\(part(slo))?model=\(part(model))" }
    static func slos(of model: Name) -> String { "/slos?model=\(part(model))" }
    static func rollout(_ rollout: RolloutID) -> String { "/rollouts/\(rollout)" }
    static func rollouts(of model: Name) -> String { "/rollouts?model=\(part(model))" }
    static func incident(_ incident: IncidentID) -> String { "/incidents/\(incident)" }
    static func drift(_ drift: DriftID) -> String { "/drift/\(drift)" }

    /// The JSON representation of the page at `path`, which may carry a query.
    static func json(of path: String) -> String {
        let bytes = path.utf8
        let end = bytes.firstIndex(of: 0x3f) ?? bytes.endIndex
        return String(path[..<end]) + ".json" + String(path[end...])
    }

    /// The address `path` with the fields that have a value.
    static func query(_ path: String, _ fields: [(name: String, value: String?)]) -> String {
        let parts = fields.compactMap { field in field.value.map { "\(field.name)=\(encoded($0))" } }
        return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    }

    /// Percent-encoding of everything that is not plainly safe in a query.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x40, 0x3a:
                String(UnicodeScalar(byte))
            default:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// A name needs no escaping, except that one ending in `.json` must not be taken for a twin.
    private static func part(_ name: Name) -> String {
        let suffix = ".json"
        guard name.text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else { return name.text }
        return name.text.dropLast(suffix.utf8.count) + "%2Ejson"
    }
}
