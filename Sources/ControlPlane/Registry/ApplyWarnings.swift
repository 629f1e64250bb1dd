import Catalog
import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// What documents name that is not there: they are taken, since what they name may come later, and it is said, since more
/// often it is a typing error.
struct ApplyWarnings {
    private let state: CatalogState
    private let documents: [DocumentKind: Set<String>]
    private let channels: [String]

    /// - Parameter applied: What is applied with it, which may name each other.
    init(applied: [Document], in state: CatalogState) throws {
        self.state = state
        var documents: [DocumentKind: Set<String>] = [:]
        for kind in [DocumentKind.canary, .slo] {
            documents[kind] = Set(try state.documents(kind).map(\.name.text))
        }
        for document in applied {
            switch document {
            case .canary(let canary): documents[.canary, default: []].insert(canary.name.text)
            case .slo(let slo): documents[.slo, default: []].insert(slo.name.text)
            case .policy, .prompt: break
            }
        }
        self.documents = documents
        // A policy makes its channel known; the shipped ones and what was ever moved are the channels that are meant.
        let shipped = try state.documents(.policy).filter(\.shipped).map {
            try PolicyRevision($0).document.scope.channel
        }
        channels = Set(try (shipped + [.production] + state.channels().map(\.channel)).map(\.text)).sorted()
    }

    /// What is to be said of a document, a sentence each.
    func warnings(about document: Document) throws -> [String] {
        switch document {
        case .policy(let policy): try scope(policy.scope) + policy.gates.flatMap { try gate($0) }
        case .canary(let canary): try set(canary.compare.traffic, "compare.traffic")
        case .slo(let slo): try scope(slo.scope)
        case .prompt: []
        }
    }

    private func gate(_ gate: Gate) throws -> [String] {
        switch gate.requirement {
        case .evaluation(let requirement): return try set(requirement.suite, "suite of gate \(gate.id)")
        case .canary(let requirement):
            guard let name = requirement.using else { return [] }
            return absent(name.text, "canary document", in: documents[.canary] ?? [], "using of gate \(gate.id)")
        case .errorBudget(let requirement):
            return absent(requirement.slo.text, "SLO", in: documents[.slo] ?? [], "slo of gate \(gate.id)")
        case .smoke, .card: return []
        }
    }

    private func set(_ name: Name, _ place: String) throws -> [String] {
        guard try state.traffic(name) == nil else { return [] }
        return absent(name.text, "traffic set", in: Set(try state.names(in: .trafficSets, around: name.text)), place)
    }

    private func scope(_ scope: DocumentScope) throws -> [String] {
        var warnings: [String] = []
        // A channel that is like no other is a new one.
        if !channels.contains(scope.channel.text),
            let near = NearNames.nearest(to: scope.channel.text, in: channels).first
        {
            warnings.append("for.channel: there is no channel \"\(scope.channel)\" yet; did you mean \(near)?")
        }
        for pattern in scope.models.map(\.text) where !pattern.utf8.contains(0x2a) {
            let models = try state.names(in: .models, around: pattern)
            warnings += absent(pattern, "model", in: Set(models), "for.models")
        }
        return warnings
    }

    private func absent(_ name: String, _ what: String, in known: Set<String>, _ place: String) -> [String] {
        guard !known.contains(name) else { return [] }
        let near = NearNames.nearest(to: name, in: known.sorted()).first
        return ["\(place): there is no \(what) \"\(name)\" yet" + (near.map { "; did you mean \($0)?" } ?? "")]
    }
}
