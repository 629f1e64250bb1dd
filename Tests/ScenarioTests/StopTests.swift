import Foundation
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

extension ProbationStage {
    static let question =
        #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "Where is order 48213?"}]}"#
    /// A stream that takes a while: four answers at once, with what else was likely at each token.
    static let longStream = """
        {"model": "ticket-bot", "stream": true, "n": 4, "logprobs": true, "top_logprobs": 5, "temperature": 1, \
        "messages": [{"role": "user", "content": "Where is order 48213?"}]}
        """
}

/// Ends, slow clients and full disks while applications are answered.
@Suite(.serialized, .needsDemo)
struct StopTests {
    /// Answers of clients that ask at the same time.
    private final class Answers: Sendable {
        private let answers = Mutex<[String]>([])
        private let refused = Mutex<Int>(0)

        /// Each of `count` clients asks again and again until it is refused or cut off, so that requests are active
        /// until the server stops, however fast it answers.
        func keepAsking(_ count: Int, _ address: String, key: String, body: String) {
            for _ in 0..<count {
                Thread { [self] in
                    var answer: String
                    repeat {
                        answer = RawClient.chat(address, key: key, body: body) ?? "no connection"
                        answers.withLock { $0.append(answer) }
                    } while answer.hasPrefix("HTTP/1.1 200")
                    refused.withLock { $0 += 1 }
                }.start()
            }
        }

        func waitForAll(_ count: Int) throws -> [String] {
            try eventually("\(count) clients are refused") { refused.withLock { $0 } >= count }
            return answers.withLock { $0 }
        }
    }

    /// SIGTERM while streams run: those that began are finished, later ones are refused properly, the exit is 0.
    @Test func aStopFinishesWhatBegan() throws {
        let stage = try ProbationStage()
        let server = try stage.server()
        let answers = Answers()
        answers.keepAsking(40, server.address, key: stage.key, body: ProbationStage.longStream)
        // Not before some of them are on their way.
        try eventually("a request is active") {
            guard let metrics = stage.get(server, "/metrics") else { return false }
            return metrics.contains("\nserin_requests_active ") && !metrics.contains("\nserin_requests_active 0\n")
        }
        let ended = try server.stop()
        #expect(ended == .exit(0), "\(server.output.suffix(500))")
        for answer in try answers.waitForAll(40) where answer.hasPrefix("HTTP/1.1 200") {
            #expect(answer.contains("data: [DONE]\n\n"), "cut off: \(answer.suffix(300))")
        }
        for answer in try answers.waitForAll(40) {
            let isWhole = answer.hasPrefix("HTTP/1.1 200") || answer.hasPrefix("HTTP/1.1 503") || answer.isEmpty
            #expect(isWhole || answer == "no connection", "\(answer.prefix(300))")
        }
        try stage.expectSound()
        let next = try stage.server()
        #expect(try next.stop() == .exit(0))
    }

    /// Clients that ask and do not read hold nobody else up.
    @Test func clientsThatDoNotReadHoldNobodyUp() throws {
        let stage = try ProbationStage()
        let server = try stage.server()
        let body = ProbationStage.longStream
        let slow = (0..<20).compactMap { _ in RawClient(server.address) }
        for client in slow {
            client.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(stage.key)\r\n"
            )
            client.send(
                "Content-Type: application/json\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }
        for _ in 0..<10 {
            let answer = try #require(RawClient.chat(server.address, key: stage.key, body: ProbationStage.question))
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer.prefix(300))")
        }
        for client in slow { #expect(client.rest().contains("data: [DONE]\n\n")) }
        #expect(try server.stop() == .exit(0))
    }
}
