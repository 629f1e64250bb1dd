import Foundation
import TestSupport
import Testing

/// Connections that only take places, and a process that has no descriptors left.
@Suite(.serialized)
struct ConnectionTests {
    /// What somebody sends who only wants to hold a place.
    private static let kinds = [
        "", "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ",
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nc",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{",
    ]

    /// The status line of an answer on a connection of its own.
    private static func status(_ server: RunningServer, _ path: String, key: String? = nil) throws -> String {
        let client = try #require(RawClient(server.address))
        let authorization = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(authorization)Connection: close\r\n\r\n")
        return String(client.rest().prefix(12))
    }

    /// More connections than one address may hold without a key: those that are silent for longest make room, and who asks
    /// is answered, health and admin, as if nobody else were there.
    @Test(arguments: kinds) func whoeverOnlyHoldsAPlaceGivesItUp(text: String) throws {
        let installation = try Installation()
        let server = try RunningServer(installation)
        let token = try installation.token(server.address)
        var held: [RawClient] = []
        for _ in 0..<320 {
            let client = try #require(RawClient(server.address))
            if !text.isEmpty { client.send(text) }
            held.append(client)
        }
        #expect(try Self.status(server, "/livez") == "HTTP/1.1 200")
        #expect(try Self.status(server, "/readyz") == "HTTP/1.1 200")
        #expect(try Self.status(server, "/api/v1/models", key: token) == "HTTP/1.1 200")
        // The first one is closed; what it was told, if anything, ends.
        #expect(!(try #require(held.first).rest()).hasPrefix("HTTP/1.1 200"))
        try server.stop()
    }

    /// Accepting rests when there is no descriptor: no processor spins, and when there are some again who asks is answered.
    @Test func acceptingRestsWithoutDescriptors() throws {
        let installation = try Installation()
        let server = try RunningServer(installation)
        #expect(try Self.status(server, "/livez") == "HTTP/1.1 200")
        try server.setDescriptorLimit(10)
        let waiting = try #require(RawClient(server.address))
        waiting.send("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        let before = try server.processorSeconds()
        // The pause is what is tested: as long as the clock says, little is computed.
        let start = ContinuousClock.now
        try eventually("a second passes", every: .milliseconds(50)) { start.duration(to: .now) >= .seconds(1) }
        let used = try server.processorSeconds() - before
        #expect(used < 0.5, "\(used) s of processor time while nothing could be accepted")
        try server.setDescriptorLimit(500)
        #expect(try Self.status(server, "/livez") == "HTTP/1.1 200")
        try server.stop()
    }
}
