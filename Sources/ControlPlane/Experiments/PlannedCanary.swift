import Catalog
import RegistryRecords
import RegistryTypes
import Replay
import UserDocuments
import WireFormat
import Wording

/// What a canary that somebody asks for would compare, as it stands in one moment: checked before anything is written, so
/// that no run begins that cannot show anything.
struct PlannedCanary {
    let document: DocumentRecord
    let traffic: TrafficRecord
    let requests: Int
    let seed: UInt64
    private let checks: CanaryDocument
    private let sides: [(release: ReleaseID, prompt: PromptRecord)]

    /// - Parameter drawn: The seed where neither the request nor the document names one.
    /// - Throws: ``ControlPlaneError``: something named is not there, or the set holds too few requests.
    init(
        _ request: CanaryRequest,
        candidate: ReleaseRecord,
        baseline: ReleaseRecord,
        drawn seed: UInt64,
        in state: CatalogState
    ) throws {
        document = try Self.document(request, model: candidate.id.model, in: state)
        checks = try document.canary()
        traffic = try state.requireTraffic(request.traffic ?? checks.compare.traffic)
        // A set that is smaller than the document asks for is not used silently: its author chose the number for what it
        // can show, and whoever runs it with less has to say so.
        requests = request.requests ?? checks.compare.requests
        guard requests >= 1, requests <= traffic.requests else {
            throw ControlPlaneError(
                .badRequest,
                "\(requests) requests cannot be taken from \(traffic.name), which holds \(traffic.requests)",
                why: request.requests == nil ? "canary document \"\(document.name)\" asks for that many" : nil,
                next: "--requests \(traffic.requests), or import a larger set: \(.trafficImport())"
            )
        }
        self.seed = request.seed ?? checks.compare.seed ?? seed
        sides = try [baseline, candidate].map { ($0.id, try state.requirePrompt($0.content.prompt)) }
    }

    /// Refuses a run over `set`, the requests of ``traffic``, that could not show anything.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    func check(_ set: [TrafficRequest]) throws {
        if let nothing = checks.nothingToMeasure(schema: sides[0].prompt.document.output) {
            throw ControlPlaneError(
                .badRequest,
                nothing,
                why: "\(sides[0].release) answers by \(sides[0].prompt.id)",
                next:
                    "leave the check out of canary document \(document.name), or give the prompt an output schema: \(.promptPush)"
            )
        }
        let drawn = CanarySchedule(setSize: set.count, requests: requests, seed: seed).drawn(from: set)
        for side in sides {
            try RequestFit(drawn, prompt: side.prompt.document).require(set: traffic.name, side.prompt.id, side.release)
        }
    }
}

extension PlannedCanary {
    /// The canary document asked for, else the one the policy of production names, else the only one there is.
    static func document(_ request: CanaryRequest, model: Name, in state: CatalogState) throws -> DocumentRecord {
        if let name = request.document { return try state.requireDocument(.canary, name) }
        if let policy = try state.policy(of: model, in: .production) {
            for gate in policy.document.gates {
                if case .canary(let canary) = gate.requirement, let name = canary.using {
                    return try state.requireDocument(.canary, name)
                }
            }
        }
        let all = try state.documents(.canary)
        if all.count == 1 { return all[0] }
        throw ControlPlaneError(
            .badRequest,
            "no canary document is named",
            why: all.isEmpty
                ? "there is none yet; it says what is compared and by how much it may be worse"
                : "the policy of production names none, and there are several: "
                    + all.prefix(5).map(\.name.text).joined(separator: ", "),
            next: all.isEmpty ? "\(.apply()), with kind: Canary" : "--using \(all[0].name)"
        )
    }
}

extension RequestFit {
    /// - Throws: ``ControlPlaneError`` of kind `badRequest` when too few requests can be put to the prompt.
    func require(set: Name, _ prompt: VersionID, _ release: ReleaseID) throws {
        guard isTooFew else { return }
        let problems = problems
        throw ControlPlaneError(
            .badRequest,
            problems.first ?? "no request of \(set) is left",
            why: (problems.dropFirst() + [
                "\(release) answers by prompt \(prompt); a run over \(set) would show nothing"
            ])
            .joined(separator: "; "),
            next: "name a set whose requests fit the prompt: \(.trafficList), \(.promptShow(prompt.name))"
        )
    }
}
