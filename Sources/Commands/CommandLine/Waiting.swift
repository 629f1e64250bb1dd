import Foundation
import WireFormat
import Wording

/// Waits for work on the server, with progress on the standard error.
struct Waiting: Sendable {
    let session: Session
    /// What is waited for, such as `canary c-204`.
    let what: String
    /// How to look at it later.
    let next: Advice
    /// Seconds to wait at most; nil without end.
    let limitSeconds: Double?

    /// How long a server may be away, such as for a restart, before waiting for it ends.
    static let timeout = Duration.seconds(30)

    /// Asks again and again until `isDone`.
    ///
    /// - Throws: ``CommandsError/stillRunning(what:seconds:next:)`` at the end of the limit, what `ask` throws.
    func until<View: Sendable>(
        label: (View) -> String,
        progress: (View) -> WorkProgress?,
        isDone: (View) -> Bool,
        ask: () async throws -> View
    ) async throws -> View {
        session.work.set(.init(what: "\(what) goes on", next: next))
        defer { session.work.set(nil) }
        let clock = ContinuousClock()
        let start = clock.now
        var pause = Duration.milliseconds(100), awaySince: ContinuousClock.Instant?
        var line: ProgressLine?
        defer { if var line { Streams.talk(line.close()) } }
        while true {
            do {
                let view = try await ask()
                awaySince = nil
                if let progress = progress(view) {
                    var drawn =
                        line
                        ?? ProgressLine(
                            label(view),
                            mode: session.settings.progress,
                            unit: .requests,
                            style: session.printer.talkStyle
                        )
                    Streams.talk(drawn.update(progress))
                    line = drawn
                }
                if isDone(view) { return view }
            } catch let error as CommandsError {
                guard case .unreachable = error else { throw error }
                let since = awaySince ?? clock.now
                if awaySince == nil { session.printer.detail("the server is away; waiting for it") }
                awaySince = since
                if since.duration(to: clock.now) > Self.timeout { throw error }
            }
            if let limitSeconds, start.duration(to: clock.now) > .seconds(limitSeconds) {
                throw CommandsError.stillRunning(what: what, seconds: limitSeconds, next: next)
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 1.3, .seconds(1))
        }
    }
}
