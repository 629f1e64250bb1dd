import Foundation
import RegistryRecords
import TestSupport
import Testing
import WireFormat

/// Nobody is locked out of a folder that is theirs, and no start takes away what another one left.
struct LockoutTests {
    /// Whether a server knows the token that is kept, or the one given.
    private static func isKnown(
        _ installation: Installation,
        _ server: RunningServer,
        token: String? = nil
    ) throws -> Bool {
        var environment = ["SERIN_SERVER": server.address]
        if let token { environment["SERIN_TOKEN"] = token }
        return try installation.run("whoami", environment: environment).exit == 0
    }

    /// The token of a folder that was served first stays, whatever else is served at its address.
    @Test func aLoginIsNeverOverwritten() throws {
        let installation = try Installation()
        let first = installation.folder.appending(path: "a"), second = installation.folder.appending(path: "b")
        var server = try RunningServer(installation, data: first)
        #expect(server.output.contains("made a new data folder"))
        let port = try #require(server.address.split(separator: ":").last.map(String.init))
        let token = try installation.token(server.address)
        #expect(try Self.isKnown(installation, server))
        try server.stop()

        server = try RunningServer(installation, data: second, port: port)
        try eventually("the server says where the token is") { server.output.contains("admin token") }
        #expect(server.output.contains("left as it is"))
        // Others may read what this server prints, so the token is in a file that only its owner reads, and no link is shown.
        #expect(!server.output.contains("srn_") && !server.output.contains("code="))
        let file = second.appending(path: "admin-token")
        let other = try #require(
            String(contentsOf: file, encoding: .utf8).split(separator: "\n").first.map(String.init)
        )
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(other.hasPrefix("srn_") && mode == 0o600)
        #expect(try installation.token(server.address) == token)
        #expect(try !Self.isKnown(installation, server))
        #expect(try Self.isKnown(installation, server, token: other))
        try server.stop()

