import Foundation
import StoredLogins
import TestSupport
import Testing

@testable import Commands

struct CredentialsTests {
    private func server(_ text: String = "http://127.0.0.1:7470") throws -> ServerAddress { try ServerAddress(text) }

    @Test func loginsAreKeptForOneReaderOnly() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/config/serin/credentials.json"
        #expect(try StoredLogins.read(path).servers.isEmpty)
        for token in ["other", "secret"] {
            try StoredLogins.change(path) { $0.servers["http://127.0.0.1:7470"] = .init(token: token) }
        }
        #expect(try StoredLogins.read(path).servers == ["http://127.0.0.1:7470": .init(token: "secret")])
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(path) == 0o600)
        #expect(try mode("\(folder.path)/config/serin") == 0o700)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/config/serin") == ["credentials.json"]
        )
    }

    /// Logins that are stored at once are all there afterwards, with what another build wrote beside them.
    @Test func nobodyLosesALogin() async throws {
        let folder = try ScratchFolder()
        let path = try folder.write("kept.json", #"{"servers":{"a":{"token":"1","note":"mine"}},"later":[1]}"#)
        let link = "\(folder.path)/credentials.json"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                group.addTask { try StoredLogins.change(link) { $0.servers["s\(index)"] = .init(token: "t\(index)") } }
            }
            try await group.waitForAll()
        }
        let servers = try StoredLogins.read(link).servers
        #expect(servers.count == 41 && servers["s7"]?.token == "t7")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\"later\"") && text.contains("mine"))
        #expect(
            try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType == .typeSymbolicLink
        )
    }

    @Test func tokensAreFoundInOrder() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("token", "from-file\n")
        let other = try folder.write("other", "from-flag")
        try folder.write("c/serin/credentials.json", #"{"servers":{"http://127.0.0.1:7470":{"token":"stored"}}}"#)
        var environment = Environment(variables: ["XDG_CONFIG_HOME": "\(folder.path)/c"])
        #expect(try Token.find(for: server(), file: nil, environment)?.text == "stored")
        #expect(try Token.find(for: server("http://other:1"), file: nil, environment) == nil)
        environment.variables["SERIN_TOKEN_FILE"] = file
        #expect(try Token.find(for: server(), file: nil, environment)?.text == "from-file")
        environment.variables["SERIN_TOKEN"] = "from-variable"
        #expect(try Token.find(for: server(), file: nil, environment)?.text == "from-variable")
        #expect(try Token.find(for: server(), file: other, environment)?.text == "from-flag")
    }

    @Test(arguments: ["", " ", "a b", "a\r\nX-Role: admin", "tökén", "a\u{0}b", String(repeating: "a", count: 513)])
    func badTokens(text: String) {
        #expect(throws: CommandsError.badToken(origin: "test")) { try Token(text, origin: "test") }
    }

    @Test(arguments: ["", "{", "[]", #"{"servers":{"x":1}}"#, #"{"servers":null}"#])
    func damagedLoginsAreSaid(text: String) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("credentials.json", text)
        #expect(throws: CommandsError.badCredentials(path: path, problem: "it is not the JSON that serin writes")) {
            try StoredLogins.read(path)
        }
    }
}
