import Foundation
import ReleaseRuntime
import Tickets
import UserDocuments

// engine WEIGHTS PROMPT_FILE REQUESTS LANES: answers tickets with an engine and nothing else, LANES at a time,
// and prints the CPU seconds it took.
guard CommandLine.arguments.count == 5, let count = Int(CommandLine.arguments[3]),
    let lanes = Int(CommandLine.arguments[4])
else {
    FileHandle.standardError.write(Data("usage: engine WEIGHTS PROMPT_FILE REQUESTS LANES\n".utf8))
    exit(64)
}
let weights = try LoadedWeights(path: CommandLine.arguments[1])
let file = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8)
guard case .prompt(let prompt)? = try Document.parse(file, file: "prompt.yaml").first else { exit(65) }
let engine = try weights.makeEngine()

/// CPU seconds of this process so far, over all its threads.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Answers every `lanes`-th ticket from `first` on; gives the tokens.
@Sendable func answer(from first: Int) async throws -> Int {
    var tokens = 0
    for number in stride(from: first, to: count, by: lanes) {
        let request = AnswerRequest(
            prompt: prompt,
            input: .variables(["ticket": Tickets.text(number)]),
            decoding: prompt.decoding,
            seed: UInt64(number)
        )
        for try await event in try engine.serve(request) {
            if case .finished(_, let answer) = event { tokens += answer.outputTokens }
        }
    }
    return tokens
}

// The first requests warm the caches of both sides.
_ = try await answer(from: max(0, count - 50))
let before = cpuSeconds()
let tokens = try await withThrowingTaskGroup(of: Int.self) { group in
    for lane in 0..<lanes { group.addTask { try await answer(from: lane) } }
    var tokens = 0
    for try await answered in group { tokens += answered }
    return tokens
}
print(cpuSeconds() - before, tokens)
