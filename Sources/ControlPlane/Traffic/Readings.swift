import Catalog
import Digests
import Foundation
import ModelInspection
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import StrictJSON
import Synchronization
import UserDocuments
public import WireFormat
import Wording

/// Texts that models read token by token: one after the other, behind all live requests, the last results in memory.
///
/// Nothing of it is an event: a reading changes nothing, decides nothing, and gives the same bits when it is asked for
/// again, so one that a restart took is simply asked for again (decision 15).
public actor Readings {
    let ledger: Ledger
    let releases: LoadedReleases
    let sets: TrafficSetFiles
    let live: ForegroundLoad
    let now: @Sendable () -> Timestamp

    /// One that runs, waits or is over.
    private struct Entry {
        let request: ReadingRequest
        let meter: ReadingMeter
        let task: Task<Void, Never>
        var score: TextScore?
        var comparison: ModelComparison?
        var problem: Problem?

        var isOver: Bool { score != nil || comparison != nil || problem != nil }
    }

    private var entries: [String: Entry] = [:]
    private var queue = ReadingQueue()
    private var isClosed = false

    init(
        ledger: Ledger,
        releases: LoadedReleases,
        sets: TrafficSetFiles,
        live: ForegroundLoad,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.ledger = ledger
        self.releases = releases
        self.sets = sets
        self.live = live
        self.now = now
    }

    /// Asks for a reading. The same question gives the reading that is there, unless that one failed.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound` for what it names, `badRequest`, `unavailable` when too many wait.
    public func start(_ request: ReadingRequest, by caller: Caller) async throws -> ReadingView {
        try caller.require(.readTexts)
        try Self.check(request)
        let plan = try await ledger.read { try ReadingPlan(request, in: $0) }
        if let known = entries[plan.id], known.problem == nil {
            queue.join(plan.id, by: caller.name)
            return view(plan.id, known)
        }
        guard !isClosed else { throw ControlPlaneError(.unavailable, "the server is shutting down") }
        let before = queue.waiting.compactMap { entries[$0]?.task }
        do { try queue.admit(plan.id, by: caller.name) } catch { throw ControlPlaneError(error, caller) }
        let meter = ReadingMeter()
        let task = Task {
            for task in before { await task.value }
            await run(plan, meter)
        }
        let entry = Entry(request: request, meter: meter, task: task)
        entries[plan.id] = entry
        for old in queue.forget() { entries[old] = nil }
        return view(plan.id, entry)
    }

    /// A reading by its name.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func show(_ id: String) throws -> ReadingView {
        guard let entry = entries[id] else { throw Self.notFound(id) }
        return view(id, entry)
    }

    /// Takes back a question. When nobody waits for the reading any more, it ends before its next batch of tokens. An
    /// admin who has not asked for it ends it for all.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `notAllowed` for a reading that only others asked for.
    public func cancel(_ id: String, by caller: Caller) throws -> ReadingView {
        try caller.require(.cancelReading)
        guard var entry = entries[id] else { throw Self.notFound(id) }
        let endsForAll = RegistryTypes.Operation.cancelAnyReading.permission.isGranted(to: caller.role)
        switch queue.withdraw(id, by: caller.name, endsForAll: endsForAll) {
        case .wasOver, .goesOn: break
        case .ends:
            entry.task.cancel()
            entry.problem = Problem(ControlPlaneError(.conflict, "the reading was cancelled by \(caller.name)"))
            entries[id] = entry
            queue.finish(id)
        case .notAsked(let others):
            throw ControlPlaneError(
                .notAllowed,
                "key \"\(caller.name)\" has not asked for the reading \(id)",
                why: "\(others.map(\.description).joined(separator: ", ")) wait for it",
                next: "it ends by itself; an admin may end it for all"
            )
        }
        return view(id, entry)
    }

    /// Ends what runs; nothing is taken any more.
    func close() async {
        isClosed = true
        for entry in entries.values { entry.task.cancel() }
        for entry in entries.values { await entry.task.value }
    }

    private static func notFound(_ id: String) -> ControlPlaneError {
        ControlPlaneError(
            .notFound,
            "no reading \"\(id)\"",
            why: "the last \(ReadingQueue.maxKept) are kept in memory until the server stops",
            next: "ask for it again, which gives the same: \(.compare())"
        )
    }

    private func view(_ id: String, _ entry: Entry) -> ReadingView {
        ReadingView(
            id: id,
            baseline: entry.request.baseline,
            candidate: entry.request.candidate,
            traffic: entry.request.traffic,
            progress: entry.meter.progress,
            score: entry.score,
            comparison: entry.comparison,
            problem: entry.problem
        )
    }

    // MARK: - Checks

    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    static func check(_ text: String) throws(ControlPlaneError) {
        guard text.utf8.count <= ReadingRequest.textLimitBytes else {
            throw ControlPlaneError(
                .badRequest,
                "the text has \(text.utf8.count) bytes; at most \(ReadingRequest.textLimitBytes) are read here",
                why: "a server reads behind live requests; a longer text is read where the files are",
                next: "a part of it, or files: \(.compare())"
            )
        }
    }

    private static func check(_ request: ReadingRequest) throws(ControlPlaneError) {
        switch (request.text, request.traffic) {
        case (let text?, nil):
            guard !text.isEmpty else { throw ControlPlaneError(.badRequest, "the text is empty") }
            try check(text)
        case (nil, .some):
            guard request.candidate != nil else {
                throw ControlPlaneError(.badRequest, "a traffic set is read by two models; name a candidate")
            }
            guard (1...ReadingRequest.requestLimit).contains(request.requests ?? 1) else {
                throw ControlPlaneError(.badRequest, "requests must be from 1 to \(ReadingRequest.requestLimit)")
            }
        case (nil, nil), (.some, .some):
            throw ControlPlaneError(.badRequest, "either a text or a traffic set is read")
        }
    }

    // MARK: - Work

    private func run(_ plan: ReadingPlan, _ meter: ReadingMeter) async {
        guard entries[plan.id]?.meter === meter, entries[plan.id]?.isOver == false else { return }
        do {
            let reader = TextReader(yieldingTo: live)
            switch plan.what {
            case .text(let text, let baseline, let candidate):
                let first = try await model(baseline)
                if let candidate {
                    let second = try await model(candidate)
                    let result = try await reader.compare(
                        text,
                        baseline: first,
                        candidate: second,
                        progress: meter.update
                    )
                    finish(plan.id, meter) { $0.comparison = result }
                } else {
                    let result = try await reader.score(text, by: first, progress: meter.update)
                    finish(plan.id, meter) { $0.score = result }
                }
            case .traffic(let name, let digest, let baseline, let candidate):
                let result = try await compare(
                    name,
                    Array(try await sets.requests(digest).prefix(plan.requests)),
                    baseline: baseline,
                    candidate: candidate,
                    by: reader,
                    meter
                )
                finish(plan.id, meter) { $0.comparison = result }
            }
        } catch {
            let error =
                error as? ControlPlaneError
                ?? ControlPlaneError(
                    error is CancellationError ? .unavailable : .badData,
                    error is CancellationError ? "the reading was ended" : "the texts cannot be read: \(error)"
                )
            finish(plan.id, meter) { $0.problem = Problem(error) }
        }
    }

    private func finish(_ id: String, _ meter: ReadingMeter, _ change: (inout Entry) -> Void) {
        guard var entry = entries[id], entry.meter === meter, !entry.isOver else { return }
        change(&entry)
        entries[id] = entry
        queue.finish(id)
    }

    private func model(_ version: VersionRecord) async throws -> ReadingModel {
        ReadingModel("\(version.id)", try await releases.weights(of: version))
    }

    /// The baseline answers, and both read its answers after the prompts that each of them has for the request.
    private func compare(
        _ name: Name,
        _ requests: [TrafficRequest],
        baseline: ReadingPlan.Side,
        candidate: ReadingPlan.Side,
        by reader: TextReader,
        _ meter: ReadingMeter
    ) async throws -> ModelComparison {
        let (first, engine) = try await releases.serving(baseline.plan)
        let second = try await releases.release(candidate.plan)
        var answers: [PairedAnswer] = []
        for (index, request) in requests.enumerated() {
            try Task.checkCancellation()
            let time = request.askedAt ?? AnswerRequest.untimed
            do {
                let answer = try await engine.answer(
                    AnswerRequest(
                        prompt: baseline.plan.prompt,
                        input: AnswerRequest.Input(request.content),
                        time: time,
                        decoding: baseline.plan.content.decoding.applying(request.settings ?? [:]),
                        seed: UInt64(index),
                        priority: .background
                    )
                )
                answers.append(
                    PairedAnswer(
                        baselinePrompt: try first.render(request.content, at: time),
                        candidatePrompt: try second.render(request.content, at: time),
                        tokens: answer.tokens,
                        text: answer.text
                    )
                )
            } catch let error as CancellationError { throw error } catch {
                throw ControlPlaneError(.conflict, "request \(request.id) of \(name) cannot be read: \(error)")
            }
            meter.update(index + 1, 2 * requests.count)
        }
        let done = requests.count
        return try await reader.compare(
            answers,
            words: "answers of the baseline to \(NumberText.count(requests.count, "request")) of \(name)",
            baseline: ReadingModel("\(baseline.name)", first.weights),
            candidate: ReadingModel("\(candidate.name)", second.weights)
        ) { meter.update(done + $0, done + $1) }
    }
}

