import DemoTraffic
import Foundation
import StrictJSON
import WireFormat

/// Sends the demo's traffic when it is due, whatever the server does, and counts what comes back.
struct TrafficRun: Sendable {
    let gateway: GatewayClient
    /// A reference such as `ticket-bot`.
    let model: String
    let plan: TrafficPlan
    /// How many requests may be under way; what is due beyond that is sent late, and counted as such.
    let maxInFlight: Int
    let wantsLabels: Bool

    /// What a run came to.
    struct Outcome: Sendable {
        let tally: TrafficTally
        let seconds: Double
        let isInterrupted: Bool
    }

    /// Seconds after the end in which what was due before may still be sent.
    private static let grace = 0.5
    private static let pauseBetweenDrawings = Duration.milliseconds(250)

    private enum Happening: Sendable {
        case requestIsDue
        case timeToDraw
        case ended(SentRequest, refusal: (any Error)?)
        case stopped
    }

    /// Runs to the end of the plan, or until the task is cancelled: what was counted by then is returned too.
    ///
    /// - Parameter draw: Called four times a second with what is known and the seconds since the start.
    /// - Throws: What the first request met, when it lets no request succeed: no server, no key, no such model.
    func callAsFunction(draw: (TrafficTally, Double) -> Void) async throws -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        let elapsed: @Sendable () -> Double = { start.duration(to: clock.now) / .seconds(1) }
        var tally = TrafficTally(seconds: plan.seconds)
        var refusal: (any Error)?
        await withTaskGroup(of: Happening.self) { group in
            var plan = plan
            var upcoming = plan.next()
            var inFlight = 0, isAwaitingNext = false
            func wait(until moment: ContinuousClock.Instant, for happening: Happening) {
                group.addTask {
                    do { try await clock.sleep(until: moment) } catch { return .stopped }
                    return happening
                }
            }
            wait(until: start + Self.pauseBetweenDrawings, for: .timeToDraw)
            while true {
                if elapsed() > plan.seconds + Self.grace, upcoming != nil {
                    tally.leave(1 + plan.reduce(0) { count, _ in count + 1 })
                    upcoming = nil
                }
                while !group.isCancelled, inFlight < maxInFlight, let request = upcoming, request.due <= elapsed() {
                    tally.send(due: request.due, now: elapsed())
                    inFlight += 1
                    group.addTask { await send(request, elapsed) }
                    upcoming = plan.next()
                }
                if upcoming == nil, inFlight == 0 { group.cancelAll() }
                if !isAwaitingNext, inFlight < maxInFlight, !group.isCancelled, let upcoming {
                    isAwaitingNext = true
                    wait(until: start + .seconds(upcoming.due), for: .requestIsDue)
                }
                guard let happening = await group.next() else { break }
                switch happening {
                case .requestIsDue: isAwaitingNext = false
                case .timeToDraw:
                    draw(tally, elapsed())
                    if !group.isCancelled { wait(until: clock.now + Self.pauseBetweenDrawings, for: .timeToDraw) }
                case .ended(let request, let met):
                    inFlight -= 1
                    tally.add(request)
                    if let met, tally.answered == 0 {
                        refusal = refusal ?? met
                        group.cancelAll()
                    }
                case .stopped: break
                }
            }
        }
        if let refusal, !Task.isCancelled { throw refusal }
        return Outcome(tally: tally, seconds: elapsed(), isInterrupted: Task.isCancelled)
    }

    /// Sends one request, compares the answer, and labels it.
    private func send(_ request: PlannedRequest, _ elapsed: @Sendable () -> Double) async -> Happening {
        let completion: GatewayClient.Completion
        do {
            completion = try await gateway.complete(
                model: model,
                variables: ["ticket": request.ticket.text],
                user: request.user
            )
        } catch {
            let isOurs = error is CancellationError || Task.isCancelled
            let end: SentRequest.End = isOurs ? .abandoned : .failed(reason: Self.reason(error))
            let met = SentRequest(due: request.due, ended: elapsed(), end: end)
            return .ended(met, refusal: !isOurs && Self.refusesAll(error) ? error : nil)
        }
        let ended = elapsed()
        let isRight = completion.text == request.ticket.answer
        let answer = SentRequest.Answer(
            release: completion.release,
            arm: completion.arm,
            isRight: isRight,
            isJSON: (try? JSONText.parse(completion.text)) != nil,
            label: await label(completion, isRight: isRight, right: request.ticket.answer)
        )
        return .ended(SentRequest(due: request.due, ended: ended, end: .answered(answer)), refusal: nil)
    }

    private func label(
        _ completion: GatewayClient.Completion,
        isRight: Bool,
        right: String
    ) async -> SentRequest.Label {
        guard wantsLabels else { return .notWanted }
        do {
            try await gateway.label(completion.request, isCorrect: isRight, correction: isRight ? nil : right)
            return .taken
        } catch { return .refused(reason: Task.isCancelled ? "stopped" : Self.reason(error)) }
    }

    /// Whether no other request would fare better: the server is not there, or says no to the caller or the model.
    static func refusesAll(_ error: any Error) -> Bool {
        switch error {
        case let problem as Problem: [400, 401, 403, 404].contains(problem.status)
        case CommandsError.unreachable, CommandsError.unexpectedAnswer: true
        default: false
        }
    }

    /// A few words for a count of failures.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let problem as Problem: "HTTP \(problem.status), \(problem.title)"
        case CommandsError.unreachable(_, let reason, _): "no connection, \(reason)"
        default: ErrorReport(error).title
        }
    }
}
