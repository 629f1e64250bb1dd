import Digests
public import RegistryTypes
import StrictJSON
import StrictYAML

/// A policy: what must hold before a channel moves, and what takes it back.
public struct PolicyDocument: DigestedContent, Hashable, Sendable, Codable {
    /// Where a policy decides.
    public typealias Scope = DocumentScope

    /// The name.
    public let name: Name
    /// Where the policy decides; `for` in the file.
    public let scope: Scope
    /// The requirements, in the order of the file, with distinct ids.
    public let gates: [Gate]
    /// What a gate without evidence means, unless the gate says otherwise.
    public let onMissing: OnMissing
    /// How a release comes in.
    public let rollout: Rollout
    /// What takes a release back during its probation.
    public let rollBackWhen: [RollbackTrigger]
    /// Whether a release may go in that the engine here cannot run; nil for the usual, which refuses it.
    public let releaseWithoutEngine: WithoutEngine?

    /// A policy.
    public init(
        name: Name,
        scope: Scope,
        gates: [Gate],
        onMissing: OnMissing = .block,
        rollout: Rollout = Rollout(),
        rollBackWhen: [RollbackTrigger] = [],
        releaseWithoutEngine: WithoutEngine? = nil
    ) {
        self.name = name
        self.scope = scope
        self.gates = gates
        self.onMissing = onMissing
        self.rollout = rollout
        self.rollBackWhen = rollBackWhen
        // What says the usual is equal to what says nothing, digest and all.
        self.releaseWithoutEngine = releaseWithoutEngine == .refuse ? nil : releaseWithoutEngine
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case scope = "for"
        case gates, onMissing, rollout, rollBackWhen, releaseWithoutEngine
    }
}

/// What a gate without evidence means. A mandatory gate without evidence blocks whatever is said here.
public enum OnMissing: String, Codable, Sendable, CaseIterable {
    /// The channel does not move.
    case block
    /// The channel does not move now; the decision waits for the evidence.
    case `defer`
    /// The gate is shown as unknown and does not stand in the way.
    case allow
}

/// Whether a channel may point to what the engine here cannot run: it is served elsewhere, and nothing here has seen an
/// answer of it.
public enum WithoutEngine: String, Codable, Sendable, CaseIterable {
    /// The channel does not move.
    case refuse
    /// It may, by its other gates; those that need an answer stay without evidence.
    case allow
}

extension PolicyDocument {
    /// Reads what follows the name; nil when anything is wrong, with the problems in `reader`.
    static func read(name: Name, _ reader: inout MappingReader) -> PolicyDocument? {
        let scope = reader.mapping("for", isRequired: true, read: DocumentScope.read)
        let gates = reader.mappings("gates", isRequired: true, owner: { "gate \($0)" }, read: Gate.read)
        if let gates {
            if gates.isEmpty {
                reader.refuse("\"gates\" is empty: a policy that asks for nothing would allow everything", at: "gates")
            }
            for (index, gate) in gates.enumerated() where gates[..<index].contains(where: { $0.id == gate.id }) {
                let node = reader.elements(of: "gates")[index]
                reader.add(.refused("gate id \"\(gate.id)\" occurs twice: give each gate its own", node.position))
            }
        }
        let hadOnMissing = reader.has("onMissing")
        let onMissing = hadOnMissing ? reader.choice("onMissing", as: OnMissing.self) : .block
        let rollout = reader.has("rollout") ? reader.mapping("rollout", read: Rollout.read) : Rollout()
        let triggers =
            reader.has("rollBackWhen")
            ? reader.mappings("rollBackWhen", owner: { "trigger \($0) of rollBackWhen" }, read: RollbackTrigger.read)
            : []
        let hadEngine = reader.has("releaseWithoutEngine")
        let withoutEngine = hadEngine ? reader.choice("releaseWithoutEngine", as: WithoutEngine.self) : .refuse
        guard reader.isClean, let scope, let gates, let onMissing, let rollout, let triggers else { return nil }
        return PolicyDocument(
            name: name,
            scope: scope,
            gates: gates,
            onMissing: onMissing,
            rollout: rollout,
            rollBackWhen: triggers,
            releaseWithoutEngine: withoutEngine
        )
    }
}

extension Gate {
    fileprivate static let longest = 366 * 86_400.0

    fileprivate static func read(_ reader: inout MappingReader) -> Gate? {
        let id = reader.value("id", isRequired: true, expected: Reading.nameExpected) { try? Name($0) }
        if let id { reader.owner = "gate \"\(id)\"" }
        let kind = reader.choice("type", isRequired: true, as: Kind.self)
        let level = reader.choice("level", isRequired: true, as: Level.self)
        let onMissing = reader.choice("onMissing", as: OnMissing.self)
        if level == .mandatory, onMissing == .allow {
            reader.refuse("a mandatory gate cannot allow missing evidence: make it advisory, or block", at: "onMissing")
        }
        if reader.contains("expr") {
            reader.allow(["expr"])
            reader.refuse("\"expr\" is reserved: gates are typed, there is no expression language", at: "expr")
        }
        guard let kind else {
            reader.allowAnything()
            return nil
        }
        let requirement: Requirement?
        switch kind {
        case .smoke:
            requirement = .smoke
        case .card:
            requirement = CardRequirement.read(&reader).map(Requirement.card)
        case .canary:
            requirement = CanaryRequirement.read(&reader).map(Requirement.canary)
        case .evaluation:
            requirement = EvaluationRequirement.read(&reader).map(Requirement.evaluation)
        case .errorBudget:
            requirement = BudgetRequirement.read(&reader).map(Requirement.errorBudget)
        }
        guard let id, let level, let requirement else { return nil }
        return Gate(id: id, level: level, onMissing: onMissing, requirement: requirement)
    }
}

