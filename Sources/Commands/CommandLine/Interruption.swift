import Dispatch
import Foundation
import Synchronization

/// Ctrl-C: the first ends the waiting, the second the process.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// One element when SIGINT or SIGTERM comes the first time; at the second the process ends at once with 130.
    static func first() -> AsyncStream<Void> {
        AsyncStream { continuation in
            let sources = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler {
                    if count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
                    continuation.yield()
                    continuation.finish()
                }
                source.resume()
                return source
            }
            let held = Held(sources)
            continuation.onTermination = { termination in
                if case .cancelled = termination { held.cancel() }
            }
        }
    }

    /// The sources, kept as long as somebody listens; after the first signal they stay for the second.
    private final class Held: Sendable {
        private let sources: Mutex<[any DispatchSourceSignal]>
        init(_ sources: sending [any DispatchSourceSignal]) { self.sources = Mutex(sources) }
        func cancel() { sources.withLock { $0.forEach { $0.cancel() } } }
    }
}
