import Artifacts
import Catalog
import Digests
import DriftAnalysis
import Foundation
import RegistryRecords
public import RegistryTypes
import TrafficLog
public import WireFormat
import Wording

/// Drift: a window of captured traffic against a reference.
public struct Drift: Sendable {
    let ledger: Ledger
    let evidence: EvidenceStore
    let traffic: TrafficStore
    let queue: CaptureQueue
    let aggregator: DriftAggregator

    /// The window that is compared when none is asked for, in seconds.
    private static let usualWindowSeconds = 86_400.0
    /// Requests of each side that the explanation looks at.
    private static let explainedRows = 500

    /// Compares a window of traffic with the reference of its channel; the report is stored.
    ///
    /// - Throws: ``ControlPlaneError``: `inconclusive` with too little data, or while the reference is being learned.
    public func run(_ request: DriftRequest, by caller: Caller) async throws -> DriftView {
        try caller.require(.runDrift)
        let channel = request.channel ?? .production
        let now = ledger.now()
        let until = try Self.end(request.until, now: now)
        let seconds = request.windowSeconds ?? Self.usualWindowSeconds
        guard seconds >= 1, seconds <= 400 * 86_400 else {
            throw ControlPlaneError(.badRequest, "a window is 1 second to 400 days long")
        }
        let since = until.adding(seconds: -seconds)
        await queue.flush()
        let record = try await baselineRecord(request, channel)
        let reference = try decode(record)
        if let overlap = WindowOverlap(window: since..<until, reference: record.window.from..<record.window.to) {
            throw ControlPlaneError(
                .inconclusive,
                "\(DriftError.windowInReference(overlap))",
                next: overlap.longestWindowSeconds(now: now).map { "\(.driftRun(request.model, windowSeconds: $0))" }
                    ?? "\(.baselineList(request.model))"
            )
        }
        let epoch = reference.summary.epoch
        let window = try await scan(request.model, channel, since: since, until: until, epoch)
        let before = try await scan(
            request.model,
            channel,
            since: record.window.from,
            until: record.window.to,
            epoch
        )
        let comparison: DriftComparison
        do {
            comparison = try DriftComparison(
                reference: reference,
                intervals: window.summaries(),
                from: since,
                to: until,
                rows: (before.rows(atMost: Self.explainedRows), window.rows(atMost: Self.explainedRows))
            )
        } catch {
            throw Self.error(error, request.model)
        }
        let releases = window.releases.sorted()
        // The texts of the few requests that are shown are read when it is known which these are.
        func report(_ id: DriftID, _ inputs: [RequestID: String]) -> DriftReport {
            comparison.report(
                DriftComparison.Subject(
                    id: id,
                    model: request.model,
                    channel: channel,
                    releases: releases,
                    inputs: inputs
                )
            )
        }
        let shown = report(DriftID(0), [:]).explanation?.examples.map(\.request) ?? []
        let inputs = await inputs(of: shown)
        while true {
            // Its number is part of the stored report. Another one may take it meanwhile; it is said again then.
            let id = try await ledger.read { try $0.nextDriftID() }
            let report = report(id, inputs)
            let stored = try evidence.store(report)
            let view = try await ledger.append(by: caller) { state -> Change<DriftView?> in
                guard try state.nextDriftID() == id else { return Change([], answer: nil) }
                let event = DriftReported(report, channel, record.id, stored.digest, stored.sizeBytes)
                return Change([.driftReported(event)]) { state in
                    try Self.view(state.requireDriftReport(id), report, in: state)
                }
            }.answer
            if let view { return view }
        }
    }

