import Catalog
import LongWork
import RegistryRecords
import RegistryTypes
import Replay
import TrafficLog
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
    let candidate: PlannedRelease
    let baseline: PlannedRelease
    private let checks: CanaryDocument
    private let sides: [(release: ReleaseID, prompt: PromptRecord)]
    private let asksOwnNumber: Bool

    /// - Parameters:
    ///   - seed: The seed where neither the request nor the document names one.
    ///   - mayBeSame: Whether both sides may be the same release, as where nothing is run.
    /// - Throws: ``ControlPlaneError``: something named is not there, or both sides are the same release.
    init(_ request: CanaryRequest, drawn seed: UInt64, mayBeSame: Bool = false, in state: CatalogState) throws {
        let model = request.release.reference.model
        candidate = try PlannedRelease(request.release, in: state)
        document = try Self.document(request, model: model, in: state)
        checks = try document.canary()
        baseline = try PlannedRelease(
            request.against ?? ReleaseChoice(reference: checks.compare.against.baseline(of: model)),
            after: candidate,
            in: state
        )
        guard mayBeSame || candidate.content != baseline.content else {
            throw ControlPlaneError(
                .badRequest,
                "candidate and baseline are both \(candidate.id)",
                why: "a release cannot be compared with itself here",
                next: "--against REF names another baseline"
            )
        }
        traffic = try state.requireTraffic(request.traffic ?? checks.compare.traffic)
        requests = request.requests ?? checks.compare.requests
        asksOwnNumber = request.requests != nil
        self.seed = request.seed ?? checks.compare.seed ?? seed
        sides = try [baseline, candidate].map { ($0.id, try state.requirePrompt($0.content.prompt)) }
    }

    /// The requests of `set` that it draws.
    func drawn(from set: [TrafficRequest]) -> [TrafficRequest] {
        CanarySchedule(set, requests: requests, seed: seed).drawn(from: set)
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
        let drawn = drawn(from: set)
        for side in sides where !drawn.isEmpty {
            try RequestFit(drawn, prompt: side.prompt.document).require(set: traffic.name, side.prompt.id, side.release)
        }
        if !drawn.isEmpty, let nothing = checks.nothingAsked(of: drawn) {
            throw ControlPlaneError(
                .badRequest,
                nothing,
                why: "a run over \(traffic.name) would decide nothing by it",
                next: "take another set, or correct the check in canary document \(document.name): \(.apply())"
            )
        }
        if !drawn.isEmpty, let empty = checks.emptySlice(of: drawn) {
            throw ControlPlaneError(
                .badRequest,
                empty,
                why: "a run over \(traffic.name) would decide nothing there",
                next: "take another set, or correct the slice in canary document \(document.name): \(.apply())"
            )
        }
        if let step = checks.compare.neededLookEvery(requests: requests) {
            let limit = CanaryDocument.Comparison.maxLooks
            throw ControlPlaneError(
                .badRequest,
                "canary document \"\(document.name)\" would look at \(NumberText.count(requests, "request")) more than "
                    + "\(limit) times",
                next: "write lookEvery: \(step) or more into it, and: \(.apply())"
            )
        }
        // A set that is smaller than the document asks for is not used silently: its author chose the number for what it
        // can show, and whoever runs it with less has to say so. What is asked again shows nothing.
        let distinct = DistinctRequests(set)
        guard requests >= 1, requests <= distinct.count else {
            let holds = NumberText.count(distinct.count)
            let reasons = [
                distinct.hasRepeats ? "one that asks the same again shows nothing new" : nil,
                asksOwnNumber ? nil : "canary document \"\(document.name)\" asks for that many",
            ]
            .compactMap(\.self)
            throw ControlPlaneError(
                .badRequest,
                "\(NumberText.count(requests, "request")) cannot be taken from \(traffic.name), which holds "
                    + (distinct.hasRepeats
                        ? "\(holds) different in \(NumberText.count(distinct.requests, "line"))" : holds),
                why: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
                next: "--requests \(distinct.count), or import a larger set: \(.trafficImport())"
            )
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

/// A release that is compared: one that the log holds, or what one would pin that is made when the work begins, and not
/// before everything else is known to be right.
struct PlannedRelease {
    /// Its number, or the next free one.
    let id: ReleaseID
    let content: ReleaseContent
    /// The event that makes it; none where the log holds it.
    let created: [RegistryEvent]

    /// - Parameter other: A release that is made before this one.
    /// - Throws: ``ControlPlaneError``: something named is not there, cannot be loaded, or no prompt is known.
    init(_ choice: ReleaseChoice, after other: PlannedRelease? = nil, in state: CatalogState) throws {
        let content = try state.content(of: choice)
        if !choice.reference.isVersion, choice.prompt == nil, choice.set?.isEmpty ?? true {
            // Logs of before hold releases of equal content under several numbers: the one that is named is meant.
            self.init(id: try state.releaseID(of: choice.reference), content: content, created: [])
            return
        }
        try self.init(content, of: choice.reference.model, after: other, in: state)
    }

    /// The same as it stands now, whatever its choice would mean by now.
    func again(after other: PlannedRelease? = nil, in state: CatalogState) throws -> PlannedRelease {
        if created.isEmpty { return self }
        return try PlannedRelease(content, of: id.model, after: other, in: state)
    }

    private init(
        _ content: ReleaseContent,
        of model: Name,
        after other: PlannedRelease?,
        in state: CatalogState
    ) throws {
        let found = try state.release(model, with: content)
        guard let other, !found.created.isEmpty, !other.created.isEmpty, other.id == found.id else {
            self.init(id: found.id, content: content, created: found.created)
            return
        }
        let id = ReleaseID(model, found.id.number + 1)
        self.init(id: id, content: content, created: [.releaseCreated(ReleaseCreated(id: id, content: content))])
    }

    private init(id: ReleaseID, content: ReleaseContent, created: [RegistryEvent]) {
        self.id = id
        self.content = content
        self.created = created
    }
}

extension Reference {
    /// Whether it names a version, which with a prompt and settings is a release.
    fileprivate var isVersion: Bool { if case .version = selector { true } else { false } }
}

extension CanaryDocument.Baseline? {
    /// What a document compares with: what is live in production where it says nothing.
    func baseline(of model: Name) -> Reference {
        switch self {
        case .channel(let name): Reference(model: model, selector: .channel(name))
        case .release(let number): Reference(model: model, selector: .release(number))
        case nil: Reference(model: model, selector: .live)
        }
    }
}

extension ExperimentParts {
    /// Refuses a run whose requests are longer than a release can read. Known where its weights are in memory; else it is
    /// said of each answer.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    func requireContext(of side: PlannedRelease, for requests: [TrafficRequest], of set: Name) async throws {
        let plan = try await ledger.read { try? ReleasePlan(side.content, of: side.id.model, in: $0) }
        guard let plan, await releases.loadedWeights().contains(plan.weights.digest),
            let release = try? await releases.release(plan)
        else { return }
        let fit = await LongWork.run { ContextFit(requests, release) }
        guard fit.isTooFew else { return }
        throw ControlPlaneError(
            .badRequest,
            fit.problem,
            why: "\(side.id) would answer none of these; a run over \(set) would show nothing",
            next: "name a set whose requests are shorter: \(.trafficList)"
        )
    }
}
