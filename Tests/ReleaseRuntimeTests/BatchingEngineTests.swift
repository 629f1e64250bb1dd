import RegistryTypes
import SeededRandom
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// What a stream gave.
struct Served {
    var promptTokens: Int?
    var tokens: [Int: [AnswerToken]] = [:]
    var answers: [Int: Answer] = [:]

    init(_ stream: AnswerEvents) async throws {
        for try await event in stream {
            switch event {
            case .started(let promptTokens, let queueSeconds):
                #expect(self.promptTokens == nil && tokens.isEmpty)
                #expect(queueSeconds >= 0)
                self.promptTokens = promptTokens
            case .token(let choice, let token):
                #expect(answers[choice] == nil)
                tokens[choice, default: []].append(token)
            case .finished(let choice, let answer):
                answers[choice] = answer
            }
        }
    }

    /// The answer of a choice, after a look at whether its tokens say the same.
    func answer(_ choice: Int = 0) throws -> Answer {
        let answer = try #require(answers[choice])
        let tokens = tokens[choice] ?? []
        #expect(tokens.map(\.id) == answer.tokens)
        #expect(tokens.map(\.logProbability) == answer.logProbabilities)
        #expect(tokens.map(\.text).joined() == answer.text)
        #expect(tokens.first?.seconds == answer.firstTokenSeconds)
        #expect(tokens.dropLast().allSatisfy { !$0.isEnd })
        #expect(answer.promptTokens == promptTokens)
        return answer
    }
}

@Suite struct BatchingEngineTests {
    static let tickets = (0..<24).map { ["ticket": "Order \(48_213 + $0) came \($0) days late. Refund? Thanks!"] }

    func request(
        _ ticket: [String: String] = DemoRelease.ticket,
        temperature: Double = 0,
        maxTokens: Int = 48,
        seed: UInt64 = 0,
        choices: Int = 1,
        priority: AnswerRequest.Priority = .live
    ) throws -> AnswerRequest {
        AnswerRequest(
            prompt: try DemoRelease.prompt(),
            input: .variables(ticket),
            decoding: DecodingSettings(temperature: temperature, maxTokens: maxTokens),
            seed: seed,
            choices: choices,
            priority: priority
        )
    }

    func expectSame(_ found: Answer, _ expected: Answer) {
        #expect(found.text == expected.text)
        #expect(found.tokens == expected.tokens)
        #expect(found.logProbabilities == expected.logProbabilities)
        #expect(found.finish == expected.finish)
        #expect(found.outputTokens == expected.outputTokens)
    }

    // MARK: - The same bits as alone

    @Test func manyAtOnceGiveTheAnswersOfOneAtATime() async throws {
        let (weights, live) = (try DemoRelease.weights(), ForegroundLoad())
        let engine = try BatchingEngine(weights, limits: EngineLimits(maxSequences: 7), live: live)
        let requests = try Self.tickets.enumerated().map { index, ticket in
            try request(
                ticket,
                temperature: index.isMultiple(of: 2) ? 0 : 1.3,
                seed: UInt64(index),
                choices: 1 + index % 3,
                priority: index % 4 == 3 ? .background : .live
            )
        }
        let alone = try BatchingEngine(alone: weights, live: ForegroundLoad())
        try await withThrowingTaskGroup { group in
            for request in requests {
                group.addTask {
                    let served = try await Served(engine.serve(request))
                    for choice in 0..<request.choices {
                        var single = request
                        (single.seed, single.choices) = (request.seed(ofChoice: choice), 1)
                        expectSame(try served.answer(choice), try await alone.answer(single))
                    }
                    #expect(served.answers.count == request.choices)
                }
            }
            try await group.waitForAll()
        }
        await engine.drain()
        #expect(engine.load == EngineLoad())
        #expect(live.count == 0)
        await engine.close()
        await alone.close()
    }

    @Test func seedsOfChoicesDifferAndTheFirstIsTheRequests() throws {
        let request = try request(seed: 99, choices: 4)
        #expect(request.seed(ofChoice: 0) == 99)
        // The first number of SplitMix64 with state 0, from its authors' code.
        #expect(try self.request(seed: 0).seed(ofChoice: 1) == 0xe220_a839_7b1d_cdaf)
        #expect(Set((0..<100).map(request.seed(ofChoice:))).count == 100)
    }

