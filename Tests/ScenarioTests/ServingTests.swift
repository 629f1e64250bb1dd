import Foundation
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

/// Requests of applications while the registry moves, and clients that behave badly.
@Suite(.serialized, .needsDemo)
struct ServingTests {
    private static let body =
        #"{"model": "ticket-bot", "stream": true, "messages": [{"role": "user", "content": "Where is order 48213?"}]}"#

    /// What the streams of many clients were, taken together.
    private final class Streams: Sendable {
        struct Seen {
            var answers = 0
            var releases: Set<String> = []
            var broken: [String] = []
            var isOver = false
        }

        let seen = Mutex(Seen())
        let left = Mutex(0)

        /// Takes a whole answer: complete, and from one release.
        func add(_ answer: String) {
            let models = Set(
                answer.components(separatedBy: "\"model\":\"").dropFirst().compactMap {
                    $0.split(separator: "\"").first.map(String.init)
                }
            )
            let isWhole =
                answer.hasPrefix("HTTP/1.1 200") && answer.contains("data: [DONE]\n\n") && !answer.contains("\"error\"")
                && answer.contains("\"finish_reason\":\"stop\"")
            seen.withLock { seen in
                seen.answers += 1
                if isWhole, models.count == 1 { seen.releases.formUnion(models) } else { seen.broken.append(answer) }
            }
        }
    }

    private static func started() throws -> (Installation, RunningServer, [String: String], key: String) {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        let key = try installation.run(
            ["key", "create", "app", "--role", "caller", "-o", "json"],
            environment: environment
        ).json(KeyAnswer.self).token
        try server.waitUntilReady()
        return (installation, server, environment, key)
    }

    /// A hundred clients stream without a pause while production moves there and back: no answer fails, none is cut off,
    /// and none is made by two releases.
    @Test func aMoveUnderAHundredStreamsFailsAndMixesNone() throws {
        let (installation, server, environment, key) = try Self.started()
        let version = installation.folder.appending(path: "files/v2").path
        #expect(
            try installation.run(["publish", version, "--model", "ticket-bot"], environment: environment).exit == 0
        )

        let streams = Streams(), address = server.address
        for _ in 0..<100 {
            Thread {
                while !streams.seen.withLock({ $0.isOver }) {
                    streams.add(RawClient.chat(address, key: key, body: Self.body) ?? "no connection")
                }
                streams.left.withLock { $0 += 1 }
            }.start()
        }
        defer { streams.seen.withLock { $0.isOver = true } }
        func wait(_ what: String, _ condition: (Streams.Seen) -> Bool) throws {
            try eventually(what, within: .seconds(180)) { streams.seen.withLock { condition($0) } }
        }
        try wait("100 answers came") { $0.answers >= 100 }
        let promoted = try installation.run(
            ["promote", "ticket-bot@2", "--to", "production", "--override", "--reason", "under load"],
            environment: environment
        )
        #expect(promoted.exit == 0, "\(promoted.err)")
        try wait("both releases answered, or an answer broke") { $0.releases.count == 2 || !$0.broken.isEmpty }
        let returned = try installation.run(
            ["rollback", "ticket-bot", "--reason", "under load"],
            environment: environment
        )
        // The watch may have been faster than the hand.
        #expect([0, 5].contains(returned.exit), "\(returned.err)")
        let before = streams.seen.withLock { $0.answers }
        try wait("100 more answers came") { $0.answers >= before + 100 }
        streams.seen.withLock { $0.isOver = true }
        try eventually("all clients left", within: .seconds(180)) { streams.left.withLock { $0 } == 100 }

        let seen = streams.seen.withLock { $0 }
        #expect(seen.broken.isEmpty, "\(seen.broken.count) of \(seen.answers), such as \(seen.broken.first ?? "")")
        #expect(seen.releases == ["ticket-bot@r1", "ticket-bot@r2"])
        #expect(try server.stop() == .exit(0))
    }

    /// A thousand connections that say nothing, half a request or an endless one keep nobody else from an answer.
    @Test func connectionsThatSayNothingHoldNobodyUp() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let (_, server, _, key) = try Self.started()
        let clients = (0..<1000).compactMap { number -> RawClient? in
            let client = RawClient(server.address)
            switch number % 3 {
            case 0: break
            case 1: client?.send("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
            default:
                client?.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n"
                )
                client?.send("Content-Length: 1000\r\n\r\n{\"model\": ")
            }
            return client
        }
        #expect(clients.count == 1000)
        let answer = try #require(RawClient.chat(server.address, key: key, body: Self.body))
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("data: [DONE]"))
        #expect(server.isRunning)
    }

    /// What nobody should send is answered, and the connection ends: bodies that are too long, odd lengths, other hosts.
    @Test func whatNobodyShouldSendIsAnsweredAndClosed() throws {
        let (_, server, _, key) = try Self.started()
        let authorized = "Authorization: Bearer \(key)\r\n"
        for (headers, status) in [
            ("Host: 127.0.0.1\r\nContent-Length: 100000000\r\n", "401"),
            ("Host: 127.0.0.1\r\n\(authorized)Content-Length: 100000000\r\n", "413"),
            ("Host: 127.0.0.1\r\n\(authorized)Content-Length: 99999999999999999999\r\n", "4"),
            ("Host: 127.0.0.1\r\n\(authorized)Content-Length: -1\r\n", "400"),
            ("Host: evil.example\r\n\(authorized)Content-Length: 0\r\n", "421"),
        ] {
            let client = try #require(RawClient(server.address))
            client.send("POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\n\(headers)\r\n{")
            let answer = client.rest()
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(headers): \(answer.prefix(300))")
        }
        #expect(server.isRunning)
    }
}
