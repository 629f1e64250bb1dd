import Catalog
import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import Server

/// A clock that tests move.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_795_260_044_120))

    var now: Timestamp { time.withLock { $0 } }

    func advance(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// A site over a control plane in a folder of its own, with a key for each role.
final class TestSite: Sendable {
    let plane: ControlPlane
    let site: Site
    let tokens: [Role: String]
    let clock: TestClock
    let admin: Caller
    private let scratch: ScratchFolder

    init() async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "data")
        let clock = TestClock()
        let plane = try await ControlPlane.open(
            ControlPlaneConfiguration(folder: folder, build: "test", now: { clock.now }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        var tokens = [Role.admin: try #require(try await plane.access.makeFirstKey { $0 })]
        admin = Caller(name: try Name("admin"), role: .admin)
        for role in Role.allCases where role != .admin {
            tokens[role] = try await plane.access.createKey(
                KeyRequest(name: Name(role.rawValue), role: role),
                by: admin
            ).token
        }
        self.plane = plane
        self.tokens = tokens
        self.scratch = scratch
        self.clock = clock
        site = try Site(plane: plane, options: ServerOptions(folder: folder, build: "test"), now: { clock.now })
    }

    /// A site over a log that somebody wrote, with a key for each role.
    init(by actor: String, _ events: [RegistryEvent]) async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "data"), clock = TestClock()
        let configuration = ControlPlaneConfiguration(folder: folder, build: "test", now: { clock.now })
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await ControlPlane.open(configuration, logger: logger).close()
        let catalog = try Catalog.open(path: folder.appending(path: "serin.db").path)
        try await catalog.append(actor: actor, time: clock.now) { _ in events }
        try await catalog.close()
        let plane = try await ControlPlane.open(configuration, logger: logger)
        var tokens = [Role.admin: try #require(try await plane.access.makeFirstKey { $0 })]
        admin = Caller(name: try Name("admin"), role: .admin)
        for role in Role.allCases where role != .admin {
            let request = KeyRequest(name: try Name(role.rawValue), role: role)
            tokens[role] = try await plane.access.createKey(request, by: admin).token
        }
        self.plane = plane
        self.tokens = tokens
        self.scratch = scratch
        self.clock = clock
        site = try Site(plane: plane, options: ServerOptions(folder: folder, build: "test"), now: { clock.now })
    }

    /// A site over a registry that holds many of everything. Its only token is that of an admin.
    ///
    /// - Parameter meter: Made with the path of the log before it is opened.
    init(_ registry: LargeRegistry, meter: (String) -> Void) async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "data"), clock = TestClock()
        // A folder that a server began, and then all that is written into its log.
        try await ControlPlane.open(
            ControlPlaneConfiguration(folder: folder, build: "test", now: { clock.now }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ).close()
        let path = folder.appending(path: "serin.db").path
        try await registry.write(to: path)
        meter(path)
        let plane = try await ControlPlane.open(
            ControlPlaneConfiguration(folder: folder, build: "test", now: { clock.now }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        self.plane = plane
        self.scratch = scratch
        self.clock = clock
        tokens = [.admin: LargeRegistry.token]
        admin = Caller(name: try Name("admin"), role: .admin)
        site = try Site(plane: plane, options: ServerOptions(folder: folder, build: "test"), now: { clock.now })
    }

    /// Runs `test` with a client that asks the router directly, or over a socket.
    func run(
        _ setup: TestingSetup = .router,
        _ test: @Sendable (TestBrowser) async throws -> Void
    ) async throws {
        let application = Application(
            responder: site.edge,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let tokens = tokens
        try await application.test(setup) { client in try await test(TestBrowser(client: client, tokens: tokens)) }
    }
}

/// A browser, or a program, that asks.
struct TestBrowser: Sendable {
    let client: any TestClientProtocol
    let tokens: [Role: String]
    var cookie: String?
    var formToken = ""

    init(client: any TestClientProtocol, tokens: [Role: String]) {
        self.client = client
        self.tokens = tokens
    }

    func ask(
        _ method: HTTPRequest.Method = .get,
        _ uri: String,
        role: Role? = nil,
        _ headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> TestResponse {
        var fields = HTTPFields()
        if let token = role.flatMap({ tokens[$0] }) { fields[.authorization] = "Bearer \(token)" }
        if let cookie { fields[.cookie] = cookie }
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        return try await client.execute(
            uri: uri,
            method: method,
            headers: fields,
            body: body.map { ByteBuffer(string: $0) }
        )
    }

    /// A page as a browser asks for it.
    func page(_ uri: String) async throws -> TestResponse { try await ask(.get, uri, ["Accept": "text/html"]) }

    /// A form as our own page sends it; `headers` may say otherwise.
    func send(_ uri: String, _ form: String, _ headers: [String: String] = [:]) async throws -> TestResponse {
        let own = ["Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"]
        return try await ask(.post, uri, own.merging(headers) { $1 }, body: form)
    }

    /// Logs in by a form with the token of `role`.
    func loggedIn(_ role: Role) async throws -> TestBrowser {
        try await loggedIn(token: #require(tokens[role]))
    }

    /// Logs in by a form with a token.
    func loggedIn(token: String) async throws -> TestBrowser {
        let answer = try await send("/login", "token=\(token)")
        #expect(answer.status == .seeOther)
        return try await keeping(answer)
    }

    /// Keeps the session of `answer`, and reads the token of its forms.
    func keeping(_ answer: TestResponse) async throws -> TestBrowser {
        var browser = self
        browser.cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first.map(String.init))
        let html = String(buffer: try await browser.page("/login").body)
        _ = html
        let anyPage = String(buffer: try await browser.page("/models").body)
        let mark = "name=\"csrf\" value=\""
        browser.formToken =
            anyPage.range(of: mark).map { String(anyPage[$0.upperBound...].prefix { $0 != "\"" }) } ?? ""
        return browser
    }
}
