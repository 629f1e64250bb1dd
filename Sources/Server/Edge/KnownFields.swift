import Pages
import RegistryTypes
import WireFormat
import Wording

/// The fields that each address takes in its query, or in its form: one table. An address that is not here takes none. A
/// field that is not known is refused by its name: one that is misspelt and ignored would widen what was asked for.
struct KnownFields: Sendable {
    private let fields: [String: [String]]

    /// What every page takes: whether it loads itself again.
    private static let page = ["live"]
    /// What the lists take from the end that was seen last.
    private static let parts = ["before", "limit"]
    /// What the lists by name take.
    private static let named = ["after", "prefix"]
    /// What the events of the log are chosen by.
    private static let log = ["kind", "subject", "who", "since", "until"]

    init() throws(RegistryTypesError) {
        let any = try AnyParts(), model = ["model"]
        let api: [(String, APIPath.Address, [String])] = [
            ("PUT", APIPath.blob(any.digest), ["size", "offset"]), ("GET", APIPath.resolve, ["ref"]),
            ("GET", APIPath.difference, ["left", "right"]), ("GET", APIPath.promptDiff(any.name), ["from", "to"]),
            ("GET", APIPath.requests, ["model", "since", "until"] + RequestRoutes.terms + Self.parts),
            ("GET", APIPath.canaries, model + Self.parts),
            ("GET", APIPath.canarySamples(CanaryID(1)), ["only", "after", "limit"]),
            ("GET", APIPath.evaluations, model + Self.parts), ("GET", APIPath.decisions, model + Self.parts),
            ("GET", APIPath.rollouts, model + Self.parts), ("GET", APIPath.incidents, model + ["open"] + Self.parts),
            ("GET", APIPath.driftReports, model + Self.parts), ("GET", APIPath.baselines, model + Self.parts),
            ("GET", APIPath.audit, Self.log + Self.parts), ("GET", APIPath.slos, model + Self.parts),
            ("GET", APIPath.pastStatus, model + ["at"]),
            ("GET", APIPath.status, model + Self.named + ["limit", "served"]),
            ("GET", APIPath.models, Self.named + ["limit"]),
            ("GET", APIPath.prompts, Self.named + ["limit"]), ("GET", APIPath.keys, Self.named + ["limit"]),
            ("GET", APIPath.trafficSets, Self.named + ["limit"]), ("GET", APIPath.versions(any.name), Self.parts),
            ("GET", APIPath.releases(any.name), Self.parts), ("GET", APIPath.prompt(any.name), Self.parts),
            ("GET", APIPath.slo(any.name), model),
        ]
        let pages: [(PagePath.Route, [String])] = [
            (.overview, ["after"]), (.models, Self.named), (.prompts, Self.named), (.trafficSets, Self.named),
            (.model, ["versions", "releases"]), (.prompt, ["before"]),
            (.promote, ["ref", "reason"]), (.rollback, ["to"]), (.resume, ["reason"]), (.promptDiff, ["from", "to"]),
            (.requests, ["model", "release", "arm", "outcome", "labelled", "correct", "key", "since", "before"]),
            (.canaries, model + ["before"]), (.canarySamples, ["only", "after"]), (.rollouts, model + ["before"]),
            (.incidents, model + ["open", "before"]), (.drifts, model + ["before"]),
            (.audit, Self.log + ["before", "verify"]), (.slos, model + ["before"]), (.slo, model),
        ]
        let forms: [(PagePath.Route, [String])] = [
            (.promote, ["ref", "reason", "override", "expected", "key"]),
            (.rollback, ["to", "reason", "expected", "key"]), (.resume, ["reason"]),
            (.labels, ["correct", "thumb", "correction", "comment"]), (.replay, ["on"]),
            (.trafficSets, ["name", "model", "since", "labelled", "sample", "seed"]),
            (.readings, ["baseline", "candidate", "text", "traffic"]), (.incidentNotes, ["text"]),
            (.closeIncident, ["reason"]), (.drifts, ["model", "window"]),
            (.baselines, ["model", "since", "until", "reason"]), (.driftBaseline, ["reason"]), (.logout, []),
            (.cancelCanary, []), (.cancelEvaluation, []),
        ]
        var fields: [String: [String]] = [
            "GET \(PagePath.Route.login.rawValue)": ["code"],
            "GET /static/app.css": ["v"],
            "GET /readyz": ["model"],
        ]
        for (method, address, names) in api { fields["\(method) \(address.route)"] = names }
        for (route, names) in pages { fields["GET \(route.rawValue)"] = names }
        for (route, names) in forms { fields["POST \(route.rawValue)"] = names + ["csrf"] }
        self.fields = fields
    }

    /// The addresses of the table, by method and pattern.
    var addresses: [String] { fields.keys.sorted() }

    /// What an address takes.
    func names(_ method: String, _ pattern: String, isPage: Bool) -> [String] {
        (fields["\(method) \(pattern)"] ?? []) + (isPage && method == "GET" ? Self.page : [])
    }

    /// Refuses fields that an address does not take, those that are there twice, and more than are read.
    ///
    /// - Parameter takesEmpty: Whether a field may be empty, as a form sends what nobody filled in. Of a program it is what
    ///   a variable came to that was never set, and would widen what was asked for.
    /// - Throws: `Problem` with status 400, naming the field.
    static func check(_ given: FieldList, known: [String], takesEmpty: Bool = true) throws(Problem) {
        if given.isCut { throw PathParts.refused("more than \(FieldList.maxFields) fields were sent") }
        for name in given.values.keys.sorted() where !known.contains(name) {
            throw Problem(
                status: 400,
                title: "there is no field \"\(name)\" at this address",
                detail: known.isEmpty ? "it takes none" : "known are \(known.joined(separator: ", "))",
                next: "leave it out",
                exit: ExitCode.usage.rawValue,
                near: NearNames.nearest(to: name, in: known)
            )
        }
        if !takesEmpty, let name = given.values.filter(\.value.isEmpty).keys.min() {
            throw PathParts.refused("\(name) is empty: give it a value, or leave it out")
        }
        if let name = given.repeated.first { throw PathParts.refused("\(name) was sent more than once") }
        if let live = given["live"], known.contains("live"), live != "5" { throw PathParts.refused("live must be 5") }
    }
}
