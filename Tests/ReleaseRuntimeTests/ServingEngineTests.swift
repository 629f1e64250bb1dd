import RegistryTypes
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// What a stream gave.
struct Served {
    var promptTokens: Int?
    var tokens: [Int: [ServedToken]] = [:]
    var answers: [Int: Answer] = [:]

    init(_ stream: AsyncThrowingStream<ServingEvent, any Error>) async throws {
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

@Suite struct ServingEngineTests {
    static let tickets = (0..<24).map { ["ticket": "Order \(48_213 + $0) came \($0) days late. Refund? Thanks!"] }

    private func request(
        _ ticket: [String: String] = DemoRelease.ticket,
        temperature: Double = 0,
        maxTokens: Int = 48,
        seed: UInt64 = 0,
        choices: Int = 1
    ) -> ServingRequest {
        ServingRequest(
            input: .variables(ticket),
            decoding: DecodingSettings(temperature: temperature, maxTokens: maxTokens),
            seed: seed,
            choices: choices
        )
    }

    private func expectSame(_ found: Answer, _ expected: Answer) {
        #expect(found.text == expected.text)
        #expect(found.tokens == expected.tokens)
        #expect(found.logProbabilities == expected.logProbabilities)
        #expect(found.finish == expected.finish)
        #expect(found.outputTokens == expected.outputTokens)
    }

    // MARK: - The same bits as alone

    @Test func manyAtOnceGiveTheAnswersOfAWorker() async throws {
        let weights = try DemoRelease.weights()
        let (prompt, live) = (try DemoRelease.prompt(), LiveLoad())
        let engine = try ServingEngine(weights, limits: ServingLimits(maxSequences: 7), live: live)
        try await withThrowingTaskGroup { group in
            for (index, ticket) in Self.tickets.enumerated() {
                group.addTask {
                    let decoding = DecodingSettings(temperature: index.isMultiple(of: 2) ? 0 : 1.3, maxTokens: 48)
                    let release = try LoadedRelease(weights: weights, prompt: prompt, decoding: decoding)
                    let request = ServingRequest(
                        input: .variables(ticket),
                        decoding: decoding,
                        seed: UInt64(index),
                        choices: 1 + index % 3
                    )
                    let served = try await Served(engine.serve(release, request))
                    let worker = try ReleaseWorker(release)
                    for choice in 0..<request.choices {
                        let alone = try await worker.answer(ticket, seed: request.seed(ofChoice: choice))
                        expectSame(try served.answer(choice), alone)
                    }
                    #expect(served.answers.count == request.choices)
                }
            }
            try await group.waitForAll()
        }
        await engine.drain()
        #expect(engine.load == (0, 0))
        #expect(live.count == 0)
        await engine.close()
    }

    @Test func seedsOfChoicesDifferAndTheFirstIsTheRequests() {
        let request = request(seed: 99, choices: 4)
        #expect(request.seed(ofChoice: 0) == 99)
        // The first number of SplitMix64 with state 0, from its authors' code.
        #expect(self.request(seed: 0).seed(ofChoice: 1) == 0xe220_a839_7b1d_cdaf)
        #expect(Set((0..<100).map(request.seed(ofChoice:))).count == 100)
    }

    @Test func alternativesAndBytesDescribeTheTokens() async throws {
        let release = try DemoRelease.release()
        let engine = try ServingEngine(release.weights)
        var request = request()
        request.alternatives = 3
        let served = try await Served(engine.serve(release, request))
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
        let release = try DemoRelease.release()
        let engine = try ServingEngine(release.weights)
        var request = request()
        request.decoding.stop = ["\"order\""]
        let answer = try await Served(engine.serve(release, request)).answer()
        #expect(answer.finish == .stop)
        let free = try await Served(engine.serve(release, self.request())).answer()
        #expect(free.text.hasPrefix(answer.text + "\"order\""))
        await engine.close()
    }

    @Test func whatIsWarmAnswersTheSame() async throws {
        let release = try DemoRelease.release()
        try await release.warm()
        #expect(release.contextLength == release.weights.contextLength)
    }

    // MARK: - Turns, by hand

    private func stopped(_ limits: ServingLimits, live: LiveLoad = LiveLoad()) throws -> (ServingEngine, LoadedRelease)
    {
        let release = try DemoRelease.release()
        return (try ServingEngine(stopped: release.weights, limits: limits, live: live), release)
    }

    @Test func aFullQueueRefuses() async throws {
        let live = LiveLoad()
        let (engine, release) = try stopped(ServingLimits(maxSequences: 2, maxQueued: 2), live: live)
        let streams = try (0..<4).map { _ in try engine.serve(release, request()) }
        #expect(engine.load == (0, 4))
        #expect(throws: ReleaseRuntimeError.queueFull(retryAfterSeconds: 1)) {
            try engine.serve(release, request())
        }
        engine.loop.turn(at: .now)
        #expect(engine.load == (2, 2))
        #expect(live.count == 4)
        #expect(throws: ReleaseRuntimeError.queueFull(retryAfterSeconds: 1)) {
            try engine.serve(release, request())
        }
        while engine.load.queued == 2 { engine.loop.turn(at: .now) }
        let further = try engine.serve(release, request())
        while engine.load != (0, 0) { engine.loop.turn(at: .now) }
        for stream in streams + [further] { _ = try await Served(stream).answer() }
        #expect(live.count == 0)
    }

