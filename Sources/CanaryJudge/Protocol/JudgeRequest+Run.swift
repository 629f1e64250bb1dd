import Foundation
import UserDocuments
import Wording

extension JudgeRequest {
    /// The most values of one arm of a metric.
    static let maxValues = 1_000_000
    /// The most metrics of a request.
    static let maxMetrics = 1000

    /// The run that the line asks to judge.
    ///
    /// - Throws: ``JudgeRequestProblem`` for what would otherwise be judged as something that it is not.
    func run() throws -> JudgedRun {
        let pairing = mode ?? .paired
        guard metrics.count <= Self.maxMetrics else {
            throw JudgeRequestProblem("\(metrics.count) metrics, at most \(Self.maxMetrics) are judged at once")
        }
        if let twice = Self.repeated(metrics.map(\.name)) {
            throw JudgeRequestProblem("metric \"\(twice)\" occurs twice: give each its own name")
        }
        for (arm, values) in [("baseline", baseline), ("candidate", candidate)] {
            let known = Set(metrics.map(\.name))
            if let unknown = values.keys.filter({ !known.contains($0) }).min() {
                throw JudgeRequestProblem("\(arm) has values of \"\(unknown)\", which no metric names")
            }
        }
        var samples: [String: MetricSamples] = [:]
        var size: Int?
        for metric in metrics {
            let own = try measured(metric, pairing)
            if pairing == .paired {
                if let size, size != own.baseline.count {
                    throw JudgeRequestProblem(
                        "metric \"\(metric.name)\" has \(own.baseline.count) requests, the others have \(size)"
                    )
                }
                size = own.baseline.count
            }
            samples[metric.name] = own
        }
        var run = JudgedRun(try metrics.map { try definition($0) }, samples: samples)
        run.policy = try rules()
        run.pairing = pairing
        guard pairing == .paired else {
            let given: [(String, Bool)] = [
                ("ids", ids != nil), ("clusters", clusters != nil), ("first", first != nil),
                ("baseline_again", baseline_again != nil), ("slices", slices != nil), ("protect", protect != nil),
                ("looks", looks != nil),
            ]
            if let name = given.first(where: { $0.1 })?.0 {
                throw JudgeRequestProblem("\"\(name)\" belongs to pairs: the mode is unpaired")
            }
            run.conditions = try equalities()
            return run
        }
        try addPairs(to: &run, size ?? 0)
        return run
    }