/// How far a reading is; heard from the thread that does it.
private final class ReadingMeter: Sendable {
    private let state = Mutex<(done: Int, total: Int, start: ContinuousClock.Instant?)>((0, 0, nil))

    @Sendable func update(_ done: Int, _ total: Int) {
        state.withLock { $0 = (done, total, $0.start ?? .now) }
    }

    var progress: WorkProgress {
        state.withLock { state in
            WorkProgress(
                done: state.done,
                total: state.total,
                elapsedSeconds: state.start.map { $0.duration(to: .now) / .seconds(1) } ?? 0
            )
        }
    }
}

/// What a reading needs: read from the log at one moment.
private struct ReadingPlan: Sendable {
    /// One of two releases that read answers.
    struct Side: Sendable {
        let name: String
        let plan: ReleasePlan
    }

    enum What: Sendable {
        case text(String, VersionRecord, VersionRecord?)
        case traffic(Name, Digest, Side, Side)
    }

    let what: What
    let requests: Int
    /// Made from what decides the result, so that the same question has the same name.
    let id: String

    init(_ request: ReadingRequest, in state: CatalogState) throws {
        requests = request.requests ?? ReadingRequest.usualRequests
        var parts = ["numerics \(EngineIdentity.numerics)"]
        if let text = request.text {
            let baseline = try state.version(meantBy: request.baseline)
            let candidate = try request.candidate.map { try state.version(meantBy: $0) }
            what = .text(text, baseline, candidate)
            parts += ["text", Digest(of: Data(text.utf8)).hexadecimal]
            parts += [baseline, candidate].compactMap(\.self).map { "\($0.id) \($0.digest)" }
        } else if let name = request.traffic, let other = request.candidate {
            let digest = try state.requireTraffic(name).digest
            let sides = try [request.baseline, other].map { reference in
                Side(
                    name: reference.description,
                    plan: try ReleasePlan(
                        state.content(of: ReleaseChoice(reference: reference)),
                        of: reference.model,
                        in: state
                    )
                )
            }
            what = .traffic(name, digest, sides[0], sides[1])
            parts += ["traffic", "\(name)", digest.hexadecimal, "\(requests)"]
            parts += sides.map { "\($0.name) \($0.plan.digest)" }
        } else {
            throw ControlPlaneError(.badRequest, "either a text or a traffic set is read")
        }
        id = String(Digest(of: Data(parts.joined(separator: "\n").utf8)).hexadecimal.prefix(16))
    }
}

