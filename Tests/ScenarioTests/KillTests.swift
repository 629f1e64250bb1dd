import Foundation
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

/// `kill -9` at random moments, many times: nothing that was acknowledged is lost, and production answers after each start.
/// The figures are printed; `bin/test --full histories` makes 200 and 100 of them.
@Suite(.serialized, .needsDemo)
struct KillTests {
    private static let underLoad = Checkout.hasAllHistories ? 200 : 3
    private static let whileLoading = Checkout.hasAllHistories ? 100 : 3

    /// A server of the demo that can be ended and started again, with what it acknowledged.
    private final class Stage: Sendable {
        let installation: Installation
        let token: String
        let key: String
        /// Keys and moves that were acknowledged.
        let acknowledged = Mutex<(keys: Set<String>, moves: Int)>((["admin"], 0))
        /// Seconds from the start of each process to its first answer.
        let answerSeconds = Mutex<[Double]>([])

        init() throws {
            let stage = try ProbationStage()
            installation = stage.installation
            token = stage.token
            key = stage.key
        }

        func start(environment: [String: String] = [:]) throws -> RunningServer {
            try RunningServer(installation, environment: environment)
        }

        /// Starts a server and asks production until it answers.
        func startAndAsk() throws -> RunningServer {
            let start = ContinuousClock.now
            let server = try self.start()
            try eventually("production answers", every: .milliseconds(5)) {
                RawClient.chat(server.address, key: key, body: ProbationStage.question)?.hasPrefix("HTTP/1.1 200")
                    == true
            }
            answerSeconds.withLock { $0.append(start.duration(to: .now) / .seconds(1)) }
            return server
        }

        func ask(_ server: RunningServer, _ method: String, _ path: String, _ body: String = "") -> String? {
            guard let client = RawClient(server.address) else { return nil }
            client.send(
                "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nContent-Type: "
                    + "application/json\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return client.rest()
        }

        /// Changes of everything, until nobody answers.
        func load(_ server: RunningServer, _ worker: Int, _ round: Int) {
            var number = 0
            while true {
                number += 1
                let name = "k-\(round)-\(worker)-\(number)"
                let answers: [String?]
                switch number % 4 {
                case 0:
                    let body =
                        #"{"release":{"reference":"ticket-bot@\#(number % 3 + 1)"},"override":true,"reason":"load"}"#
                    let answer = ask(server, "POST", "/api/v1/models/ticket-bot/channels/staging/promote", body)
                    if answer?.contains("\"moved\"") == true { acknowledged.withLock { $0.moves += 1 } }
                    answers = [answer]
                case 1: answers = [RawClient.chat(server.address, key: key, body: ProbationStage.question)]
                default:
                    let answer = ask(server, "POST", "/api/v1/keys", #"{"name":"\#(name)","role":"caller"}"#)
                    if answer?.hasPrefix("HTTP/1.1 20") == true, answer?.contains("\"token\"") == true {
                        acknowledged.withLock { _ = $0.keys.insert(name) }
                    }
                    answers = [answer]
                }
                if answers.allSatisfy({ $0?.isEmpty ?? true }) { return }
            }
        }

        /// The keys that the log has, by name.
        func keys(_ server: RunningServer) throws -> Set<String> {
            let answer = try installation.run(
                ["key", "list", "-o", "name", "--limit", "0"],
                environment: ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
            )
            return Set(answer.out.split(separator: "\n").map(String.init))
        }

        func expectNothingLost(_ server: RunningServer, _ round: Int) throws {
            let moves = try installation.run(
                ["audit", "list", "--kind", "channel.moved", "-o", "name", "--limit", "0"],
                environment: ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
            ).out.split(separator: "\n").count
            #expect(moves >= acknowledged.withLock { $0.moves }, "round \(round)")
            let lost = acknowledged.withLock { $0.keys }.subtracting(try keys(server))
            #expect(lost.isEmpty, "round \(round): \(lost.sorted().prefix(5))")
        }

        func figures(_ what: String) -> String {
            let sorted = answerSeconds.withLock { $0 }.sorted()
            guard let first = sorted.first, let last = sorted.last else { return what }
            let (keys, moves) = acknowledged.withLock { ($0.keys.count, $0.moves) }
            return "\(what): \(keys) keys and \(moves) moves were acknowledged, none lost; first answer after "
                + "\(Int(first * 1000))…\(Int(last * 1000)) ms, median \(Int(sorted[sorted.count / 2] * 1000)) ms"
        }
    }

    /// A sequence of numbers below `bound`, the same in each run.
    private struct Draw {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test func killsUnderLoadLoseNothing() throws {
        let stage = try Stage()
        var draw = Draw(state: 11)
        for round in 1...Self.underLoad {
            let server = try stage.startAndAsk()
            try stage.expectNothingLost(server, round)
            let workers = (0..<3).map { worker in
                let thread = Thread { stage.load(server, worker, round) }
                thread.start()
                return thread
            }
            try pause(milliseconds: 20 + draw.next(300))
            try server.crash()
            try eventually("the workers end") { workers.allSatisfy(\.isFinished) }
        }
        let last = try stage.startAndAsk()
        try stage.expectNothingLost(last, Self.underLoad + 1)
        #expect(try last.stop() == .exit(0))
        try expectSound(stage)
        print(stage.figures("\(Self.underLoad) kills under load"))
    }

    @Test func killsWhileLoadingTakeNothingDown() throws {
        let stage = try Stage()
        var draw = Draw(state: 12)
        var kills = 0
        while kills < Self.whileLoading {
            // One or two in a row, then a start that must answer, with whatever these left behind.
            for _ in 0...draw.next(2) {
                kills += 1
                let point = draw.next(2) == 0 ? "load.started" : nil
                do {
                    let server = try stage.start(environment: point.map { ["SERIN_FAILPOINT": $0] } ?? [:])
                    if point == nil { try pause(milliseconds: draw.next(40)) }
                    if point == nil { try server.crash() } else { try server.waitForEnd() }
                } catch let failure as RunningServer.StartFailure {
                    #expect(failure.status == SIGKILL, "\(failure.log)")
                }
            }
            let server = try stage.startAndAsk()
            #expect(!server.output.contains("it is quarantined"), "\(server.output)")
            try server.crash()
        }
        let last = try stage.startAndAsk()
        try stage.expectNothingLost(last, kills)
        #expect(try last.stop() == .exit(0))
        try expectSound(stage)
        print(stage.figures("\(kills) kills while loading"))
    }

    /// The moment of a kill comes.
    private func pause(milliseconds: Int) throws {
        let end = ContinuousClock.now.advanced(by: .milliseconds(milliseconds))
        try eventually("the moment of the kill comes", every: .milliseconds(1)) { ContinuousClock.now >= end }
    }

    private func expectSound(_ stage: Stage) throws {
        for verb in ["check", "rebuild"] {
            let done = try stage.installation.run("server", verb, "--data", stage.installation.data.path)
            #expect(done.exit == 0 && !done.out.contains("different"), "\(verb): \(done.out)\(done.err)")
        }
    }
}
