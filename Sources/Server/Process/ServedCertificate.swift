import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import UnixSignals
import WireFormat

/// The certificate that new connections get. Those that are open keep the one that they began with.
final class ServedCertificate: Sendable {
    private struct State {
        var configuration: TLSConfiguration
        var base: PacedChannel?
        var channel: TLSChannel<PacedChannel>?
    }

    private let state: Mutex<State>

    init(_ configuration: TLSConfiguration) { state = Mutex(State(configuration: configuration)) }

    /// What serves connections over `base`.
    func channel(over base: PacedChannel) throws -> CertifiedChannel {
        try state.withLock { state in
            state.base = base
            state.channel = try TLSChannel(base, tlsConfiguration: state.configuration)
        }
        return CertifiedChannel(certificate: self, base: base)
    }

    /// Serves another certificate from now on; when that cannot be, the one before.
    func replace(with configuration: TLSConfiguration) throws {
        try state.withLock { state in
            if let base = state.base { state.channel = try TLSChannel(base, tlsConfiguration: configuration) }
            state.configuration = configuration
        }
    }

    /// What a new connection is made of.
    fileprivate var current: TLSChannel<PacedChannel>? { state.withLock { $0.channel } }
}

/// HTTP/1.1 over TLS, each connection with the certificate of the moment at which it came.
struct CertifiedChannel: ServerChildChannel {
    typealias Value = PacedChannel.Value

    let certificate: ServedCertificate
    let base: PacedChannel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let current = certificate.current else {
            return channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
        }
        return current.setup(channel: channel, logger: logger)
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Reads the certificate again when its files change, and on SIGHUP. One that cannot be used changes nothing, and is
/// said.
struct CertificateReloads: Service {
    /// How often the files are looked at.
    private static let pause = Duration.seconds(5)

    let files: CertificateFiles
    let certificate: ServedCertificate
    let logger: Logger
    /// Takes the line that says that another certificate is served.
    let announce: @Sendable (String) -> Void

    func run() async throws {
        // Taken before the signal can come: without that it would end the process.
        let signals = await UnixSignalsSequence(trapping: .sighup)
        let first = files.state
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await _ in signals { reload() } }
                group.addTask {
                    var watch = CertificateWatch(first)
                    while (try? await Task.sleep(for: Self.pause)) != nil {
                        if watch.shouldRead(files.state) { reload() }
                    }
                }
            }
        }
    }

    private func reload() {
        do {
            try certificate.replace(with: files.read())
            announce("the certificate was read again: new connections get \(files.files.certificate) as it is now")
        } catch {
            let reason = (error as? ServerError).map { [$0.problem.title, $0.problem.detail ?? ""] } ?? ["\(error)"]
            logger.error("the certificate stays the one that is served: \(reason.joined(separator: ": "))")
        }
    }
}