extension CatalogState {
    /// The version that a reference names: by number, or the one that a release or channel ships.
    fileprivate func version(meantBy reference: Reference) throws -> VersionRecord {
        if case .version(let number) = reference.selector {
            return try requireVersion(VersionID(reference.model, number))
        }
        return try requireVersion(requireRelease(releaseID(of: reference)).version)
    }
}

extension ControlPlaneError {
    /// A reading for which there is no place.
    fileprivate init(_ refusal: ReadingQueue.Refusal, _ caller: Caller) {
        let isOwn = refusal == .tooManyOfOne
        self.init(
            .unavailable,
            isOwn
                ? "key \"\(caller.name)\" has \(ReadingQueue.maxWaitingOfOne) readings that run or wait"
                : "\(ReadingQueue.maxWaiting) readings wait already",
            why: isOwn
                ? "one caller has at most \(ReadingQueue.maxWaitingOfOne) of the \(ReadingQueue.maxWaiting) places"
                : "they are done one after the other, behind live requests",
            next: "ask again in a while, or compare the files: \(.compare())"
        )
    }
}

extension Problem {
    /// Why a reading came to nothing, kept until somebody asks.
    fileprivate init(_ error: ControlPlaneError) {
        self.init(
            status: error.kind == .notFound ? 404 : error.kind == .unavailable ? 503 : 422,
            title: error.title,
            detail: error.why,
            next: error.next?.text,
            exit: error.kind == .notFound ? ExitCode.notFound.rawValue : ExitCode.badData.rawValue
        )
    }
}
