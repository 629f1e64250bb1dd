import ControlPlane
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import RegistryRecords
import RegistryTypes
import ServiceLifecycle
import StoredLogins
import Synchronization
import UnixSignals
import WireFormat
import Wording

/// `serin serve`: registry, API and pages in one process.
public struct ServerProcess: Sendable {
    /// Seconds that requests in flight get when the server is told to stop.
    private static let graceSeconds = 10
    /// Seconds without a request after which a connection is closed.
    private static let idleSeconds: Int64 = 60
    /// Connections that are served at the same time.
    private static let maxConnections = 1024

    private let options: ServerOptions
    private let now: @Sendable () -> Timestamp

    /// A server that is not started yet.
    public init(_ options: ServerOptions) {
        self.options = options
        now = { Timestamp(Date()) }
    }

    /// Serves until the process is told to stop (SIGTERM, SIGINT).
    ///
    /// - Parameter announce: Called once with the lines a person should see, when the server answers.
    /// - Throws: `Problem` when it cannot start.
    public func run(announce: @escaping @Sendable (String) -> Void) async throws {
        do {
            try await start(announce)
        } catch let error as ServerError {
            throw error.problem
        } catch let error as IOError {
            throw bindError(error).problem
        } catch {
            throw Problem(ofFolder: error)
        }
    }

    private func start(_ announce: @escaping @Sendable (String) -> Void) async throws {
        guard options.isLoopback || options.tls != nil || options.allowsInsecureBind else {
            throw ServerError.exposed(host: options.host)
        }
        // What is wrong with flags and files is said before there is a folder.
        let tls = try options.tls.map { try ServerProcess.tls($0) }
        let folder = StartFolder(options.folder)
        do {
            try await serve(tls, folder, announce)
        } catch {
            folder.removeUnlessServed()
            throw error
        }
    }

    private func serve(
        _ tls: TLSConfiguration?,
        _ folder: StartFolder,
        _ announce: @escaping @Sendable (String) -> Void
    ) async throws {
        var logger = Logger(label: "serin")
        logger.logLevel = options.isVerbose ? .info : .warning
        let configuration = ControlPlaneConfiguration(
            folder: options.folder,
            build: options.build,
            now: now,
            maxDeadlineSeconds: options.maxDeadlineSeconds
        )
        let plane = try await ControlPlane.open(configuration, start: folder, logger: logger)
        for note in plane.startNotes { logger.warning("\(note)") }

        let site = try Site(plane: plane, options: options, now: now)
        let application = Application(
            responder: site.edge,
            server: builder(tls, site.disconnects),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: MaximumAvailableConnections(ServerProcess.maxConnections)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? options.port
                site.setPort(port)
                folder.isServed()
                if folder.isNew { announce("made a new data folder: \(options.folder.path)") }
                await storeToken(of: plane, port: port, announce)
                announce(await greeting(site, plane))
            },
            logger: logger
        )
        var group = ServiceGroupConfiguration(
            services: [plane, application, StopNotice(plane: plane)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(ServerProcess.graceSeconds)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            try? await plane.close()
            throw error
        }
        try await plane.close()
    }

    /// The line that says where the server is, with a link that logs a browser in once.
    private func greeting(_ site: Site, _ plane: ControlPlane) async -> String {
        let admin = (try? await plane.access.firstAdmin()) ?? nil
        let link = admin.flatMap { try? site.link(for: $0.name) }.map {
            "   log in: \($0) (works once, \(Int(Logins.linkSeconds / 60)) min)"
        }
        return "serving \(site.address)\(link ?? "")"
    }

    /// Hands the first admin token to the command line of the user who started the server. It is shown only when
    /// there is no other way to hand it over.
    private func storeToken(of plane: ControlPlane, port: Int, _ announce: @Sendable (String) -> Void) async {
        let address = "\(options.scheme)://\(options.hostInAddress):\(port)"
        do {
            try await plane.access.makeFirstKey { token in
                do {
                    guard let folder = options.configurationFolder else { throw CocoaError(.fileNoSuchFile) }
                    let path = StoredLogins.path(inFolder: folder.path)
                    try StoredLogins.update(path) { try $0.add(token, for: address) }
                } catch {
                    if case StoredLogins.Failure.known = error {
                        announce(
                            "another login is stored for \(address), and was left as it is: it may be that of another folder"
                        )
                    }
                    announce(
                        "admin token (shown this once, keep it safe): \(token)   for \(address): \(NextStep.login)"
                    )
                }
            }
        } catch {
            announce("no admin key could be made: \(error)")
        }
    }

    private func builder(_ tls: TLSConfiguration?, _ disconnects: Disconnects) -> HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [LastHeadersHandler(), ServedConnectionHandler(disconnects)],
            idleTimeout: .seconds(ServerProcess.idleSeconds)
        )
        guard let tls else {
            return HTTPServerBuilder { responder in
                PacedChannel(base: HTTP1Channel(responder: responder, configuration: configuration))
            }
        }
        return HTTPServerBuilder { responder in
            try TLSChannel(
                PacedChannel(base: HTTP1Channel(responder: responder, configuration: configuration)),
                tlsConfiguration: tls
            )
        }
    }

    private static func tls(_ files: ServerOptions.TLSFiles) throws -> TLSConfiguration {
        for path in [files.certificate, files.key] where !FileManager.default.isReadableFile(atPath: path) {
            throw ServerError.badCertificate(path: path, reason: "no such file, or it may not be read")
        }
        let chain: [NIOSSLCertificate], key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw ServerError.badCertificate(path: files.certificate, reason: "no usable PEM: \(error)")
        }
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw ServerError.badCertificate(path: files.key, reason: "no usable PEM: \(error)")
        }
        return TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
    }

    private func bindError(_ error: IOError) -> ServerError {
        error.errnoCode == EADDRINUSE
            ? .portInUse(host: options.host, port: options.port)
            : .cannotBind(host: options.host, port: options.port, reason: String(cString: strerror(error.errnoCode)))
    }
}

/// Hears first that the process is to stop, and tells the control plane before connections are drained.
private struct StopNotice: Service {
    let plane: ControlPlane

    func run() async throws {
        try await gracefulShutdown()
        plane.prepareToStop()
    }
}