    @Test func deadlinesEndWhatRunsAndWhatWaits() async throws {
        let live = LiveLoad()
        let (engine, release) = try stopped(ServingLimits(maxSequences: 1), live: live)
        var hurried = request()
        hurried.deadline = .now + .seconds(60)
        let streams = try (0..<2).map { _ in try engine.serve(release, hurried) }
        let patient = try engine.serve(release, request())
        engine.loop.turn(at: .now)
        #expect(engine.load == (1, 2))
        engine.loop.turn(at: .now + .seconds(61))
        #expect(engine.load == (1, 0))
        for stream in streams {
            await #expect(throws: ReleaseRuntimeError.deadlinePassed) { try await Served(stream) }
        }
        while engine.load != (0, 0) { engine.loop.turn(at: .now) }
        _ = try await Served(patient).answer()
        #expect(live.count == 0)
    }

    @Test func whoStopsReadingEndsTheAnswer() async throws {
        let live = LiveLoad()
        let (engine, release) = try stopped(ServingLimits(maxSequences: 1), live: live)
        var read: AsyncThrowingStream? = try engine.serve(release, request())
        var waiting: AsyncThrowingStream? = try engine.serve(release, request())
        engine.loop.turn(at: .now)
        let first = try await read?.first { _ in true }
        guard case .started = first else { return #expect(Bool(false), "started first") }
        #expect(engine.load == (1, 1))
        (read, waiting) = (nil, nil)
        _ = (read, waiting)
        engine.loop.turn(at: .now)
        #expect(engine.load == (0, 0))
        #expect(live.count == 0)
    }

    @Test func aCancelledTaskEndsTheAnswer() async throws {
        let release = try DemoRelease.release()
        let engine = try ServingEngine(release.weights)
        for _ in 0..<20 {
            // Hot enough not to end by itself.
            let stream = try engine.serve(release, request(temperature: 100, maxTokens: 400))
            let task = Task { for try await event in stream { if case .token = event { break } } }
            task.cancel()
            _ = await task.result
        }
        await engine.drain()
        #expect(engine.load == (0, 0))
        _ = try await Served(engine.serve(release, request())).answer()
        await engine.close()
    }

    @Test(arguments: [true, false])
    func tokensComeAsTheyAreOrAtTheEnd(isStreamed: Bool) async throws {
        let (engine, release) = try stopped(ServingLimits())
        var request = request(choices: 2)
        request.isStreamed = isStreamed
        let stream = try engine.serve(release, request)
        // The prompt is one batch: after it, both choices have their first token.
        engine.loop.turn(at: .now)
        #expect(engine.loop.pendingCount == (isStreamed ? 0 : 2))
        while engine.load != (0, 0) { engine.loop.turn(at: .now) }
        #expect(engine.loop.pendingCount == 0)
        let served = try await Served(stream)
        expectSame(try served.answer(1), try served.answer(0))
    }

    @Test func largeRequestsHaveTheirTurn() async throws {
        let (engine, release) = try stopped(ServingLimits(maxSequences: 4))
        let small = try engine.serve(release, request(maxTokens: 2))
        let large = try engine.serve(release, request(choices: 4))
        let later = try engine.serve(release, request(maxTokens: 2))
        engine.loop.turn(at: .now)
        #expect(engine.load == (1, 2))
        while engine.load != (0, 0) { engine.loop.turn(at: .now) }
        #expect(try await Served(large).answers.count == 4)
        for stream in [small, later] { #expect(try await Served(stream).answer().finish == .length) }
    }

    // MARK: - Ends

    @Test func closingEndsEverything() async throws {
        let live = LiveLoad()
        let release = try DemoRelease.release()
        let engine = try ServingEngine(release.weights, limits: ServingLimits(maxSequences: 2), live: live)
        let streams = try (0..<40).map { _ in try engine.serve(release, request(temperature: 100, maxTokens: 400)) }
        await engine.close()
        var closed = 0
        for stream in streams {
            do { _ = try await Served(stream).answer() } catch ReleaseRuntimeError.engineClosed { closed += 1 }
        }
        #expect(closed > 0)
        #expect(engine.load == (0, 0))
        #expect(live.count == 0)
        #expect(throws: ReleaseRuntimeError.engineClosed) { try engine.serve(release, request()) }
        await engine.close()
        await engine.drain()
    }

    @Test func drainingWaitsForTheLastAndCanBeGivenUp() async throws {
        let release = try DemoRelease.release()
        let engine = try ServingEngine(release.weights, limits: ServingLimits(maxSequences: 2))
        let streams = try Self.tickets.map { try engine.serve(release, request($0)) }
        await engine.drain()
        #expect(engine.load == (0, 0))
        for stream in streams { _ = try await Served(stream).answer() }
        let (idle, other) = try stopped(ServingLimits())
        let kept = try idle.serve(other, request())
        let drain = Task { await idle.drain() }
        drain.cancel()
        await drain.value
        #expect(idle.load == (0, 1))
        _ = kept
        await engine.close()
    }

    @Test func anEngineWithoutAnOwnerAnswersWhatItTookAndEnds() async throws {
        let release = try DemoRelease.release()
        var engine: ServingEngine? = try ServingEngine(release.weights, limits: ServingLimits(maxSequences: 2))
        weak let left = engine
        let streams = try Self.tickets.compactMap { try engine?.serve(release, request($0)) }
        engine = nil
        for stream in streams { _ = try await Served(stream).answer() }
        while left != nil { await Task.yield() }
    }

    /// Many more requests than there is room for; every third caller goes away after its first token.
    @Test func aThousandCallersComeAndGo() async throws {
        let release = try DemoRelease.release()
        let live = LiveLoad()
        let engine = try ServingEngine(
            release.weights,
            limits: ServingLimits(maxSequences: 8, maxQueued: 2000, cacheBytes: 1 << 20),
            live: live
        )
        var expected: [Answer] = []
        let worker = try ReleaseWorker(DemoRelease.release(decoding: DecodingSettings(maxTokens: 5)))
        for ticket in Self.tickets { expected.append(try await worker.answer(ticket)) }
        let answers = expected
        try await withThrowingTaskGroup { group in
            for index in 0..<1000 {
                group.addTask {
                    let place = index % Self.tickets.count
                    let stream = try engine.serve(release, request(Self.tickets[place], maxTokens: 5))
                    guard !index.isMultiple(of: 3) else {
                        for try await event in stream { if case .token = event { return } }
                        return
                    }
                    expectSame(try await Served(stream).answer(), answers[place])
                }
            }
            try await group.waitForAll()
        }
        await engine.drain()
        #expect(engine.load == (0, 0))
        #expect(live.count == 0)
        await engine.close()
    }

    @Test func damagedWeightsFailRequestsNotTheEngine() async throws {
        let release = try await DemoRelease.damaged()
        let engine = try ServingEngine(release.weights)
        for _ in 0..<3 {
            let stream = try engine.serve(release, request(choices: 2))
            do {
                _ = try await Served(stream)
                Issue.record("damaged weights answered")
            } catch {
                #expect(ReleaseRuntimeError.isEngineFailure(error))
                #expect("\(error)".contains("is not finite"))
            }
        }
        #expect(engine.load == (0, 0))
        await engine.close()
    }

    // MARK: - Requests that are refused at once

    @Test func badRequestsAreNamed() async throws {
        let release = try DemoRelease.release()
        let pageBytes = 4 * 2 * 2 * 16 * 32 * 2  // 4 layers, 2 heads, keys and values, 16 tokens × 32 halves
        let engine = try ServingEngine(
            release.weights,
            limits: ServingLimits(maxSequences: 4, cacheBytes: 8 * pageBytes)
        )
        #expect(engine.cacheBytes == 8 * pageBytes)
        func refuse(_ error: ReleaseRuntimeError, _ change: (inout ServingRequest) -> Void) {
            var request = request()
            change(&request)
            #expect(throws: error) { try engine.serve(release, request) }
        }
        let count = "from 1 to 4"
        refuse(.invalidSetting(name: "n", value: "0", allowed: count)) { $0.choices = 0 }
        refuse(.invalidSetting(name: "n", value: "-1", allowed: count)) { $0.choices = -1 }
        refuse(.invalidSetting(name: "n", value: "\(Int.max)", allowed: count)) { $0.choices = .max }
        refuse(.invalidSetting(name: "top_logprobs", value: "-1", allowed: "from 0 to 20")) { $0.alternatives = -1 }
        refuse(.invalidSetting(name: "top_logprobs", value: "21", allowed: "from 0 to 20")) { $0.alternatives = 21 }
        refuse(.invalidSetting(name: "maxTokens", value: "0", allowed: "1 or more")) { $0.decoding.maxTokens = 0 }
        refuse(.invalidSetting(name: "temperature", value: "nan", allowed: "from 0 to 100")) {
            $0.decoding.temperature = .nan
        }
        refuse(.invalidSetting(name: "topP", value: "2.0", allowed: "greater than 0 and at most 1")) {
            ($0.decoding.temperature, $0.decoding.topP) = (1, 2)
        }
        let tokens = try release.render(DemoRelease.ticket).count
        let needed = (tokens + 199 + 15) / 16
        refuse(.tooLargeForMemory(neededBytes: needed * pageBytes, allowedBytes: 8 * pageBytes)) {
            $0.decoding.maxTokens = 200
        }
        refuse(.noMessages) { $0.input = .messages([]) }
        #expect(throws: PromptError.self) { try engine.serve(release, request([:])) }
        #expect(throws: ReleaseRuntimeError.otherWeights) { try engine.serve(DemoRelease.release(), request()) }
        #expect(engine.load == (0, 0))
        await engine.close()
    }
}
