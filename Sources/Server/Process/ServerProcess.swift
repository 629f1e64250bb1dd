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
import StrictJSON
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
    /// Connections that the system holds until they are accepted. Where it holds too few, those who come in a rush are
    /// told nothing, and try again a second later.
    private static let backlog = 4096

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
            try await start { announce(HiddenScalars.shown($0)) }
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
        let tls = try options.tls.map { try CertificateFiles(files: $0).read() }
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
        let logger = SafeLog.logger(level: options.isVerbose ? .info : .warning)
        let configuration = ControlPlaneConfiguration(
            folder: options.folder,
            build: options.build,
            now: now,
            maxDeadlineSeconds: options.maxDeadlineSeconds
        )
        let plane = try await ControlPlane.open(configuration, start: folder, logger: logger)
        for note in plane.startNotes + [PrivateOutput.note(onFolder: options.folder.path)].compactMap(\.self) {
            logger.warning("\(note)")
        }

        let site = try Site(plane: plane, options: options, now: now)
        let limits = ConnectionLimits(descriptors: Descriptors.raiseLimit(), used: Descriptors.open())
        site.connections.setLimits(limits)
        if limits.isReduced {
            logger.warning(
                "only \(limits.inAll) connections are served at a time: raise the limit of open files (ulimit -n)"
            )
        }
        let certificate = tls.map { ServedCertificate($0) }
        let application = Application(
            responder: site.edge,
            server: builder(certificate, site),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                backlog: ServerProcess.backlog
            ),
            onServerRunning: { channel in
                await pauseWithoutDescriptors(channel, site.connections)
                let port = channel.localAddress?.port ?? options.port
                site.setPort(port)
                folder.isServed()
                if folder.isNew { announce("made a new data folder: \(options.folder.path)") }
                await storeToken(of: plane, port: port, announce)
                announce(await greeting(site, plane))
            },
            logger: logger
        )
        var services: [any Service] = [plane, application, StopNotice(plane: plane)]
        if let certificate, let files = options.tls.map({ CertificateFiles(files: $0) }) {
            services.append(
                CertificateReloads(files: files, certificate: certificate, logger: logger, announce: announce)
            )
        }
        var group = ServiceGroupConfiguration(
            services: services,
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

    /// Accepting rests when there are no descriptors left.
    private func pauseWithoutDescriptors(_ channel: any Channel, _ connections: OpenConnections) async {
        try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptPause(connections), position: .first)
        }.get()
    }

    /// The line that says where the server is; where nobody else reads it, with a link that logs a browser in once.
    private func greeting(_ site: Site, _ plane: ControlPlane) async -> String {
        guard let admin = (try? await plane.access.firstAdmin()) ?? nil else { return "serving \(site.address)" }
        guard options.showsSecrets else { return "serving \(site.address)   log in: \(NextStep.openLogin)" }
        let link = (try? site.link(for: admin.name)).map {
            "   log in: \($0) (works once, \(Int(Logins.linkSeconds / 60)) min)"
        }
        return "serving \(site.address)\(link ?? "")"
    }

    /// Hands the first admin token over. What is said of it is said when it works.
    private func storeToken(of plane: ControlPlane, port: Int, _ announce: @Sendable (String) -> Void) async {
        let handover = FirstToken(options: options, address: "\(options.scheme)://\(options.hostInAddress):\(port)")
        do {
            let delivery = try await plane.access.makeFirstKey { token in
                try handover.deliver(token, announce)
            } takeBack: {
                handover.takeBack($0, announce)
            }
            for line in delivery?.lines ?? [] { announce(line) }
        } catch let error as ServerError {
            let problem = error.problem
            let parts = [problem.title, problem.detail, problem.next.map { "next: \($0)" }].compactMap(\.self)
            announce("nobody can log in, no admin key was made: \(parts.joined(separator: "; "))")
        } catch {
            announce("nobody can log in, no admin key was made: \(error)")
        }
    }

    private func builder(_ certificate: ServedCertificate?, _ site: Site) -> HTTPServerBuilder {
        let disconnects = site.disconnects, connections = site.connections
        let isSecure = certificate != nil
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                LastHeadersHandler(isSecure: isSecure), ConnectionHandler(connections),
                ServedConnectionHandler(disconnects),
            ],
            idleTimeout: .seconds(ServerProcess.idleSeconds)
        )
        guard let certificate else {
            return HTTPServerBuilder { responder in
                PacedChannel(
                    base: HTTP1Channel(responder: responder, configuration: configuration),
                    connections: connections
                )
            }
        }
        return HTTPServerBuilder { responder in
            try certificate.channel(
                over: PacedChannel(
                    base: HTTP1Channel(responder: responder, configuration: configuration),
                    connections: connections
                )
            )
        }
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
