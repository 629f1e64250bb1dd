import Inference
import Tokenizers

/// The thread of an engine: takes requests from the queue, runs steps while there is work, sleeps otherwise.
///
/// Sendable although it is mutable: after `init` only its thread touches it.
final class BatchLoop: @unchecked Sendable {
    /// A request that runs.
    private struct Running {
        let request: QueuedRequest
        let start: ContinuousClock.Instant
        var openChoices: Int
        /// One for each choice.
        var readers: [AnswerReader]
        /// What happened since the last delivery.
        var pending: [AnswerEvent] = []
        /// When its last token came; nil before the first.
        var lastToken: ContinuousClock.Instant?
        var lastDelivery: ContinuousClock.Instant

        /// Whether the caller should hear what happened.
        func isDue(at now: ContinuousClock.Instant, after pause: Duration) -> Bool {
            !pending.isEmpty && lastDelivery.duration(to: now) >= pause
        }

        /// Adds the end of a choice; what its reader held back belongs to its last token.
        mutating func finish(_ choice: Int, _ generation: Generation) {
            if !request.reportsTokens { _ = readers[choice].take(generation.text) }
            let rest = readers[choice].finish()
            if case .token(choice, let token)? = pending.last, rest != AnswerReader.Piece() {
                pending[pending.count - 1] = .token(choice: choice, token.adding(rest))
            }
            let answer = Answer(generation, readers[choice], seed: request.seeds[choice])
            pending.append(.finished(choice: choice, answer))
        }

        /// Hands the caller what happened.
        mutating func deliver(at now: ContinuousClock.Instant) {
            var hasToken = false
            for event in pending {
                if case .token = event { hasToken = true }
                request.continuation.yield(event)
            }
            pending.removeAll(keepingCapacity: true)
            if hasToken { lastDelivery = now }
        }
    }

    /// Waking a caller costs as much as a token of a very small model: tokens that come faster than this are handed
    /// over together, too fast for any reader to notice. Slower ones, and each request's first, at once.
    private static let shortestPause = Duration.milliseconds(4)

    private let queue: RequestQueue
    private let batch: GenerationBatch
    private let live: ForegroundLoad
    private var running: [Int: Running] = [:]
    /// Since when background answers rest; nil while they do not.
    private var restingSince: ContinuousClock.Instant?
    /// When background answers have their next step although there are live requests.
    private var restEnd: ContinuousClock.Instant?

    init(_ queue: RequestQueue, _ batch: GenerationBatch, _ live: ForegroundLoad) {
        self.queue = queue
        self.batch = batch
        self.live = live
    }

    /// Events that callers have yet to be handed.
    var pendingCount: Int { running.values.reduce(0) { $0 + $1.pending.count } }

    /// Works until the queue is closed.
    func run() {
        while queue.waitForWork(isIdle: batch.isIdle) {
            guard !turn(at: .now), let restEnd else { continue }
            queue.makeRoom(atMost: ContinuousClock.now.duration(to: restEnd))
        }
        for key in Array(running.keys) { end(key, throwing: ReleaseRuntimeError.engineClosed) }
        queue.threadEnds()
    }

    /// Lets go of what goes no further, takes in what fits, runs one step and hands out what it gave.
    ///
    /// - Returns: false when there was nothing to run but background answers that rest.
    @discardableResult
    func turn(at now: ContinuousClock.Instant) -> Bool {
        queue.sweep(at: now)
        for (key, entry) in running {
            if let error = entry.request.ending(at: now, token: entry.lastToken) { end(key, throwing: error) }
        }
        while let request = queue.nextLive(at: now, room: room(for:isAmongOthers:)) { start(request, at: now) }
        let rests = backgroundRests(at: now)
        if !rests, !queue.hasLiveWaiting {
            while let request = queue.nextBackground(fits: hasRoomInBackground) { start(request, at: now) }
        }
        let hasRun = batch.step(restingBackground: rests, handle)
        deliver(at: .now)
        return hasRun
    }

    private func hasRoom(_ request: QueuedRequest) -> Bool {
        batch.hasRoom(pages: request.pages, choices: request.seeds.count)
    }

    /// A caller that is not alone has three quarters of everything at most: the rest is there when another comes. Its only
    /// request may take what it needs.
    private func room(for request: QueuedRequest, isAmongOthers: Bool) -> CallerQueue.Room {
        if isAmongOthers {
            let (pages, sequences) = batch.held(by: request.caller)
            let isInShare =
                sequences + request.seeds.count <= batch.limits.maxSequences * 3 / 4
                && pages + request.pages <= batch.limits.pageCount * 3 / 4
            guard sequences == 0 || isInShare else { return .othersOnly }
        }
        return hasRoom(request) ? .free : .none
    }

