import Inference

/// The thread of a serving engine: takes requests from the queue, runs steps while there is work, sleeps otherwise.
///
/// Sendable although it is mutable: after `init` only its thread touches it.
final class ServingLoop: @unchecked Sendable {
    /// A request that runs.
    private struct Running {
        let ticket: ServingTicket
        let start: ContinuousClock.Instant
        var openChoices: Int
        /// What happened since the last delivery.
        var pending: [ServingEvent] = []
        var lastDelivery: ContinuousClock.Instant

        /// Whether the caller should hear what happened.
        func isDue(at now: ContinuousClock.Instant, after pause: Duration) -> Bool {
            ticket.isStreamed && !pending.isEmpty && lastDelivery.duration(to: now) >= pause
        }

        /// Hands the caller what happened.
        mutating func deliver(at now: ContinuousClock.Instant) {
            var hasToken = false
            for event in pending {
                if case .token = event { hasToken = true }
                ticket.continuation.yield(event)
            }
            pending.removeAll(keepingCapacity: true)
            if hasToken { lastDelivery = now }
        }
    }

    /// Waking a caller costs as much as a token of a very small model: tokens that come faster than this are handed
    /// over together, too fast for any reader to notice. Slower ones, and each request's first, at once.
    private static let shortestPause = Duration.milliseconds(4)

    private let queue: ServingQueue
    private let batch: GenerationBatch
    private var running: [Int: Running] = [:]

    init(_ queue: ServingQueue, _ batch: GenerationBatch) {
        self.queue = queue
        self.batch = batch
    }

    /// Events that callers have yet to be handed.
    var pendingCount: Int { running.values.reduce(0) { $0 + $1.pending.count } }

    /// Works until the queue is closed.
    func run() {
        while queue.waitForWork(isIdle: batch.isIdle) { turn(at: .now) }
        for key in Array(running.keys) { end(key, throwing: ReleaseRuntimeError.engineClosed) }
        queue.threadEnds()
    }

    /// Lets go of what goes no further, takes in what fits, runs one step and hands out what it gave.
    func turn(at now: ContinuousClock.Instant) {
        queue.sweep(at: now)
        for (key, entry) in running {
            if let error = entry.ticket.ending(at: now) { end(key, throwing: error) }
        }
        while let ticket = queue.next(fits: { batch.hasRoom(pages: $0.pages, choices: $0.seeds.count) }) {
            start(ticket, at: now)
        }
        batch.step(handle)
        deliver(at: .now)
    }

    private func start(_ ticket: ServingTicket, at now: ContinuousClock.Instant) {
        running[ticket.key] = Running(
            ticket: ticket,
            start: now,
            openChoices: ticket.seeds.count,
            lastDelivery: now - Self.shortestPause
        )
        do {
            try batch.admit(key: ticket.key, ticket.request, seeds: ticket.seeds, start: ticket.arrival)
        } catch {
            return end(ticket.key, throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
        // At once: whoever waits hears that its turn came before its prompt is read.
        ticket.continuation.yield(
            .started(
                promptTokens: ticket.request.promptTokens.count,
                queueSeconds: max(0, ticket.arrival.duration(to: now) / .seconds(1))
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
            guard let index = running.index(forKey: key) else { return }
            let served = served(token, text, running.values[index].ticket)
            running.values[index].pending.append(.token(choice: choice, served))
        case .ended(let key, let choice, let generation):
            guard let index = running.index(forKey: key) else { return }
            running.values[index].pending.append(.finished(choice: choice, Answer(generation)))
            running.values[index].openChoices -= 1
            guard running.values[index].openChoices == 0 else { return }
            var entry = running.remove(at: index).value
            let now = ContinuousClock.now
            queue.finished(entry.ticket, seconds: entry.start.duration(to: now) / .seconds(1))
            entry.deliver(at: now)
            entry.ticket.continuation.finish()
        case .failed(let key, let error):
            // The batch has dropped it already.
            guard var entry = running.removeValue(forKey: key) else { return }
            queue.finished(entry.ticket, seconds: nil)
            entry.deliver(at: .now)
            entry.ticket.continuation.finish(throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
    }

    private func end(_ key: Int, throwing error: any Error) {
        guard var entry = running.removeValue(forKey: key) else { return }
        batch.cancel(key)
        queue.finished(entry.ticket, seconds: nil)
        entry.deliver(at: .now)
        entry.ticket.continuation.finish(throwing: error)
    }

    private func served(_ token: Generation.Token, _ text: String, _ ticket: ServingTicket) -> ServedToken {
        let tokenizer = batch.tokenizer
        return ServedToken(
            id: token.id,
            bytes: tokenizer.bytes(of: token.id),
            text: text,
            logProbability: token.logProbability,
            alternatives: token.alternatives.map { other in
                ServedToken.Alternative(
                    id: other.token,
                    bytes: tokenizer.bytes(of: other.token),
                    logProbability: other.logProbability
                )
            },
            isEnd: tokenizer.endTokens.contains(token.id) || ticket.request.stopTokens.contains(token.id),
            seconds: token.seconds
        )
    }
}
