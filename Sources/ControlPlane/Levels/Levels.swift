import Catalog
import RegistryRecords
public import RegistryTypes
import ServiceLevels
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// The service levels as people see them, and as policies take them into account.
public struct Levels: Sendable {
    let ledger: Ledger
    let tracker: ServiceLevelTracker
    let rollups: Rollups

    /// How every SLO of a model stands, or of all models; the most urgent first.
    public func list(model: Name?) async throws -> [SLORow] {
        let now = ledger.now()
        let (models, documents) = try await ledger.read { state in
            let documents = try state.serviceLevels().map(\.document)
            if let model {
                try state.requireModel(model)
                return ([model], documents)
            }
            return (try state.models(), documents)
        }
        return models.flatMap { model in
            documents.filter { $0.scope.matches(model) }.sorted { $0.name < $1.name }
                .map { SLORow($0, tracker.status(of: $0, model, now: now)) }
        }
        .sorted { ($0.urgency, $0.model, $0.name) < ($1.urgency, $1.model, $1.name) }
    }

    /// The SLOs in force, whether or not there is a model that they measure.
    public var inForce: [Name] { tracker.documents.map(\.name).sorted() }

    /// All about an SLO of a model; the model may be left out where the SLO is about one only.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `badRequest` when the model must be named.
    public func show(_ name: Name, model: Name?) async throws -> SLOView {
        let now = ledger.now()
        let (record, document, models) = try await ledger.read { state in
            let record = try state.requireDocument(.slo, name)
            let document = try record.slo()
            let models = try state.models().filter { document.scope.matches($0) }
            if let model { try state.requireModel(model) }
            return (record, document, models)
        }
        guard let model = model ?? (models.count == 1 ? models[0] : nil) else {
            throw ControlPlaneError(
                .badRequest,
                models.isEmpty
                    ? "no model is measured by SLO \"\(name)\" yet"
                    : "SLO \"\(name)\" is about \(models.count) models",
                next: Advice(models.first.map { .sloShow(name, model: $0) } ?? .modelList)
            )
        }
        guard document.scope.matches(model) else {
            throw ControlPlaneError(
                .badRequest,
                "SLO \"\(name)\" is not about model \(model)",
                next: "\(.sloList(model: model))"
            )
        }
        let status = tracker.status(of: document, model, now: now)
        let definition = try document.countingDigest()
        let since = now.adding(seconds: -Double(document.windowSeconds))
        let first = Timestamp(milliseconds: SLOHistory.firstNeeded(for: document, now: now.seconds) * 1000)
        let stored = try await rollups.buckets(since: first, slo: name, now: now)
            .filter { series, _ in series.model == model && series.definition == definition }
        let history = SLOHistory(of: document, stored: stored, now: now.seconds)
        let context = try await ledger.read { state in try SLOContext(document, model, since: since, in: state) }
        return SLOView(
            row: SLORow(document, status),
            document: record,
            validEvents: document.indicator.validEvents,
            goodEvents: document.indicator.goodEvents,
            interval: status.interval ?? [],
            windows: zip(document.alerting, status.alerts).map { SLOWindowRow($0, $1, of: document) },
            points: history.points.map { SLOPoint($0) },
            marks: context.marks,
            releases: history.releases.map { SLOReleaseRow($0) },
            incidents: context.incidents,
            usedBy: context.usedBy,
            budgetAction: Self.action(status, enforcedBy: context.gates),
            warnings: SLOLint.warnings(document),
            dataUntil: status.dataUntil,
            at: now
        )
    }
}

extension Levels {
    /// What the budget decides: what a gate enforces, and what is only advice.
    static func action(_ status: SLOStatus, enforcedBy gates: [String]) -> String {
        let enforced =
            gates.isEmpty ? "no gate of a policy enforces it" : "enforced: \(gates.joined(separator: ", "))"
        let words =
            switch (status.action, status.budgetLeft) {
            case (let action?, _): "advice at this budget: \(action.words)"
            case (nil, nil): "nothing is known of its budget"
            case (nil, _?):
                status.alertKind == .missingTraffic
                    ? "there was budget enough before events stopped, and nothing is known since"
                    : "there is budget enough"
            }
        return "\(words); \(enforced)"
    }
}

/// What the log has to do with an SLO of a model.
private struct SLOContext: Sendable {
    let marks: [SLOMark]
    let incidents: [IncidentRow]
    let usedBy: [String]
    /// The gates that ask for its budget, in words.
    let gates: [String]

