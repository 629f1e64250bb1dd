import Digests
import Foundation
import RegistryTypes
import TestSupport
import Testing
import TrafficFormats
import TrafficLog

@Suite struct SampleStoreTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }

    private func run(
        canary: Int = 204,
        seed: UInt64 = .max,
        requests: Int = 100,
        repeats: Int = 1,
        traffic: String = "t",
        candidate: String = "c",
        numerics: Int = 1
    ) -> RunIdentity {
        RunIdentity(
            canary: CanaryID(canary),
            seed: seed,
            requests: requests,
            repeats: repeats,
            traffic: Self.digest(traffic),
            document: Self.digest("d"),
            baseline: Self.digest("b"),
            candidate: Self.digest(candidate),
            engineNumerics: numerics
        )
    }

    private func pair(_ position: Int, repetition: Int = 0, text: String = "{\"intent\":\"refund\"}") -> SamplePair {
        SamplePair(
            position: position,
            request: "r-\(position)",
            repetition: repetition,
            first: position % 3 == 0 ? .candidate : .baseline,
            baseline: Sample(
                text: text,
                thinking: position % 2 == 0 ? nil : "Hm.\n\u{1}\0!",
                calls: position % 4 == 0 ? [ToolCall(id: "a", name: "f", arguments: "{\"a\": [1]}")] : nil,
                finish: "stop",
                promptTokens: 40,
                outputTokens: 12,
                ttftSeconds: 0.1 + 0.2,
                tpotSeconds: 1.0 / 3,
                totalSeconds: 1e-9,
                answerScore: -0.000123456789,
                answerScoreTokens: 12,
                metrics: ["exact_match": 1, "x": 1.0 / 7]
            ),
            candidate: Sample(error: "context is full", metrics: [:])
        )
    }

    @Test func pairsComeBackBitForBitInTheDrawnOrder() async throws {
        let store = try SampleStore.open(path: scratch.samples, run: run())
        // A model may write U+0000, at which SQLite's own texts end.
        let pairs = (0..<50).map { $0 % 5 == 0 ? pair($0, text: "a\0b\"") : pair($0) }
        for pair in pairs.reversed() { #expect(try await store.insert(pair, elapsedSeconds: 0.5)) }
        #expect(try await store.allPairs() == pairs)
        #expect(try await store.completedPositions() == Set(0..<50))
        #expect(try await store.progress().elapsedSeconds == 25)
    }

    @Test func aRunGoesOnWithItsSamplesAndTheFirstAnswersStay() async throws {
        do {
            let store = try SampleStore.open(path: scratch.samples, run: run())
            try await store.insert((0..<10).map { pair($0) }, elapsedSeconds: 2)
            try store.close()
        }
        let store = try SampleStore.open(path: scratch.samples, run: run())
        try await store.noteResumed()
        #expect(try await store.insert(pair(3, text: "another answer")) == false)
        #expect(try await store.insert([pair(9), pair(10)]) == 1)
        #expect(try await store.allPairs() == (0...10).map { pair($0) })
        let progress = try await store.progress()
        #expect(progress.elapsedSeconds == 2 && progress.resumed == 1)
    }

    @Test func samplesOfAnotherRunAreNotTakenUp() async throws {
        try SampleStore.open(path: scratch.samples, run: run()).close()
        let others: [(String, RunIdentity)] = [
            ("canary", run(canary: 1)), ("seed", run(seed: 1)), ("requests", run(requests: 1)),
            ("repeats", run(repeats: 2)), ("traffic", run(traffic: "x")), ("candidate", run(candidate: "x")),
            ("numerics", run(numerics: 2)),
        ]
        for (field, other) in others {
            let error = #expect(throws: TrafficLogError.self) {
                _ = try SampleStore.open(path: scratch.samples, run: other)
            }
            guard case .otherRun(_, field, _, _) = error else {
                Issue.record("\(field): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func aPlaceBelongsToOneRequest() async throws {
        let store = try SampleStore.open(path: scratch.samples, run: run())
        try await store.insert(pair(0))
        let moved = SamplePair(
            position: 1,
            request: "r-0",
            first: .baseline,
            baseline: pair(0).baseline,
            candidate: pair(0).candidate
        )
        let replaced = SamplePair(
            position: 0,
            request: "r-9",
            first: .baseline,
            baseline: pair(0).baseline,
            candidate: pair(0).candidate
        )
        for wrong in [moved, replaced] {
            await #expect(throws: TrafficLogError.self) { try await store.insert([pair(5), wrong]) }
        }
        #expect(try await store.allPairs() == [pair(0)])
    }

    @Test func aRequestThatIsRunAgainIsCompleteAfterTheLastTime() async throws {
        let store = try SampleStore.open(path: scratch.samples, run: run(repeats: 2))
        try await store.insert([pair(0), pair(1), pair(1, repetition: 1)])
        #expect(try await store.completedPositions() == [1])
        #expect(try await store.allPairs().map(\.repetition) == [0, 0, 1])
    }

    @Test(arguments: [
        Sample(), Sample(text: "a", error: "b"), Sample(text: "a", outputTokens: -1),
        Sample(text: "a", ttftSeconds: -1),
        Sample(text: "a", answerScore: -1), Sample(text: "a", metrics: ["x": .nan]),
        Sample(text: "a", metrics: ["x": .infinity]),
    ])
    func aSampleThatSaysNothingOrContradictsItselfIsRefused(_ sample: Sample) async throws {
        let store = try SampleStore.open(path: scratch.samples, run: run())
        let good = Sample(text: "a")
        await #expect(throws: (any Error).self) {
            try await store.insert(
                SamplePair(position: 0, request: "r", first: .baseline, baseline: good, candidate: sample)
            )
        }
        #expect(try await store.allPairs().isEmpty)
    }

    @Test func whatIsNotThereOrNotOursIsSaid() async throws {
        try Data("this is not a database, however long it may be".utf8).write(to: URL(filePath: scratch.samples))
        #expect(throws: TrafficLogError.self) { _ = try SampleStore.open(path: scratch.samples, run: run()) }
    }

    private static var shortRun: RunIdentity {
        let digest = Digest(of: Data())
        return RunIdentity(
            canary: CanaryID(1),
            seed: 1,
            requests: 9,
            traffic: digest,
            document: digest,
            baseline: digest,
            candidate: digest,
            engineNumerics: 1
        )
    }

    @Test func aKilledRunKeepsWholePairs() async throws {
        let path = scratch.samples
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SampleStore.open(path: path, run: SampleStoreTests.shortRun)
            for position in 0..<9 {
                try await store.insert(
                    SamplePair(
                        position: position,
                        request: "r-\(position)",
                        first: .baseline,
                        baseline: Sample(text: "a"),
                        candidate: Sample(text: "b")
                    )
                )
                if position == 5 { kill(getpid(), SIGKILL) }
            }
        }
        let store = try SampleStore.open(path: path, run: Self.shortRun)
        #expect(try await store.completedPositions() == Set(0...5))
        #expect(try await store.allPairs().count == 6)
    }

    @Test func errorsSayWhatToDoInOneLine() {
        let errors: [TrafficLogError] = [
            .badLine(number: 1, .missingKey("id")), .duplicateID("a", line: 2, firstLine: 1), .emptySet,
            .tooManyRequests(limit: 1), .unreadable(path: "p", why: "w"),
            .otherRun(path: "p", field: "seed", expected: "1", found: "2"),
            .contradiction(path: "p", why: "w"), .damaged(path: "p", why: "w"), .diskFull(path: "p"),
            .storage(path: "p", why: "w"),
        ]
        for error in errors {
            #expect(!error.description.utf8.contains(0x0a) && error.description.utf8.contains(0x3a))
        }
    }
}
