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
    }

    private let queue: ServingQueue
    private let batch: GenerationBatch
    private var running: [Int: Running] = [:]

    init(_ queue: ServingQueue, _ batch: GenerationBatch) {
        self.queue = queue
        self.batch = batch
    }

    /// Works until the queue is closed.
    func run() {
        while queue.waitForWork(isIdle: batch.isIdle) {
            let now = ContinuousClock.now
            queue.sweep(at: now)
            for (key, entry) in running {
                if let error = entry.ticket.ending(at: now) { end(key, throwing: error) }
            }
            while let ticket = queue.next(fits: { batch.hasRoom(pages: $0.pages, choices: $0.seeds.count) }) {
                start(ticket)
            }
            batch.step(handle)
        }
        for key in Array(running.keys) { end(key, throwing: ReleaseRuntimeError.engineClosed) }
        queue.threadEnds()
    }

    private func start(_ ticket: ServingTicket) {
        let now = ContinuousClock.now
        running[ticket.key] = Running(ticket: ticket, start: now, openChoices: ticket.seeds.count)
        do {
            try batch.admit(key: ticket.key, ticket.request, seeds: ticket.seeds, start: ticket.arrival)
        } catch {
            return end(ticket.key, throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
        ticket.continuation.yield(
            .started(
                promptTokens: ticket.request.promptTokens.count,
                queueSeconds: ticket.arrival.duration(to: now) / .seconds(1)
            )
        )
    }

    private func handle(_ event: GenerationBatch.Event) {
        switch event {
        case .token(let key, let choice, let token, let text):
            guard let ticket = running[key]?.ticket else { return }
            ticket.continuation.yield(.token(choice: choice, served(token, text, ticket)))
        case .ended(let key, let choice, let generation):
            guard let entry = running[key] else { return }
            entry.ticket.continuation.yield(.finished(choice: choice, Answer(generation)))
            running[key]?.openChoices -= 1
            guard entry.openChoices == 1 else { return }
            running[key] = nil
            queue.finished(seconds: entry.start.duration(to: .now) / .seconds(1))
            entry.ticket.continuation.finish()
        case .failed(let key, let error):
            // The batch has dropped it already.
            guard let entry = running.removeValue(forKey: key) else { return }
            queue.finished(seconds: nil)
            entry.ticket.continuation.finish(throwing: ReleaseRuntimeError.engineFailed("\(error)"))
        }
    }

    private func end(_ key: Int, throwing error: any Error) {
        guard let entry = running.removeValue(forKey: key) else { return }
        batch.cancel(key)
        queue.finished(seconds: nil)
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