extension CardRequirement {
    fileprivate static func read(_ reader: inout MappingReader) -> CardRequirement? {
        let complete = reader.percent("complete", in: 0...1)
        let require = reader.has("require") ? reader.choices("require", as: CardField.self) : []
        guard reader.isClean, let require else { return nil }
        return CardRequirement(complete: complete, require: require)
    }
}

extension CanaryRequirement {
    /// The verdicts that a policy may ask for.
    private enum Wanted: String, CaseIterable {
        case pass, marginal
    }

    fileprivate static func read(_ reader: inout MappingReader) -> CanaryRequirement? {
        let verdict = reader.choice("verdict", as: Wanted.self)
        let using = reader.value("using", expected: "the name of a canary document") { try? Name($0) }
        let maxAge = reader.duration("maxAge", in: 1...Gate.longest)
        guard reader.isClean else { return nil }
        return CanaryRequirement(verdict: verdict == .marginal ? .marginal : .pass, using: using, maxAgeSeconds: maxAge)
    }
}

extension EvaluationRequirement {
    fileprivate static func read(_ reader: inout MappingReader) -> EvaluationRequirement? {
        let suite = reader.value("suite", isRequired: true, expected: "the name of a suite") { try? Name($0) }
        let metric = reader.choice("metric", isRequired: true, as: Metric.self)
        if let metric, !metric.isEvaluated {
            let known = Metric.allCases.filter(\.isEvaluated).map(\.rawValue).joined(separator: ", ")
            reader.refuse(
                "metric \"\(metric.rawValue)\" is not a rate of right answers: use one of \(known)",
                at: "metric"
            )
        }
        let parameters = metric.flatMap { $0.isEvaluated ? MetricParameters.read($0, &reader) : nil }
        let atLeast = reader.quantity(
            "atLeast",
            units: [.none, .percent],
            in: 0...1,
            expected: "a share such as 0.93 or 93 %",
            isRequired: true
        )
        let bound = reader.choice("bound", as: Bound.self)
        let minSamples = reader.integer("minSamples", in: 1...1_000_000)
        let maxAge = reader.duration("maxAge", in: 1...Gate.longest)
        guard reader.isClean, let suite, let metric, let atLeast else { return nil }
        return EvaluationRequirement(
            suite: suite,
            metric: metric,
            parameters: parameters,
            atLeast: atLeast,
            bound: bound ?? .lower95,
            minSamples: minSamples ?? 1,
            maxAgeSeconds: maxAge
        )
    }
}

extension BudgetRequirement {
    fileprivate static func read(_ reader: inout MappingReader) -> BudgetRequirement? {
        let slo = reader.value("slo", isRequired: true, expected: "the name of an SLO") { try? Name($0) }
        let atLeast = reader.percent("atLeast", in: 0...1, isRequired: true)
        guard let slo, let atLeast else { return nil }
        return BudgetRequirement(slo: slo, atLeast: atLeast)
    }
}

extension Rollout {
    fileprivate static func read(_ reader: inout MappingReader) -> Rollout? {
        let strategy = reader.choice("strategy", as: Strategy.self)
        let probation = reader.duration("probation", in: 0...Gate.longest)
        let holdback = reader.percent("holdback", in: 0...0.5)
        if let holdback, holdback > 0, (probation ?? 0) == 0 {
            reader.refuse("\"holdback\" needs a \"probation\": without a watch no traffic is held back", at: "holdback")
        }
        guard reader.isClean else { return nil }
        return Rollout(strategy: strategy ?? .direct, probationSeconds: probation ?? 0, holdback: holdback ?? 0)
    }
}

extension RollbackTrigger {
    fileprivate static func read(_ reader: inout MappingReader) -> RollbackTrigger? {
        let kinds = ["burn", "worseThanPrevious", "engineFailures"]
        let named = kinds.filter { reader.contains($0) }
        guard named.count == 1 else {
            reader.allowAnything()
            reader.refuse("\(reader.owner) must have exactly one of \(kinds.joined(separator: ", "))")
            return nil
        }
        switch named[0] {
        case "burn":
            let rate = reader.number("burn", in: 0.1...10_000)
            let long = reader.duration("long", in: 1...Gate.longest, isRequired: true)
            let short = reader.duration("short", in: 1...Gate.longest, isRequired: true)
            if let long, let short, short >= long {
                reader.refuse(
                    "\"short\" must be shorter than \"long\": the short window shows that it still burns",
                    at: "short"
                )
            }
            guard reader.isClean, let rate, let long, let short else { return nil }
            return .burn(rate: rate, longSeconds: long, shortSeconds: short)
        case "worseThanPrevious":
            let what = reader.choice("worseThanPrevious", as: Degradation.self)
            let error = reader.percent("error", in: 0.0001...0.2, isRequired: true)
            guard let what, let error else { return nil }
            return .worseThanPrevious(what: what.rawValue, error: error)
        default:
            return reader.integer("engineFailures", in: 1...1_000_000).map(RollbackTrigger.engineFailures)
        }
    }
}