    @Test func alternativesAndBytesDescribeTheTokens() async throws {
        let release = try DemoRelease.release()
        let engine = try BatchingEngine(release.weights)
        var request = try request()
        request.alternatives = 3
        let served = try await Served(engine.serve(request))
        _ = try served.answer()
        for token in served.tokens[0] ?? [] {
            #expect(token.alternatives.count == 3)
            #expect(token.alternatives.first?.id == token.id)
            #expect(token.alternatives.first?.bytes == token.bytes)
            #expect(token.bytes == release.tokenBytes(of: token.id))
            #expect(token.isEnd == (token.bytes == Array("<|im_end|>".utf8)))
        }
        #expect(served.tokens[0]?.last?.isEnd == true)
        #expect(release.tokenBytes(of: -1).isEmpty)
        await engine.close()
    }

    @Test func stopTextsAreNoPartOfTheAnswer() async throws {
        let engine = try BatchingEngine(DemoRelease.weights())
        var request = try request()
        request.decoding.stop = ["\"order\""]
        let answer = try await Served(engine.serve(request)).answer()
        #expect(answer.finish == .stop)
        let free = try await Served(engine.serve(self.request())).answer()
        #expect(free.text.hasPrefix(answer.text + "\"order\""))
        await engine.close()
    }

    // MARK: - Turns, by hand

    func stopped(_ limits: EngineLimits, live: ForegroundLoad = ForegroundLoad()) throws -> BatchingEngine {
        try BatchingEngine(stopped: DemoRelease.weights(), limits: limits, live: live)
    }