        server = try RunningServer(installation, data: first, port: port)
        #expect(!server.output.contains("admin token") && !server.output.contains("made a new"))
        #expect(try Self.isKnown(installation, server))
        try server.stop()
    }

    /// A log that lost its end takes no changes, a key neither: none is tried, no token is left anywhere, and what is said is true.
    @Test(.needsDemo) func noTokenIsMadeForALogThatNothingIsChangedOn() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        var server = try RunningServer(installation)
        #expect(try Self.isKnown(installation, server))
        try server.crash()
        // The first key, and all that came with it.
        try FileManager.default.removeItem(atPath: installation.data.path + "/serin.db-wal")
        let logins = installation.folder.appending(path: "config/serin/credentials.json")
        for hasLogins in [true, false] {
            if !hasLogins { try FileManager.default.removeItem(at: logins) }
            let before = try? Data(contentsOf: logins)
            server = try RunningServer(installation)
            #expect(server.output.contains("nobody can log in, no admin key was made: the log ends at event #"))
            #expect(server.output.contains("server log accept"))
            #expect(!server.output.contains("admin token is in") && !server.output.contains("log in: serin"))
            #expect(before == (try? Data(contentsOf: logins)), "\(server.output)")
            #expect(!FileManager.default.fileExists(atPath: installation.data.path + "/admin-token"))
            try server.stop()
        }
        // Once a person took the log as it is, the next start makes one that works.
        let check = try installation.run("server", "check", "--data", installation.data.path)
        let event = try #require(check.out.firstMatch(of: /--event (\d+)/).map { String($0.1) })
        let accept = ["server", "log", "accept", "--event", event, "--reason", "the disk broke"]
        #expect(try installation.run(accept + ["--data", installation.data.path]).exit == 0)
        server = try RunningServer(installation)
        #expect(try Self.isKnown(installation, server))
        try server.stop()
    }

    /// Where a token can be left nowhere, no key is made for it; what was in the way is named, and the next start makes one.
    @Test func aTokenWithoutAPlaceMakesNoKey() throws {
        let installation = try Installation()
        let inTheWay = [
            installation.folder.appending(path: "config/serin/credentials.json"),
            installation.data.appending(path: "admin-token"),
        ]
        for folder in inTheWay {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data().write(to: installation.data.appending(path: "lock"))
        var server = try RunningServer(installation)
        #expect(server.output.contains("no admin key was made: the token of the first key cannot be left in"))
        #expect(server.output.contains("admin-token") && server.output.contains("next: move what is in the way"))
        #expect(!server.output.contains("log in: serin"))
        try server.stop()
        for folder in inTheWay { try FileManager.default.removeItem(at: folder) }
        server = try RunningServer(installation)
        #expect(try Self.isKnown(installation, server))
        try server.stop()
    }

    /// A folder that moved without its credentials: the verb makes a key, offline, and the log says so.
    @Test func aKeyIsMadeOffline() throws {
        let installation = try Installation()
        let folder = installation.folder.appending(path: "a")
        try RunningServer(installation, data: folder).stop()
        let moved = installation.folder.appending(path: "elsewhere")
        try FileManager.default.moveItem(at: folder, to: moved)
        try FileManager.default.removeItem(at: installation.folder.appending(path: "config"))

        var server = try RunningServer(installation, data: moved)
        #expect(try !Self.isKnown(installation, server))
        let busy = try installation.run("server", "key", "reset", "--data", moved.path)
        #expect(busy.exit == 1 && busy.out.isEmpty && busy.err.contains("in use"), "\(busy.err)")
        try server.stop()

        let reset = try installation.run("server", "key", "reset", "--data", moved.path)
        #expect(reset.exit == 0 && reset.out.hasPrefix("srn_"), "\(reset.err)")
        #expect(reset.err.contains("admin-2") && reset.err.contains("serin key revoke admin"), "\(reset.err)")
        let token = reset.out.trimmingCharacters(in: .whitespacesAndNewlines)
        let taken = try installation.run("server", "key", "reset", "--data", moved.path, "--name", "admin-2")
        #expect(taken.exit == 5 && taken.out.isEmpty)
        #expect(try installation.run("server", "key", "reset", "--data", moved.path, "--name", "No!").exit == 64)
        #expect(try installation.run("server", "key", "reset", "--data", folder.path).exit == 3)
        let named = try installation.run("server", "key", "reset", "--data", moved.path, "--name", "ann", "-o", "json")
        #expect(named.out.contains("\"key\":\"ann\"") && named.out.contains("srn_"))

        server = try RunningServer(installation, data: moved)
        let environment = ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
        #expect(try Self.isKnown(installation, server, token: token))
        let audit = try installation.run("audit", "list", "-o", "json", environment: environment)
        #expect(audit.out.contains("\"offline\"") && !audit.out.contains(token))
        #expect(try installation.run("key", "revoke", "admin", "--yes", environment: environment).exit == 0)
        // Nobody with a key acts under that name.
        #expect(
            try installation.run("key", "create", "offline", "--role", "reader", environment: environment).exit == 5
        )
        try server.stop()
        #expect(try installation.run("server", "check", "--data", moved.path).exit == 0)
    }

    /// What is wrong is said, and no folder is made or filled.
    @Test func aStartThatFailsLeavesNothing() throws {
        let installation = try Installation()
        let running = try RunningServer(installation, data: installation.folder.appending(path: "a"))
        let port = try #require(running.address.split(separator: ":").last.map(String.init))
        let nonsense = try installation.write("cert.pem", "no PEM")
        let empty = installation.folder.appending(path: "empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        for (arguments, exit) in [
            (["--port", port], 1), (["--port", "70000"], 64), (["--port", "0", "--tls-cert", nonsense], 64),
            (["--port", "0", "--tls-cert", nonsense, "--tls-key", nonsense], 65),
            (["--port", "0", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"], 65),
            (["--port", "0", "--host", "0.0.0.0"], 64),
            (["--port", "0", "--host", "203.0.113.7", "--insecure-bind"], 1),
            (["--port", "0", "--max-deadline", "0"], 64), (["--prot", "0"], 64),
        ] as [([String], Int32)] {
            for folder in [installation.folder.appending(path: "new/deep"), empty] {
                let outcome = try installation.run(["serve", "--data", folder.path] + arguments)
                #expect(outcome.exit == exit, "\(arguments): \(outcome.exit) \(outcome.err)")
                let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
                #expect(names == (folder == empty ? [] : nil), "\(arguments)")
                #expect(!FileManager.default.fileExists(atPath: installation.folder.appending(path: "new").path))
            }
        }
        // A folder that has something in it keeps it.
        try running.stop()
        let data = installation.folder.appending(path: "a")
        let blocker = try RunningServer(installation, data: installation.folder.appending(path: "b"), port: port)
        #expect(try installation.run("serve", "--data", data.path, "--port", port).exit == 1)
        #expect(try installation.run("server", "check", "--data", data.path).exit == 0)
        try blocker.stop()
    }
}
