import RegistryTypes
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// What one caller's requests do to those of another: nothing.
@Suite struct CallerTurnTests {
    private func request(_ caller: String, deadline: AnswerDeadline? = nil) throws -> AnswerRequest {
        AnswerRequest(
            prompt: try DemoRelease.prompt(),
            input: .variables(DemoRelease.ticket),
            decoding: DecodingSettings(temperature: 0, maxTokens: 2),
            caller: caller,
            deadline: deadline
        )
    }

    private func engine(running: Int, waiting: Int) throws -> BatchingEngine {
        try BatchingEngine(
            stopped: DemoRelease.weights(),
            limits: EngineLimits(maxSequences: running, maxQueued: waiting),
            live: ForegroundLoad()
        )
    }

    /// The callers in the order in which their requests end when one runs at a time.
    private func order(_ engine: BatchingEngine, _ callers: [String]) async throws -> [String] {
        let streams = try callers.map { caller in (caller, try engine.serve(request(caller))) }
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        var ends: [(caller: String, queued: Double)] = []
        for (caller, stream) in streams {
            for try await event in stream {
                if case .started(_, let queueSeconds) = event { ends.append((caller, queueSeconds)) }
            }
        }
        return ends.sorted { $0.queued < $1.queued }.map(\.caller)
    }

    @Test func keysTakeTurns() async throws {
        // Two run at a time: b is the next to run as soon as one of a's two is over.
        let engine = try engine(running: 2, waiting: 16)
        let order = try await order(engine, ["a", "a", "a", "a", "a", "a", "b"])
        #expect(order.prefix(3).filter { $0 == "b" }.count == 1, "\(order)")
    }

    /// Callers whose turns were lately, and how many of 8 places the many of one that comes then take: all, where there is
    /// nobody else.
    @Test(arguments: [([], 8), (["a"], 8), (["b"], 6), (["b", "a"], 6)])
    func aPlaceIsLeftForOthers(_ served: [String], _ taken: Int) async throws {
        let engine = try engine(running: 8, waiting: 32)
        for caller in served { _ = try await order(engine, [caller]) }
        let many = try (0..<12).map { _ in try engine.serve(request("a")) }
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(active: taken, queued: 12 - taken))
        let other = try engine.serve(request("b"))
        engine.loop.turn(at: .now)
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        for stream in many + [other] { _ = try await Served(stream).answer() }
    }

    /// Who had a turn lately, how many requests of each caller are there, who comes, and what becomes of whom: places are 2
    /// that run and 4 that wait.
    static let full: [(served: [String], there: [(String, Int)], comes: String, turnedAway: String, isOwn: Bool)] = [
        (["b"], [("a", 6)], "a", "a", true),
        (["b"], [("a", 6)], "b", "a", true),
        (["b"], [("a", 4), ("b", 2)], "a", "a", true),
        (["b", "a"], [("a", 6)], "a", "a", true),
        // Of an only caller nobody knows better than that too many ask: a release that dies must show.
        ([], [("a", 6)], "a", "a", false),
        (["a"], [("a", 6)], "a", "a", false),
        ([], [("a", 5), ("b", 1)], "a", "a", false),
        // Two that ask alike: neither floods.
        (["b"], [("a", 3), ("b", 3)], "a", "a", false),
        (["b"], [("a", 2), ("b", 2), ("c", 2)], "a", "a", false),
        (["b"], [("a", 2), ("b", 2), ("c", 2)], "d", "c", false),
        (
            ["b"], [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1), ("f", 1)], "g", "g",
            false
        ),
        // The server's own questions are nobody's flood, and show nobody's turns.
        (["b"], [("", 6)], "", "", false),
        ([""], [("a", 6)], "a", "a", false),
    ]

    @Test(arguments: full)
    func aFullQueue(
        _ served: [String],
        _ there: [(String, Int)],
        _ comes: String,
        _ turnedAway: String,
        _ isOwn: Bool
    ) async throws {
        let engine = try engine(running: 2, waiting: 4)
        for caller in served { _ = try await order(engine, [caller]) }
        var streams: [(caller: String, stream: AnswerEvents)] = []
        for (caller, count) in there {
            for _ in 0..<count { streams.append((caller, try engine.serve(request(caller)))) }
        }
        var refused: [(caller: String, error: ReleaseRuntimeError)] = []
        do {
            streams.append((comes, try engine.serve(request(comes))))
        } catch let error as ReleaseRuntimeError {
            refused.append((comes, error))
        }
        #expect(engine.load == EngineLoad(queued: 6), "whoever came, as many wait as may")
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        for (caller, stream) in streams {
            do {
                _ = try await Served(stream).answer()
            } catch let error as ReleaseRuntimeError {
                refused.append((caller, error))
            }
        }
        #expect(refused.map(\.caller) == [turnedAway])
        guard case .queueFull(_, let wasOwn)? = refused.first?.error else {
            Issue.record("\(refused)")
            return
        }
        #expect(wasOwn == isOwn)
    }

    /// Both waited behind a's many until their deadlines: a's by its own doing, b's not. Where nobody else had a turn for a
    /// minute, a's neither.
    @Test(arguments: [("b", 30, true), ("b", 61, false), ("a", 30, false), ("", 30, false)])
    func waitingBehindOnesOwnIsNobodyElsesFault(_ served: String, _ wait: Int, _ isOwn: Bool) async throws {
        let engine = try engine(running: 1, waiting: 16)
        _ = try await order(engine, [served])
        let deadline = AnswerDeadline(end: .now + .seconds(wait - 1))
        let first = try (0..<3).map { _ in try engine.serve(request("a")) }
        engine.loop.turn(at: .now)
        let own = try engine.serve(request("a", deadline: deadline))
        let other = try engine.serve(request("b", deadline: deadline))
        let alone = try engine.serve(request("", deadline: deadline))
        engine.loop.turn(at: .now + .seconds(wait))
        await #expect(throws: isOwn ? ReleaseRuntimeError.waitedBehindOwn : .deadlinePassed) { try await Served(own) }
        await #expect(throws: ReleaseRuntimeError.deadlinePassed) { try await Served(other) }
        await #expect(throws: ReleaseRuntimeError.deadlinePassed) { try await Served(alone) }
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        for stream in first { _ = try await Served(stream).answer() }
    }
}