    @Test func aFullQueueRefuses() async throws {
        let live = ForegroundLoad()
        let engine = try stopped(EngineLimits(maxSequences: 2, maxQueued: 2), live: live)
        let streams = try (0..<4).map { _ in try engine.serve(request()) }
        #expect(engine.load == EngineLoad(queued: 4))
        #expect(throws: ReleaseRuntimeError.queueFull(retryAfterSeconds: 1, isOwn: false)) {
            try engine.serve(request())
        }
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(active: 2, queued: 2))
        #expect(live.count == 4)
        #expect(throws: ReleaseRuntimeError.queueFull(retryAfterSeconds: 1, isOwn: false)) {
            try engine.serve(request())
        }
        while engine.load.queued == 2 { engine.loop.turn(at: .now) }
        let further = try engine.serve(request())
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        for stream in streams + [further] { _ = try await Served(stream).answer() }
        #expect(live.count == 0)
    }

    @Test func deadlinesEndWhatRunsAndWhatWaits() async throws {
        let live = ForegroundLoad()
        let engine = try stopped(EngineLimits(maxSequences: 1), live: live)
        var hurried = try request()
        hurried.deadline = AnswerDeadline(end: .now + .seconds(60))
        let streams = try (0..<2).map { _ in try engine.serve(hurried) }
        let patient = try engine.serve(request())
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(active: 1, queued: 2))
        engine.loop.turn(at: .now + .seconds(61))
        #expect(engine.load == EngineLoad(active: 1))
        for stream in streams {
            await #expect(throws: ReleaseRuntimeError.deadlinePassed) { try await Served(stream) }
        }
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        _ = try await Served(patient).answer()
        #expect(live.count == 0)
    }

    @Test func whoStopsReadingEndsTheAnswer() async throws {
        let live = ForegroundLoad()
        let engine = try stopped(EngineLimits(maxSequences: 1), live: live)
        var read: AsyncThrowingStream? = try engine.serve(request())
        var waiting: AsyncThrowingStream? = try engine.serve(request())
        engine.loop.turn(at: .now)
        let first = try await read?.first { _ in true }
        guard case .started = first else { return #expect(Bool(false), "started first") }
        #expect(engine.load == EngineLoad(active: 1, queued: 1))
        (read, waiting) = (nil, nil)
        _ = (read, waiting)
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad())
        #expect(live.count == 0)
    }

    @Test func aCancelledTaskEndsTheAnswer() async throws {
        let engine = try BatchingEngine(DemoRelease.weights())
        for _ in 0..<20 {
            // Hot enough not to end by itself.
            let stream = try engine.serve(request(temperature: 100, maxTokens: 400))
            let task = Task { for try await event in stream { if case .token = event { break } } }
            task.cancel()
            _ = await task.result
        }
        await engine.drain()
        #expect(engine.load == EngineLoad())
        _ = try await Served(engine.serve(request())).answer()
        await engine.close()
    }

    @Test func tokensComeAsTheyAreOrNotAtAll() async throws {
        let engine = try stopped(EngineLimits())
        var request = try request(choices: 2)
        let tokens = try engine.serve(request)
        request.reportsTokens = false
        let answers = try engine.serve(request)
        // The first token is handed over at once, and of the request that wants none, none is kept.
        engine.loop.turn(at: .now)
        engine.loop.turn(at: .now)
        #expect(engine.loop.pendingCount <= 2)
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        #expect(engine.loop.pendingCount == 0)
        let served = try await Served(tokens)
        expectSame(try served.answer(1), try served.answer(0))
        let ends = try await Served(answers)
        #expect(ends.promptTokens == nil && ends.tokens.isEmpty)
        expectSame(try #require(ends.answers[1]), try served.answer(1))
    }

    @Test func largeRequestsHaveTheirTurn() async throws {
        let engine = try stopped(EngineLimits(maxSequences: 4))
        let small = try engine.serve(request(maxTokens: 2))
        let large = try engine.serve(request(choices: 4))
        let later = try engine.serve(request(maxTokens: 2))
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(active: 1, queued: 2))
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        #expect(try await Served(large).answers.count == 4)
        for stream in [small, later] { #expect(try await Served(stream).answer().finish == .length) }
    }

    // MARK: - Live before background

    @Test func liveRequestsOvertakeBackgroundOnes() async throws {
        let engine = try stopped(EngineLimits(maxSequences: 2))
        let background = try (0..<3).map { _ in try engine.serve(request(priority: .background)) }
        // Half of everything is kept for live requests.
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(background: 3))
        let live = try (0..<3).map { _ in try engine.serve(request()) }
        #expect(engine.load == EngineLoad(queued: 3, background: 3))
        engine.loop.turn(at: .now)
        #expect(engine.load == EngineLoad(active: 1, queued: 2, background: 3))
        // Background answers are over only after all live ones: those behind never start before.
        while engine.load.active + engine.load.queued > 0 {
            engine.loop.turn(at: .now)
            #expect(engine.load.background >= 2)
        }
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        var answers: [Answer] = []
        for stream in live + background { answers.append(try await Served(stream).answer()) }
        for answer in answers { expectSame(answer, answers[0]) }
    }

    @Test func backgroundAnswersRestWhileLiveOnesRun() async throws {
        let live = ForegroundLoad()
        let engine = try stopped(EngineLimits(), live: live)
        let background = try engine.serve(request(maxTokens: 6, priority: .background))
        let start = ContinuousClock.now
        engine.loop.turn(at: start)
        // A live request of another engine is enough.
        live.begin()
        #expect(!engine.loop.turn(at: start + .milliseconds(1)))
        #expect(!engine.loop.turn(at: start + .milliseconds(50)))
        // One step in 50 milliseconds, so that it comes to an end under a load that never ends.
        #expect(engine.loop.turn(at: start + .milliseconds(51)))
        #expect(!engine.loop.turn(at: start + .milliseconds(52)))
        #expect(!engine.loop.turn(at: start + .milliseconds(99)))
        // And not at all beside one that is new here.
        let waiting = try engine.serve(request(maxTokens: 6, priority: .background))
        #expect(!engine.loop.turn(at: start + .milliseconds(100)))
        live.end()
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        expectSame(try await Served(background).answer(), try await Served(waiting).answer())
        #expect(live.count == 0)
    }

    /// Background work fills its half; a live request that needs more than the rest gets it when that is done.
    @Test func roomThatTheBackgroundTakesIsGivenBack() async throws {
        let engine = try stopped(EngineLimits(maxSequences: 4))
        let background = try (0..<2).map { _ in try engine.serve(request(maxTokens: 3, priority: .background)) }
        engine.loop.turn(at: .now)
        let large = try engine.serve(request(maxTokens: 2, choices: 3))
        var turns = 0
        while engine.load != EngineLoad() {
            engine.loop.turn(at: .now)
            turns += 1
        }
        // They do not rest while it waits for their room.
        #expect(turns < 20)
        #expect(try await Served(large).answers.count == 3)
        for stream in background { #expect(try await Served(stream).answer().outputTokens == 3) }
    }

    @Test func aFullBackgroundRefusesNoLiveRequest() async throws {
        let engine = try stopped(EngineLimits(maxSequences: 1, maxQueued: 1))
        let background = try (0..<2).map { _ in try engine.serve(request(maxTokens: 2, priority: .background)) }
        #expect(throws: ReleaseRuntimeError.queueFull(retryAfterSeconds: 1, isOwn: false)) {
            try engine.serve(request(priority: .background))
        }
        let live = try engine.serve(request(maxTokens: 2))
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        for stream in background + [live] { _ = try await Served(stream).answer() }
    }
}