    /// Drift reports of a model, or all, newest first.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [DriftRow] {
        try await ledger.read { state in
            try model.map(state.requireModel)
            return try state.driftReports(
                of: model,
                limit: limit,
                before: before.map { DriftID($0) }
            ).map { DriftRow($0) }
        }
    }

    /// A drift report with what changed in its window.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func show(_ id: DriftID) async throws -> DriftView {
        try await ledger.read { state in
            let record = try state.requireDriftReport(id)
            return try Self.view(record, evidence.read(DriftReport.self, record.evidence), in: state)
        }
    }

    private static func view(_ record: DriftRecord, _ report: DriftReport, in state: CatalogState) throws -> DriftView {
        let moves = try state.moves(record.model, record.channel ?? .production, limit: 50)
            .filter { $0.at >= record.window.from && $0.at < record.window.to }
        return DriftView(row: DriftRow(record), report: report, changes: moves.map { TimelineRow($0) })
    }

    /// Makes a window the reference of a channel, from now on.
    ///
    /// - Throws: ``ControlPlaneError``: `inconclusive` for a window with too few requests.
    public func setBaseline(_ request: BaselineRequest, by caller: Caller) async throws -> BaselineView {
        try caller.require(.setDriftReference)
        let channel = request.channel ?? .production
        guard request.since < request.until else {
            throw ControlPlaneError(.badRequest, "the window ends before it starts")
        }
        let until = try Self.end(request.until, now: ledger.now())
        guard request.since < until else {
            throw ControlPlaneError(
                .badRequest,
                "the window begins at \(TimeText.second(request.since)), in the future"
            )
        }
        let request = BaselineRequest(
            model: request.model,
            channel: request.channel,
            since: request.since,
            until: until,
            reason: request.reason
        )
        let reason = try request.reason.map { try Remark.check($0, called: "reason") }
        try await ledger.read { state in
            try state.requireModel(request.model)
            try state.requireChannel(channel, of: request.model)
        }
        await queue.flush()
        let (reference, releases) = try await reference(request, channel)
        let stored = try evidence.store(bytes: reference.encoded())
        let window = reference.window, referenceModel = reference.summary.epoch.referenceModel
        return try await ledger.append(by: caller) { state in
            try state.requireModel(request.model)
            let id = try state.nextBaselineID()
            let event = DriftBaselineSet(
                id: id,
                model: request.model,
                channel: channel,
                how: .chosen,
                window: window,
                referenceModel: referenceModel,
                reference: stored.digest,
                referenceSizeBytes: stored.sizeBytes,
                reason: reason,
                releases: releases
            )
            return Change([.driftBaselineSet(event)]) { state in
                guard let record = try state.baseline(id) else {
                    throw ControlPlaneError(.internalFault, "the reference is not in the log")
                }
                return try Self.view(record, in: state)
            }
        }.answer
    }

    /// The references of a model, or all, newest first.
    public func baselines(model: Name?, before: Int?, limit: Int) async throws -> [BaselineView] {
        try await ledger.read { state in
            try model.map(state.requireModel)
            return try state.baselines(of: model, limit: limit, before: before.map { BaselineID($0) })
                .map { try Self.view($0, in: state) }
        }
    }

    // MARK: Parts

    /// By how much the clock of whoever asks may be ahead, in seconds.
    private static let believedLeadSeconds = 60.0

    /// Where a window ends: at most now. Of the future nothing is known, and a reference must not claim it.
    private static func end(_ asked: Timestamp?, now: Timestamp) throws -> Timestamp {
        guard let asked, asked > now else { return asked ?? now }
        guard asked <= now.adding(seconds: believedLeadSeconds) else {
            throw ControlPlaneError(
                .badRequest,
                "the window ends at \(TimeText.second(asked)), in the future: it is \(TimeText.second(now))"
            )
        }
        return now
    }

    private static func view(_ record: DriftBaselineRecord, in state: CatalogState) throws -> BaselineView {
        let version = try record.referenceModel.flatMap { try state.version(of: record.model, weights: $0)?.id }
        return BaselineView(
            id: record.id.description,
            model: record.model,
            channel: record.channel ?? .production,
            since: record.window.from,
            until: record.window.to,
            requests: record.window.requests,
            state: try state.baseline(of: record.model, channel: record.channel)?.id == record.id
                ? BaselineView.inForce : BaselineView.replaced,
            digest: record.reference.description,
            referenceModel: version,
            setBy: record.by,
            setAt: record.at,
            releases: record.event.releases,
            rejected: try record.event.releases?.filter {
                try state.release(ReleaseID(record.model, $0))?.rejections.isEmpty == false
            }
        )
    }

    /// Freezes a window, and says which releases answered in it. It is read twice: the random features are as wide as its embeddings are far apart.
    private func reference(_ request: BaselineRequest, _ channel: Name) async throws -> (
        DriftReference, releases: [Int]
    ) {
        let referenceModel = aggregator.referenceModel(DriftAggregator.Key(model: request.model, channel: channel))?
            .epoch.referenceModel
        let plain = DriftEpoch(referenceModel: referenceModel)
        let first = try await scan(request.model, channel, since: request.since, until: request.until, plain)
        let embeddings = first.rows(atMost: DriftReference.maxEmbeddings).compactMap {
            $0.descriptors.embedding?.values
        }
        let epoch =
            referenceModel.map { DriftEpoch(referenceModel: $0, embeddings: embeddings, seed: Self.featureSeed) }
            ?? plain
        let window =
            epoch == plain
            ? first : try await scan(request.model, channel, since: request.since, until: request.until, epoch)
        do {
            let reference = try DriftReference.chosen(
                window.total(),
                from: request.since,
                to: request.until,
                embeddings: embeddings
            )
            return (reference, window.releases.sorted())
        } catch {
            throw Self.error(error, request.model)
        }
    }

    /// The seed of the random features: any will do, as long as a reference and its windows share it.
    private static let featureSeed: UInt64 = 0x5e21_0001

    /// The reference that is asked for, else the one that counts for the channel, else the one that is being learned.
    private func baselineRecord(_ request: DriftRequest, _ channel: Name) async throws -> DriftBaselineRecord {
        let (record, settled) = try await ledger.read { state -> (DriftBaselineRecord?, Timestamp?) in
            try state.requireModel(request.model)
            guard try state.channel(request.model, channel) != nil else {
                throw state.nothingLive(request.model, channel, try state.channels(of: request.model))
            }
            if let text = request.against {
                guard let id = try? BaselineID(text: text), let record = try state.baseline(id),
                    record.model == request.model
                else {
                    throw ControlPlaneError.notFound("reference", text, list: .baselineList())
                }
                if let measured = record.channel, measured != channel {
                    throw ControlPlaneError(
                        .badRequest,
                        "reference \(id) is of \(record.model)@\(measured), not of \(record.model)@\(channel)",
                        next: "\(.baselineList(request.model))"
                    )
                }
                return (record, nil)
            }
            let moves = try state.moves(request.model, channel, limit: 500)
            return (try state.baseline(of: request.model, channel: channel), moves.first { $0.settled }?.at)
        }
        if let record { return record }
        guard let settled else {
            throw ControlPlaneError(
                .inconclusive,
                "nothing has settled in \(request.model)@\(channel) yet",
                next: "\(.status(request.model))"
            )
        }
        return try await learnedBaseline(request, channel, since: settled)
    }

    /// Freezes the traffic of the first days after a promotion as the reference once there is enough of it.
    private func learnedBaseline(
        _ request: DriftRequest,
        _ channel: Name,
        since: Timestamp
    ) async throws -> DriftBaselineRecord {
        let now = ledger.now()
        let end = since.adding(seconds: Double(DriftReference.learnedDays) * 86_400)
        var filter = TrafficFilter(model: request.model, since: since, until: min(now, end))
        filter.channel = channel
        filter.source = .user
        let progress = DriftReference.progress(
            requests: try await traffic.count(filter),
            from: since,
            to: min(now, end)
        )
        guard progress.isComplete else { throw Self.error(DriftError.stillLearning(progress), request.model) }
        _ = try await setBaseline(
            BaselineRequest(model: request.model, channel: channel, since: since, until: end, reason: nil),
            by: .system
        )
        guard let record = try await ledger.read(.usual, { try $0.baseline(of: request.model, channel: channel) })
        else {
            throw ControlPlaneError(.internalFault, "the reference is not in the log")
        }
        return record
    }

    private func decode(_ record: DriftBaselineRecord) throws -> DriftReference {
        let data = try evidence.bytes(of: record.reference)
        do {
            return try DriftReference(encoded: data)
        } catch {
            throw ControlPlaneError(.internalFault, "\(error)", next: "\(.serverCheck)")
        }
    }

    /// Reads the captured requests of applications in a window.
    private func scan(
        _ model: Name,
        _ channel: Name,
        since: Timestamp,
        until: Timestamp,
        _ epoch: DriftEpoch
    ) async throws -> DriftScan {
        var filter = TrafficFilter(model: model, since: since, until: until)
        filter.channel = channel
        filter.source = .user
        var scan = DriftScan(epoch: epoch)
        do {
            try await traffic.scan(filter) { scan.add($0) }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        return scan
    }

    private func inputs(of requests: [RequestID]) async -> [RequestID: String] {
        var inputs: [RequestID: String] = [:]
        for id in requests {
            guard let body = try? await traffic.detail(id).body else { continue }
            inputs[id] = RequestDescriptors.input(of: body)
        }
        return inputs
    }

    private static func error(_ error: DriftError, _ model: Name) -> ControlPlaneError {
        switch error {
        case .tooLittleData:
            ControlPlaneError(.inconclusive, "\(error)", next: "\(.driftRun(model, windowDays: 7))")
        case .windowInReference: ControlPlaneError(.inconclusive, "\(error)", next: "\(.baselineList(model))")
        case .stillLearning: ControlPlaneError(.inconclusive, "\(error)", next: "\(.baselineSet(model))")
        case .differentEpochs: ControlPlaneError(.conflict, "\(error)", next: "\(.baselineSet(model))")
        case .damaged, .newer:
            ControlPlaneError(.internalFault, "\(error)")
        }
    }
}
