import GRDB
import RegistryRecords
public import RegistryTypes
public import UserDocuments

extension CatalogState {
    /// Something that was looked for.
    public enum Sought: Hashable, Sendable {
        /// A model.
        case model(Name)
        /// A version of a model.
        case version(VersionID)
        /// A release of a model.
        case release(ReleaseID)
        /// A channel of a model.
        case channel(model: Name, channel: Name)
        /// A prompt.
        case prompt(Name)
        /// A version of a prompt.
        case promptVersion(VersionID)
        /// A traffic set.
        case traffic(Name)
        /// A document.
        case document(DocumentKind, Name)
        /// A canary.
        case canary(CanaryID)
        /// An evaluation.
        case evaluation(EvaluationID)
        /// A decision.
        case decision(DecisionID)
        /// A key.
        case key(Name)
        /// A rollout.
        case rollout(RolloutID)
        /// An incident.
        case incident(IncidentID)
        /// A reference of drift.
        case baseline(BaselineID)
        /// A drift report.
        case drift(DriftID)
    }

    /// The error for something that was not found, with up to three names that may have been meant. For a part of a
    /// model that does not exist either, it is the model that is missing.
    public func missing(_ sought: Sought) throws -> CatalogError {
        switch sought {
        case .model(let name):
            return notFound("model", name.text, among: try names(in: .models, around: name.text))
        case .version(let id):
            guard try hasModel(id.name) else { return try missing(.model(id.name)) }
            return notFound("version", id.description, among: try newest("version", of: id.name, prefix: ""))
        case .release(let id):
            guard try hasModel(id.model) else { return try missing(.model(id.model)) }
            return notFound("release", id.description, among: try newest("release", of: id.model, prefix: "r"))
        case .channel(let model, let channel):
            guard try hasModel(model) else { return try missing(.model(model)) }
            let known = try texts(
                "SELECT model || '@' || channel FROM channel WHERE model = ? ORDER BY channel",
                [model.text]
            )
            return notFound("channel", "\(model)@\(channel)", among: known)
        case .prompt(let name):
            return notFound("prompt", name.text, among: try names(in: .prompts, around: name.text))
        case .promptVersion(let id):
            guard try latestPrompt(id.name) != nil else { return try missing(.prompt(id.name)) }
            let known = try texts(
                "SELECT name || '@' || number FROM prompt WHERE name = ? ORDER BY number DESC LIMIT 3",
                [id.name.text]
            )
            return .notFound(what: "prompt version", name: id.description, near: known)
        case .traffic(let name):
            return notFound("traffic set", name.text, among: try names(in: .trafficSets, around: name.text))
        case .document(let kind, let name):
            return notFound(
                kind.words,
                name.text,
                among: try documents(kind).map(\.name.text)
            )
        case .canary(let id):
            return .notFound(what: "canary", name: id.description, near: try newest("canary", prefix: "c-"))
        case .evaluation(let id):
            return .notFound(what: "evaluation", name: id.description, near: try newest("evaluation", prefix: "e-"))
        case .decision(let id):
            return .notFound(what: "decision", name: id.description, near: try newest("decision", prefix: "dec-"))
        case .key(let name):
            return notFound("key", name.text, among: try names(in: .keys, around: name.text))
        case .rollout(let id):
            return .notFound(what: "rollout", name: id.description, near: try newest("rollout", prefix: "ro-"))
        case .incident(let id):
            return .notFound(what: "incident", name: id.description, near: try newest("incident", prefix: "i-"))
        case .baseline(let id):
            return .notFound(what: "baseline", name: id.description, near: try newest("driftBaseline", prefix: "b-"))
        case .drift(let id):
            return .notFound(what: "drift report", name: id.description, near: try newest("drift", prefix: "d-"))
        }
    }

    /// The names nearest to one in the order of the list, up to 500 on each side: those that may have been meant. Where
    /// there are more, the far ones begin otherwise, and an error costs no more.
    public func names(in kind: Counted, around name: String) throws -> [String] {
        let condition = kind == .prompts ? "number = 1 AND" : ""
        let select = "SELECT name FROM \(kind.rawValue) WHERE \(condition)"
        return try texts("\(select) name < ? ORDER BY name DESC LIMIT 500", [name]).reversed()
            + texts("\(select) name >= ? ORDER BY name LIMIT 500", [name])
    }

    private func notFound(_ what: String, _ name: String, among known: [String]) -> CatalogError {
        .notFound(what: what, name: name, near: NearNames.nearest(to: name, in: known))
    }

    private func newest(_ table: String, of model: Name, prefix: String) throws -> [String] {
        try texts(
            "SELECT model || '@\(prefix)' || number FROM \(table) WHERE model = ? ORDER BY number DESC LIMIT 50",
            [model.text]
        )
    }

    private func newest(_ table: String, prefix: String) throws -> [String] {
        try texts("SELECT '\(prefix)' || number FROM \(table) ORDER BY number DESC LIMIT 3")
    }
}