    /// Background requests take half of everything at most: the other half is there when a live one comes. One alone
    /// may take what it needs.
    private func hasRoomInBackground(_ request: QueuedRequest) -> Bool {
        guard hasRoom(request) else { return false }
        let (pages, sequences) = batch.background
        return sequences == 0
            || sequences + request.seeds.count <= batch.limits.maxSequences / 2
                && pages + request.pages <= batch.limits.pageCount / 2
    }

    /// Whether background answers rest in this turn: while there are live requests anywhere in the process, but for one
    /// step each ``ForegroundLoad/longestPause``, and not where live requests wait for the room that they take.
    private func backgroundRests(at now: ContinuousClock.Instant) -> Bool {
        if live.count == 0 {
            restEnd = nil
        } else if !(queue.hasLiveWaiting && batch.background.sequences > 0) {
            let end = restEnd ?? now + ForegroundLoad.longestPause
            if now < end {
                restEnd = end
                restingSince = restingSince ?? now
                return true
            }
            restEnd = now + ForegroundLoad.longestPause
        }
        if let since = restingSince {
            batch.delayBackground(by: since.duration(to: now))
            restingSince = nil
        }
        return false
    }

    private func start(_ request: QueuedRequest, at now: ContinuousClock.Instant) {
        running[request.key] = Running(
            request: request,
            start: now,
            openChoices: request.seeds.count,
            readers: request.seeds.map { _ in AnswerReader(request.shape) },
            lastDelivery: now - Self.shortestPause
        )
        do {
            try batch.admit(
                key: request.key,
                request.generation,
                seeds: request.seeds,
                caller: request.caller,
                // Work in the background had no claim to an earlier turn.
                start: request.priority == .live ? request.arrival : now,
                isBackground: request.priority == .background
            )
        } catch {
            return end(request.key, throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
        guard request.reportsTokens else { return }
        // At once: whoever waits hears that its turn came before its prompt is read.
        request.continuation.yield(
            .started(
                promptTokens: request.generation.promptTokens.count,
                queueSeconds: max(0, request.arrival.duration(to: now) / .seconds(1))
            )
        )
    }

    private func deliver(at now: ContinuousClock.Instant) {
        var index = running.values.startIndex
        while index != running.values.endIndex {
            if running.values[index].isDue(at: now, after: Self.shortestPause) {
                running.values[index].deliver(at: now)
            }
            running.values.formIndex(after: &index)
        }
    }

    private func handle(_ event: GenerationBatch.Event) {
        switch event {
        case .token(let key, let choice, let token, let text):
            guard let index = running.index(forKey: key), running.values[index].request.reportsTokens else { return }
            if running.values[index].request.deadline?.idle != nil { running.values[index].lastToken = .now }
            let piece = running.values[index].readers[choice].take(text)
            let served = served(token, piece, running.values[index].request)
            running.values[index].pending.append(.token(choice: choice, served))
        case .ended(let key, let choice, let generation):
            guard let index = running.index(forKey: key) else { return }
            running.values[index].finish(choice, generation)
            running.values[index].openChoices -= 1
            guard running.values[index].openChoices == 0 else { return }
            var entry = running.remove(at: index).value
            let now = ContinuousClock.now
            queue.finished(entry.request, seconds: entry.start.duration(to: now) / .seconds(1))
            entry.deliver(at: now)
            entry.request.continuation.finish()
        case .failed(let key, let error):
            // The batch has dropped it already.
            guard var entry = running.removeValue(forKey: key) else { return }
            queue.finished(entry.request, seconds: nil)
            entry.deliver(at: .now)
            entry.request.continuation.finish(throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
    }

    private func end(_ key: Int, throwing error: any Error) {
        guard var entry = running.removeValue(forKey: key) else { return }
        batch.cancel(key)
        queue.finished(entry.request, seconds: nil)
        entry.deliver(at: .now)
        entry.request.continuation.finish(throwing: error)
    }

    private func served(_ token: Generation.Token, _ piece: AnswerReader.Piece, _ request: QueuedRequest) -> AnswerToken
    {
        let tokenizer = batch.tokenizer
        return AnswerToken(
            id: token.id,
            bytes: tokenizer.bytes(of: token.id),
            text: piece.text,
            thinking: piece.thinking,
            logProbability: token.logProbability,
            alternatives: token.alternatives.map { other in
                AnswerToken.Alternative(
                    id: other.token,
                    bytes: tokenizer.bytes(of: other.token),
                    logProbability: other.logProbability
                )
            },
            isEnd: tokenizer.endTokens.contains(token.id) || request.generation.stopTokens.contains(token.id),
            seconds: token.seconds
        )
    }
}
