import Dispatch
import Foundation
import Synchronization

/// Ctrl-C: the first ends the waiting, the second the process.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// One element when SIGINT or SIGTERM comes the first time; at the second the process ends at once with 130.
    static func first() -> AsyncStream<Void> {
        AsyncStream { continuation in
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler {
                    // The source holds this closure and is held by it, so that it hears the second signal too.
                    withExtendedLifetime(source) {
                        if count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
                        continuation.yield()
                        continuation.finish()
                    }
                }
                source.resume()
            }
        }
    }
}
