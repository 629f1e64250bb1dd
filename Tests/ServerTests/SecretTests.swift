import ControlPlane
import Digests
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import Server

/// What nobody may read, wherever it is looked for.
struct SecretTests {
    /// No token, and no hash of one, in any form, at any address, for anybody.
    @Test func noAddressShowsATokenOrItsHash() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let sessions = [try await browser.loggedIn(.reader), try await browser.loggedIn(.admin)]
            let secrets = test.tokens.values.flatMap { token -> [String] in
                let hash = Digest(of: Array(token.utf8))
                return [token, hash.hexadecimal, Data(hash.bytes).base64EncodedString()]
            }
            var asked = 0
            for entry in test.site.entries where entry.method == "GET" {
                let path = PermissionTests.path(entry.pattern).isEmpty ? "/" : PermissionTests.path(entry.pattern)
                for role in [Role.reader, .admin] {
                    let session = sessions[role == .reader ? 0 : 1]
                    var bodies = [try await browser.ask(.get, path, role: role).body]
                    if entry.door == .session {
                        bodies.append(try await session.page(path).body)
                        bodies.append(try await session.page(path + ".json").body)
                    }
                    for body in bodies {
                        let text = String(buffer: body)
                        for secret in secrets { #expect(!text.contains(secret), "\(path) as \(role)") }
                        asked += 1
                    }
                }
            }
            #expect(asked > 200)
            let audit = try await browser.ask(.get, "/api/v1/audit?kind=key.created", role: .reader)
            #expect(String(buffer: audit.body).contains("publisher"), "the entries themselves are there")
        }
    }

    /// Errors name no path of the server, in no shape of an error.
    @Test func errorsNameNoPathOfTheServer() throws {
        let folder = URL(filePath: "/srv/serin/data/")
        let paths = ServerPaths(folder: folder)
        let problem = Problem(
            status: 507,
            title: "disk of /srv/serin/data/traffic is full",
            detail: "cannot write /srv/serin/data/serin.db: no space; /srv/serin/data",
            next: "free some space",
            exit: 1
        ).naming(request: "r", hiding: paths)
        #expect(problem.title == "disk of (data folder)/traffic is full")
        #expect(problem.detail == "cannot write (data folder)/serin.db: no space; (data folder)")
        let answer = ErrorAnswer(status: 503, message: "/srv/serin/data/blobs/x: gone").hiding(paths)
        #expect(answer.message == "(data folder)/blobs/x: gone")
        #expect(ServerPaths(folder: URL(filePath: "data")).hidden(in: "the data stays") == "the data stays")
    }

    /// A message of the log is one line of text, whatever others put into it.
    @Test func theLogIsText() {
        let lines = Mutex<[String]>([])
        struct Kept: LogHandler {
            let keep: @Sendable (String) -> Void
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.trace
            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }
            func log(event: LogEvent) {
                keep("\(event.message) \(metadata.merging(event.metadata ?? [:]) { $1 })")
            }
        }
        var logger = Logger(label: "test") { _ in SafeLog(Kept { line in lines.withLock { $0.append(line) } }) }
        logger.logLevel = .info
        let hostile = "a\u{1b}[2Jb\nWARNING serin: forged\u{202e}\u{9b}31m\u{2028}"
        logger[metadataKey: "name"] = "\(hostile)"
        logger.error("\(hostile)", metadata: ["path": "\(hostile)", "list": ["\(hostile)"]])
        let text = lines.withLock { $0.joined() }
        #expect(text.contains("␛[2Jb␊WARNING"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || [0x9b, 0x202e, 0x2028].contains($0.value) })
    }

    /// A secret is printed to a terminal, or into a file that nobody else may read.
    @Test func whereASecretMayBePrinted() throws {
        let scratch = try ScratchFolder(), path = scratch.file("output")
        for (mode, isPrivate) in [(mode_t(0o600), true), (0o640, false), (0o604, false), (0o400, true), (0o644, false)]
        {
            unlink(path)
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            fchmod(file, mode)
            #expect(PrivateOutput.isPrivate(file) == isPrivate, "\(String(mode, radix: 8))")
            close(file)
        }
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        #expect(!PrivateOutput.isPrivate(ends[1]) && !PrivateOutput.isPrivate(-1))
        for end in ends { close(end) }
        let folder = scratch.file("data")
        #expect(mkdir(folder, 0o700) == 0 && PrivateOutput.note(onFolder: folder) == nil)
        chmod(folder, 0o750)
        #expect(PrivateOutput.note(onFolder: folder)?.contains("mode 0750") == true)
    }
}