    init(_ document: SLODocument, _ model: Name, since: Timestamp, in state: CatalogState) throws {
        let channel = document.scope.channel
        let moves = try state.moves(model, channel, limit: 30).filter { $0.at >= since }
        let family = RolloutIndicator(document).family
        // Missing traffic is a family of its own, of the whole channel: it is an incident of every SLO that counts there.
        let records = try state.incidents(of: model, families: [family, .traffic], limit: 100).filter {
            $0.family == family || $0.channel == channel
        }
        marks =
            moves.map { move in
                let isReturn = move.how == .returned || move.how == .rolledBack
                return SLOMark(at: move.at, text: TimelineRow(move).text, kind: isReturn ? "return" : "move")
            }
            + records.filter { $0.openedAt >= since }.map {
                SLOMark(at: $0.openedAt, text: "\($0.id): \($0.title)", kind: "incident")
            }
        incidents = records.prefix(20).map { IncidentRow($0) }
        var used: [String] = [], gates: [String] = []
        for record in try state.documents(.policy) {
            let policy = try PolicyRevision(record).document
            guard policy.scope.channel == channel, policy.scope.specificity(for: model) != nil else { continue }
            for gate in policy.gates {
                if case .errorBudget(let budget) = gate.requirement, budget.slo == document.name {
                    let share = NumberText.good(budget.atLeast, 2)
                    used.append("policy \(policy.name), gate \(gate.id): at least \(share) left")
                    gates.append("policy \(policy.name) promotes only with at least \(share) left (gate \(gate.id))")
                }
            }
            let burns = policy.rollBackWhen.contains { if case .burn = $0 { true } else { false } }
            if burns { used.append("policy \(policy.name): a release that burns it in its probation is taken back") }
        }
        usedBy = used
        self.gates = gates
    }
}

extension SLORow {
    init(_ document: SLODocument, _ status: SLOStatus) {
        let state: State =
            switch status.state {
            case .off: .off
            case .unknown: .unknown
            case _ where (status.budgetLeft ?? 1) <= 0: .exhausted
            case _ where status.alertKind == .burning: .burning
            case _ where status.alertKind == .missingTraffic: .missingTraffic
            // The target is inside the interval of the sample: that is no pass.
            case .undecided: .unknown
            case .met, .missed: .met
            }
        // Silence has no pace: what was counted before events stopped says nothing about now.
        let isMissing = status.alertKind == .missingTraffic
        self.init(
            name: document.name,
            model: status.model,
            channel: document.scope.channel,
            indicator: document.indicator.kind.rawValue,
            objective: "\(NumberText.good(document.target, 4)) good over "
                + "\(NumberText.setTime(Double(document.windowSeconds))): \(document.indicator.goodEvents)",
            // Without the last bits of reading a percentage.
            target: (document.target * 1e12).rounded() / 1e12,
            state: state,
            sli: status.value,
            budgetLeft: status.budgetLeft,
            valid: status.counts.valid,
            bad: status.counts.bad,
            burnFast: isMissing ? nil : status.alerts.map(\.long).min { $0.seconds < $1.seconds }?.rate,
            exhaustedInSeconds: isMissing ? nil : status.exhaustionSeconds,
            alert: status.severity?.rawValue,
            alertKind: status.alertKind?.rawValue,
            sentence: status.sentence,
            reason: status.reason
        )
    }
}

extension SLOPoint {
    init(_ point: SLOHistory.Point) {
        self.init(
            start: point.start,
            seconds: Double(point.seconds),
            valid: point.counts.valid,
            bad: point.counts.bad,
            budgetLeft: point.budgetLeft
        )
    }
}

extension SLOReleaseRow {
    init(_ release: SLOHistory.Release) {
        self.init(
            release: release.release,
            arm: release.arm.rawValue,
            valid: release.counts.valid,
            bad: release.counts.bad
        )
    }
}

extension SLOWindowRow {
    init(_ alert: BurnAlert, _ status: AlertStatus, of document: SLODocument) {
        let state =
            switch status.state {
            case .firing: "firing"
            case .quiet: "quiet"
            case .unknown: "unknown"
            }
        self.init(
            severity: status.severity.rawValue,
            longSeconds: Double(alert.longSeconds),
            shortSeconds: Double(alert.shortSeconds),
            factor: status.threshold,
            publishedFactor: alert.factor(windowSeconds: document.windowSeconds),
            burnLong: status.long.rate,
            burnShort: status.short.rate,
            validLong: status.long.counts.valid,
            badLong: status.long.counts.bad,
            minimumBad: status.minimumBad,
            lowerBound: status.lowerBound.map { $0 * document.budget },
            state: state,
            why: Self.why(status, alert)
        )
    }

    private static func why(_ status: AlertStatus, _ alert: BurnAlert) -> String {
        guard let long = status.long.rate, let short = status.short.rate else {
            if status.isFiring { return "no events in the short window: it stands as before" }
            return status.long.rate == nil ? "no events in the long window: unknown" : "no events in the short window"
        }
        if status.state == .firing {
            return status.severity == alert.severity
                ? "both windows burn too fast" : "both windows burn too fast by what one key asks: it pages nobody"
        }
        if long < status.threshold { return "the long window burns slowly enough" }
        if status.long.counts.bad < status.minimumBad {
            return "\(status.long.counts.bad) bad events are fewer than \(status.minimumBad)"
        }
        if short < status.threshold { return "the short window says it is over" }
        return "it could be chance: the lower bound is within the budget"
    }
}
