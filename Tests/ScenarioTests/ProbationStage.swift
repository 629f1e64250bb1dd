import Foundation
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

/// The demo under a policy with a probation that outlasts a test, in a data folder of its own.
final class ProbationStage: Sendable {
    let installation: Installation
    let data: URL
    let token: String
    /// The key of an application whose texts are kept.
    let key: String

    static let policy = """
        apiVersion: serin/v1
        kind: Policy
        name: production
        for: { channel: production, models: ["*"] }
        gates:
          - { id: smoke, type: smoke, level: mandatory }
        onMissing: block
        rollout: { strategy: direct, probation: 1 h, holdback: 30 % }
        rollBackWhen:
          - { worseThanPrevious: bad answers, error: 5 % }
          - { engineFailures: 3 }
        """

    /// - Parameter data: Where the data folder is moved to; the installation's own unless it is given.
    init(data: URL? = nil) throws {
        let installation = try Installation()
        self.installation = installation
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        if let data { try FileManager.default.moveItem(at: installation.data, to: data) }
        self.data = data ?? installation.data
        let server = try RunningServer(installation, data: self.data)
        token = try installation.token(server.address)
        let environment = ["SERIN_SERVER": server.address]
        let policy = try installation.write("policy.yaml", Self.policy)
        #expect(try installation.run(["apply", "-f", policy, "--no-input"], environment: environment).exit == 0)
        for version in ["v2", "v3"] {
            let folder = files.appending(path: version).path
            let published = try installation.run(
                ["publish", folder, "--model", "ticket-bot"],
                environment: environment
            )
            #expect(published.exit == 0, "\(published.err)")
        }
        key = try installation.run(
            ["key", "create", "app", "--role", "caller", "--capture", "redacted", "-o", "json"],
            environment: environment
        ).json(KeyAnswer.self).token
        try server.waitUntilReady()
        try Self.settle(installation, environment.merging(["SERIN_TOKEN": key]) { $1 }, environment)
        #expect(try server.stop() == .exit(0))
    }

    /// The first release answers its customers, and settles: only then is there something to go back to.
    static func settle(
        _ installation: Installation,
        _ customer: [String: String],
        _ person: [String: String]
    ) throws {
        let asked = ["demo", "traffic", "--rate", "20", "--for", "2s", "--seed", "8", "--no-label"]
        #expect(try installation.run(asked, environment: customer).exit == 0)
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            let status = try installation.run(["status", "-o", "json"], environment: person).json(StatusView.self)
            if status.models.first?.channels.first?.move.settled == true { return }
            guard ContinuousClock.now < deadline else {
                Issue.record("the first release did not settle")
                return
            }
        }
    }

    /// Starts a server and waits until it answers applications, or is no longer there.
    func server(failpoint: String? = nil) throws -> RunningServer {
        let server = try RunningServer(
            installation,
            data: data,
            environment: failpoint.map { ["SERIN_FAILPOINT": $0] } ?? [:]
        )
        try server.waitUntilReady()
        return server
    }

    func environment(_ server: RunningServer, token: String? = nil) -> [String: String] {
        ["SERIN_SERVER": server.address, "SERIN_TOKEN": token ?? self.token]
    }

    /// Runs a command against a server.
    func serin(_ server: RunningServer, _ arguments: String...) throws -> Installation.Outcome {
        try installation.run(arguments, environment: environment(server))
    }

    /// Promotes a version, and expects it to be watched.
    func promote(_ server: RunningServer, _ version: Int) throws {
        let moved = try serin(server, "promote", "ticket-bot@\(version)", "--to", "production", "--reason", "test")
        #expect(moved.exit == 0, "\(moved.out)\(moved.err)")
    }

    /// Customers who write and label until they are done or nobody answers.
    func customers(_ server: RunningServer, seconds: Int, rate: Int = 20) throws -> Installation.Running {
        try installation.start(
            ["demo", "traffic", "--rate", "\(rate)", "--for", "\(seconds)s", "--seed", "3"],
            environment: environment(server, token: key)
        )
    }

    func rollout(_ server: RunningServer, _ id: String = "ro-1") throws -> RolloutView {
        try serin(server, "rollout", "show", id, "-o", "json").json(RolloutView.self)
    }

    func status(_ server: RunningServer) throws -> StatusView {
        try serin(server, "status", "-o", "json").json(StatusView.self)
    }

    /// The release that production points to.
    func live(_ server: RunningServer) throws -> Int? {
        try status(server).models.first?.channels.first { $0.channel.text == "production" }?.release
    }

    func events(_ server: RunningServer, _ kind: String) throws -> Int {
        try serin(server, "audit", "list", "--kind", kind, "-o", "json").json(ListAnswer<Event>.self).items.count
    }

    func capture(_ server: RunningServer) throws -> CaptureView {
        let answer = try #require(get(server, "/api/v1/capture"))
        let body = try #require(answer.range(of: "\r\n\r\n")).upperBound
        return try JSONDecoder().decode(CaptureView.self, from: Data(answer[body...].utf8))
    }

    /// A whole answer, head and body.
    func get(_ server: RunningServer, _ path: String) -> String? {
        guard let client = RawClient(server.address) else { return nil }
        client.send(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n\r\n"
        )
        return client.rest()
    }

    /// The folder is sound after its server ended.
    func expectSound() throws {
        let checked = try installation.run("server", "check", "--data", data.path)
        #expect(checked.exit == 0, "\(checked.out)\(checked.err)")
    }
}
