import Foundation
import TestSupport
import Testing
import WireFormat

/// What was never live takes a key with a role: applications call what was released to them.
@Suite(.needsDemo) struct UnreleasedTests {
    @Test func aCallerRunsOnlyWhatWasLive() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address, "SERIN_TOKEN": try installation.token(server.address)]
        func serin(_ arguments: String..., key: String? = nil) throws -> Installation.Outcome {
            try installation.run(
                arguments,
                environment: environment.merging(key.map { ["SERIN_TOKEN": $0] } ?? [:]) { $1 }
            )
        }
        let v2 = files.appending(path: "v2").path
        #expect(try serin("publish", v2, "--model", "ticket-bot").exit == 0)
        // Refused, and so it is a release that was never live.
        #expect(try serin("promote", "ticket-bot@2", "--to", "production").exit == 13)
        try server.waitUntilReady()
        #expect(try serin("publish", files.appending(path: "v3").path, "--model", "ticket-bot").exit == 0)
        // What a reference means is answered by the rule of requests, and what is suggested would be answered.
        for (path, isThere, near) in [
            ("ticket-bot", true, ""), ("ticket-bot@production", true, ""), ("ticket-bot@r1", true, ""),
            ("ticket-bot@2", true, ""), ("ticket-bot@3", false, "ticket-bot@"),
            ("ticket-bot@9", false, "did you mean ticket-bot@1 or ticket-bot@2?"),
            ("ticket-bott", false, "did you mean ticket-bot?"),
        ] {
            let client = try #require(RawClient(server.address))
            let token = environment["SERIN_TOKEN"] ?? ""
            client.send(
                "GET /v1/models/\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n\r\n"
            )
            let answer = client.rest()
            #expect(answer.hasPrefix(isThere ? "HTTP/1.1 200" : "HTTP/1.1 404"), "\(path): \(answer)")
            #expect(answer.contains(isThere ? #""id":"\#(path)""# : near), "\(path): \(answer)")
        }
        for (role, mayRun) in [("caller", false), ("reader", true)] {
            let key = try serin("key", "create", role, "--role", role, "-o", "json").json(KeyAnswer.self).token
            for (model, isAnswered) in [("ticket-bot@2", mayRun), ("ticket-bot@r2", mayRun), ("ticket-bot@r1", true)] {
                let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"where is it"}]}"#
                let answer = try #require(RawClient.chat(server.address, key: key, body: body))
                #expect(answer.hasPrefix(isAnswered ? "HTTP/1.1 200" : "HTTP/1.1 403"), "\(role) \(model): \(answer)")
                let chat = try serin("chat", model, "where is it", key: key)
                #expect(chat.exit == (isAnswered ? 0 : 4), "\(role) \(model): \(chat.err)")
            }
        }
        #expect(try server.stop() == .exit(0))
    }
}
