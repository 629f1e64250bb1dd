import ControlPlane
import Pages
import RegistryRecords
import RegistryTypes
import Synchronization

/// All routes over one control plane, and the address under which they are reached.
final class Site: Sendable {
    /// What was registered, for the test that walks it.
    let entries: [Routes.Entry]
    /// What answers every request.
    let edge: Edge
    /// Who waits for which connection.
    let disconnects = Disconnects()
    /// What is connected.
    let connections = OpenConnections(.usual)

    private let origin: Origin
    private let logins: Logins
    private let now: @Sendable () -> Timestamp

    /// The address people use; the port is known when the socket is bound.
    private final class Origin: Sendable {
        let prefix: String
        let port: Mutex<Int>

        init(prefix: String, port: Int) {
            self.prefix = prefix
            self.port = Mutex(port)
        }

        var text: String { "\(prefix):\(port.withLock { $0 })" }
    }

    /// Registers everything.
    init(plane: ControlPlane, options: ServerOptions, now: @escaping @Sendable () -> Timestamp) throws {
        let logins = Logins()
        let origin = Origin(prefix: "\(options.scheme)://\(options.hostInAddress)", port: options.port)
        let gate = Gatekeeper(
            plane: plane,
            logins: logins,
            cookieName: options.tls == nil ? "serin" : "__Host-serin",
            connections: connections,
            now: now
        )
        let pages = PageRenderer(
            templates: try Templates(),
            scheme: options.scheme,
            now: now,
            openIncidents: { try? await plane.incidents.open().count },
            readOnly: { plane.overview.readOnly }
        )
        var routes = try Routes(gate: gate, pages: pages)
        let access = AccessRoutes(
            plane: plane,
            gate: gate,
            pages: pages,
            logins: logins,
            build: options.build,
            now: now,
            address: { origin.text }
        )
        let paths = ServerPaths(folder: options.folder)
        let groups: [any RouteGroup] = [
            access, ServiceRoutes(plane: plane, pages: pages, build: options.build, connections: connections),
            OverviewRoutes(plane: plane),
            ModelRoutes(plane: plane, pages: pages, paths: paths), ChannelRoutes(plane: plane, pages: pages),
            BlobRoutes(plane: plane), PromptRoutes(plane: plane), PolicyRoutes(plane: plane),
            CanaryRoutes(plane: plane, pages: pages), EvaluationRoutes(plane: plane, pages: pages),
            TrafficRoutes(plane: plane, pages: pages),
            RequestRoutes(plane: plane, pages: pages, now: now), SLORoutes(plane: plane), RolloutRoutes(plane: plane),
            IncidentRoutes(plane: plane, pages: pages), DriftRoutes(plane: plane, pages: pages),
            QuarantineRoutes(plane: plane),
            AuditRoutes(plane: plane, now: now), ReadingRoutes(plane: plane, pages: pages),
            OpenAIRoutes(plane: plane, disconnects: disconnects),
        ]
        for group in groups { try group.register(in: &routes) }
        entries = routes.entries
        edge = Edge(
            router: routes.build(),
            hosts: HostRule(others: options.hostNames + [options.host]),
            gate: gate,
            pages: pages,
            paths: paths,
            methods: AddressMethods(routes.entries)
        )
        self.logins = logins
        self.origin = origin
        self.now = now
    }

    /// The address people use, such as `http://127.0.0.1:7470`.
    var address: String { origin.text }

    /// Says which port was bound.
    func setPort(_ port: Int) { origin.port.withLock { $0 = port } }

    /// A link that logs a browser in once, as the key of that name.
    func link(for key: Name) throws -> String { "\(address)/login?code=\(try logins.makeLink(for: key, now: now()))" }
}
