import RegistryTypes
import Testing
import UserDocuments

@testable import Gateway
@testable import ReleaseRuntime

/// How long a request may take: who says so, and what is said when it is over.
struct DeadlineTests {
    private static func deadline(
        asked: Double? = nil,
        key: Double? = nil,
        prompt: Double? = nil,
        isStreamed: Bool = false
    ) throws -> RequestDeadline {
        try RequestDeadline(
            asked: asked,
            key: key,
            prompt: TestGateway.prompt(deadlineSeconds: prompt),
            isStreamed: isStreamed,
            GatewayDeadlines(seconds: 60, idleSeconds: 30, maxSeconds: 600)
        )
    }

    /// The request's own word first, then the key's, then the prompt's, then the server's.
    @Test(
        arguments: [
            (nil, nil, nil, false, .server, 60, nil, false), (nil, nil, nil, true, .server, 60, 30, false),
            (nil, nil, 120, false, .release, 120, nil, false), (nil, nil, 120, true, .release, 120, nil, false),
            (nil, 20, 120, true, .key, 20, nil, true), (nil, 5000, nil, false, .key, 600, nil, false),
            (nil, nil, 5000, false, .release, 600, nil, false), (600, 20, 120, false, .client, 600, nil, false),
            (10, nil, nil, false, .client, 10, nil, true), (10, 5, nil, false, .client, 10, nil, true),
            (nil, 20, nil, false, .key, 20, nil, true), (nil, 300, nil, true, .key, 300, nil, true),
            (nil, 300, 120, false, .key, 300, nil, false), (300, 5, 120, false, .client, 300, nil, false),
            (300, nil, nil, true, .client, 300, nil, true),
        ] as [(Double?, Double?, Double?, Bool, RequestDeadline.Owner, Double, Double?, Bool)]
    )
    func whoSaysIt(
        _ asked: Double?,
        _ key: Double?,
        _ prompt: Double?,
        _ isStreamed: Bool,
        _ owner: RequestDeadline.Owner,
        _ seconds: Double,
        _ idle: Double?,
        _ isShortened: Bool
    ) throws {
        let deadline = try Self.deadline(asked: asked, key: key, prompt: prompt, isStreamed: isStreamed)
        #expect(deadline.owner == owner && deadline.seconds == seconds && deadline.idleSeconds == idle)
        #expect(deadline.isShortened == isShortened)
        #expect(GatewayError.timedOut(deadline).outcome == (isShortened ? .clientDeadline : .timedOut))
        // What allows more is named, with how much: and that much is taken. Who has all of it is not told to send more.
        #expect(
            deadline.passed.contains("x-serin-deadline-ms with more (at most 600000 here)") == (deadline.seconds < 600)
        )
        #expect(deadline.passed.contains("--max-deadline") == (deadline.seconds == 600))
        _ = try Self.deadline(asked: 600)
    }

    /// A long wait of a caller hides nothing: who gives no token for as long as it usually may is late; one whose tokens
    /// come is cut by its caller. What the request or the key asked for, when the first token came, the longest pause, and
    /// whether it is the caller's own. The usual limits are 60 s to the first token and 30 s between two.
    @Test(
        arguments: [
            (300, nil, nil, nil, 0, false), (300, nil, nil, 1, 2, true), (300, nil, nil, 61, 2, false),
            (300, nil, nil, 1, 31, false), (50, nil, nil, nil, 0, true), (50, nil, nil, 1, 49, false),
            (nil, 300, nil, nil, 0, false), (nil, 300, nil, 1, 2, true), (nil, 50, nil, nil, 0, true),
            (300, nil, 120, 1, 2, false), (100, nil, 120, 1, 99, true), (nil, nil, nil, 1, 31, false),
        ] as [(Double?, Double?, Double?, Double?, Double, Bool)]
    )
    func aHungReleaseIsLate(
        _ asked: Double?,
        _ key: Double?,
        _ prompt: Double?,
        _ firstToken: Double?,
        _ longestGap: Double,
        _ isShortened: Bool
    ) throws {
        let deadline = try Self.deadline(asked: asked, key: key, prompt: prompt, isStreamed: true)
        let passed = deadline.passing(at: deadline.seconds, firstToken: firstToken, longestGap: longestGap)
        #expect(passed.isShortened == isShortened)
        #expect(GatewayError.timedOut(passed).outcome == (isShortened ? .clientDeadline : .timedOut))
    }

    /// A key of a millisecond, through the gateway: its own, and no event of anybody's level.
    @Test func aShortKeyIsItsOwn() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 2, maxTokens: 100))
        await #expect(throws: GatewayError.self) {
            try await test.ask(#", "seed": 5"#, call: TestGateway.call(keyDeadlineSeconds: 0.0001))
        }
        #expect(test.last?.record.outcome == .clientDeadline)
    }

    @Test func moreThanTheServerAllowsIsRefused() throws {
        let error = #expect(throws: GatewayError.self) { try Self.deadline(asked: 600.001) }
        #expect(try #require(error).description.contains("at most 600 s"))
    }

    /// A stream whose tokens come is not cut, however long it takes; one whose tokens stop is.
    @Test func aStreamEndsWhenItsTokensStop() {
        let start = ContinuousClock.now
        let deadline = AnswerDeadline(end: start + .seconds(60), idle: .seconds(30), last: start + .seconds(600))
        func passed(_ now: Double, _ token: Double?) -> Bool {
            deadline.isPassed(at: start + .seconds(now), token: token.map { start + .seconds($0) })
        }
        #expect(!passed(59, nil) && passed(60, nil))
        #expect(!passed(59, 1) && passed(60, 1) && !passed(500, 480) && passed(510, 480))
        #expect(passed(600, 599.9))
        let whole = AnswerDeadline(end: start + .seconds(60))
        #expect(whole.isPassed(at: start + .seconds(60), token: start + .seconds(59)))
    }

    /// The same request, cut by the server's rule as a whole answer, ends as a stream and with more time.
    @Test func whatTheErrorNamesWorks() async throws {
        let deadlines = GatewayDeadlines(seconds: 0.0001, idleSeconds: 30, maxSeconds: 60)
        let test = try TestGateway(decoding: DecodingSettings(temperature: 2, maxTokens: 100), deadlines: deadlines)
        let seed = #", "seed": 5"#
        let error = await #expect(throws: GatewayError.self) { try await test.ask(seed) }
        #expect(test.last?.record.outcome == .timedOut)
        #expect(try #require(error).description.contains("x-serin-deadline-ms with more (at most 60000 here)"))
        for call in [try TestGateway.call(deadlineHeader: "60000"), try TestGateway.call(keyDeadlineSeconds: 60)] {
            _ = try await test.ask(seed, call: call)
            #expect(test.last?.record.outcome == .answered)
        }
        let patient = try TestGateway(
            decoding: DecodingSettings(maxTokens: 5),
            prompt: TestGateway.prompt(deadlineSeconds: 60),
            deadlines: deadlines
        )
        _ = try await patient.ask()
        #expect(patient.last?.record.outcome == .answered)
    }
}