    private static func repeated(_ names: [String]) -> String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0).inserted }
    }

    private func measured(_ metric: Metric, _ pairing: Pairing) throws -> MetricSamples {
        func arm(_ name: String, _ all: [String: [Value]]) throws -> [Value] {
            guard let values = all[metric.name] else {
                throw JudgeRequestProblem("metric \"\(metric.name)\" has no values of the \(name)")
            }
            guard values.count <= Self.maxValues else {
                throw JudgeRequestProblem(
                    "metric \"\(metric.name)\" has \(values.count) values of the \(name), at most \(Self.maxValues) are judged"
                )
            }
            return values
        }
        let base = try arm("baseline", baseline)
        let trial = try arm("candidate", candidate)
        if pairing == .paired, base.count != trial.count {
            throw JudgeRequestProblem(
                "metric \"\(metric.name)\" has \(base.count) values of the baseline and \(trial.count) of the candidate: "
                    + "pairs need as many, with null for a missing one"
            )
        }
        let isRepeated = base.contains(where: \.isRepeated) || trial.contains(where: \.isRepeated)
        return MetricSamples(
            baseline: base.map(\.number),
            candidate: trial.map(\.number),
            isRepeated: isRepeated ? true : nil
        )
    }

    private func definition(_ metric: Metric) throws -> CheckDefinition {
        let shares: [(String, Double?)] = [
            ("tail_margin", metric.tail_margin), ("slo_margin", metric.slo_margin), ("rate_limit", metric.rate_limit),
            ("newly_bad_limit", metric.newly_bad_limit),
        ]
        if !(metric.margin > 0) {
            throw JudgeRequestProblem("metric \"\(metric.name)\": margin must be above 0")
        }
        for case (let name, let value?) in shares where !(value > 0 && value <= 1) {
            throw JudgeRequestProblem("metric \"\(metric.name)\": \(name) must be a share above 0 and at most 1")
        }
        if metric.type != .binary, metric.veto_count != nil || metric.rate_limit != nil || metric.newly_bad_limit != nil
        {
            throw JudgeRequestProblem(
                "metric \"\(metric.name)\": veto_count, rate_limit and newly_bad_limit belong to binary metrics"
            )
        }
        if metric.type != .duration, metric.tail_factor != nil || metric.slo != nil {
            throw JudgeRequestProblem("metric \"\(metric.name)\": tail_factor and slo belong to durations")
        }
        var definition = CheckDefinition(
            name: metric.name,
            metric: metric.name,
            type: metric.type,
            worse: metric.worse,
            margin: metric.margin
        )
        definition.tolerate = metric.tolerate ?? 0
        definition.tailFactor = metric.tail_factor
        if let margin = metric.tail_margin { definition.tailMargin = margin }
        definition.limit = metric.slo
        if let margin = metric.slo_margin { definition.limitMargin = margin }
        definition.watchOnly = metric.gating == false
        definition.critical = metric.critical ?? false
        definition.vetoCount = metric.veto_count
        definition.rateLimit = metric.rate_limit
        definition.newlyBadLimit = metric.newly_bad_limit
        definition.minimumPairs = metric.min_n
        return definition
    }

    private func rules() throws -> JudgePolicy {
        var rules = JudgePolicy()
        rules.minimumPairs = policy?.min_n ?? 50
        if let value = policy?.alpha_fail { rules.alphaFail = value }
        if let value = policy?.alpha_pass { rules.alphaPass = value }
        if let value = policy?.max_missing { rules.maxMissing = value }
        if let problem = rules.problem { throw JudgeRequestProblem("policy: \(problem)") }
        return rules
    }

    private func equalities() throws -> [JudgedRun.Condition] {
        try (conditions ?? [:]).sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            .map { name, values in
                guard values.count == 2 else {
                    throw JudgeRequestProblem(
                        "condition \"\(name)\": give what it was for the baseline and the candidate"
                    )
                }
                return JudgedRun.Condition(name: name, baseline: values[0].text, candidate: values[1].text)
            }
    }

    private func addPairs(to run: inout JudgedRun, _ size: Int) throws {
        func checked<Element>(_ values: [Element]?, _ name: String) throws -> [Element]? {
            guard let values else { return nil }
            guard values.count == size else {
                throw JudgeRequestProblem("\"\(name)\" has \(values.count) entries for \(size) requests")
            }
            return values
        }
        if let twice = Self.repeated(try checked(ids, "ids")?.map(\.text) ?? []) {
            throw JudgeRequestProblem("request \"\(twice)\" occurs twice in ids: a request is compared once")
        }
        if let labels = try checked(clusters, "clusters") {
            var numbers: [Label: Int] = [:]
            run.clusters = labels.map { label in
                let number = numbers[label] ?? numbers.count
                numbers[label] = number
                return number
            }
        }
        run.candidateFirst = try checked(first, "first")?.map { $0 == .candidate }
        for (name, values) in baseline_again ?? [:] {
            guard run.samples[name] != nil else {
                throw JudgeRequestProblem("baseline_again has values of \"\(name)\", which no metric names")
            }
            run.repeatedBaseline[name] = try checked(values, "baseline_again")?.map(\.number)
        }
        run.conditions = try equalities()
        for (key, values) in slices ?? [:] { run.slices[key] = try checked(values, "slices")?.map { $0?.text } }
        run.protected = try (protect ?? []).map { slice in
            guard run.samples[slice.metric] != nil else {
                throw JudgeRequestProblem("protect names metric \"\(slice.metric)\", which is not there")
            }
            guard run.slices[slice.key] != nil else {
                throw JudgeRequestProblem("protect names \"\(slice.key)\", which slices does not have")
            }
            if let margin = slice.margin, !(margin > 0) {
                throw JudgeRequestProblem("protect \"\(slice.key)\": margin must be above 0")
            }
            return .init(key: slice.key, value: slice.value.text, check: slice.metric, margin: slice.margin)
        }
        run.looks = try schedule(size)
    }

    private func schedule(_ size: Int) throws -> LookSchedule? {
        guard let looks else { return nil }
        let schedule: LookSchedule?
        switch (looks.every, looks.at) {
        case (let every?, nil):
            guard looks.extend_at == nil else { throw JudgeRequestProblem("looks: extend_at belongs to at") }
            schedule = LookSchedule(every: every, upTo: looks.maximum ?? size, extendedTo: looks.extend_to)
        case (nil, let at?):
            guard looks.maximum == nil, looks.extend_to == nil else {
                throw JudgeRequestProblem("looks: at_most and extend_to belong to every")
            }
            schedule = LookSchedule(pairs: at, extensionPairs: looks.extend_at ?? [])
        case (nil, nil), (_?, _?): throw JudgeRequestProblem("looks: give either every or at")
        }
        guard let schedule else {
            throw JudgeRequestProblem("looks: numbers of requests that rise from at least 1, at most 100 looks")
        }
        return schedule
    }
}
