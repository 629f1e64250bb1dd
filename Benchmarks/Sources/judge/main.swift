// The error rates of the judge in worlds of docs/statistics.md, through the protocol that `serin judge` speaks:
//   judge [paired | unpaired | looks | conversations | cost] [runs] [seed]
// `runs` are those of a regression; what must hardly ever happen is tried four times as often.
import CanaryJudge
import Foundation
import SeededRandom
import UserDocuments

struct Answer: Decodable {
    struct Check: Decodable {
        let metric: String
        let check: String
        let verdict: String
    }
    struct Looks: Decodable {
        let taken: [Int]
    }
    let verdict: String
    let checks: [Check]
    let looks: Looks?
}

/// What came of many runs of a scenario.
struct Cell {
    var runs = 0
    var verdicts: [String: Int] = [:]
    var requests = 0
    /// Passes of the check at the margin.
    var edge = 0

    mutating func add(_ answer: Answer, _ scenario: Scenario, requests asked: Int) {
        runs += 1
        verdicts[answer.verdict, default: 0] += 1
        requests += answer.looks?.taken.last ?? asked
        if let edge = scenario.edge,
            answer.checks.contains(where: {
                $0.metric == edge && $0.check != "tail" && $0.verdict == "pass"
            })
        {
            self.edge += 1
        }
    }

    func percent(_ count: Int) -> String {
        let share = 100 * Double(count) / Double(max(1, runs))
        return String(format: share > 0 && share < 10 || share > 99 && share < 100 ? "%.1f" : "%.0f", share)
    }
    func percent(_ verdict: String) -> String { percent(verdicts[verdict, default: 0]) }
    var open: Int { verdicts["inconclusive", default: 0] + verdicts["marginal", default: 0] }
    /// The share in percent that a promise of 1 % may look like after so many runs.
    var alarm: Double { 1 + 200 * (0.01 * 0.99 / Double(max(1, runs))).squareRoot() }
}

func simulate(
    _ world: World,
    _ scenario: Scenario,
    requests: Int,
    runs: Int,
    seed: UInt64,
    looks: (every: Int, atMost: Int)? = nil
) -> Cell {
    var cell = Cell()
    var random = SplitMix64(
        seed: seed ^ UInt64(requests),
        stream: scenario.name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
    )
    let decoder = JSONDecoder()
    for _ in 0..<runs {
        let run = world.run(requests, scenario, &random)
        let line = run.line(isPaired: world.isPaired, looks: looks, hasConversations: world.hasConversations)
        let answer = JudgeProtocol.answer(to: line, number: cell.runs + 1)
        guard let answer = try? decoder.decode(Answer.self, from: Data(answer.json)) else {
            print("a run was not judged: \(String(decoding: answer.json.prefix(300), as: UTF8.self))")
            exit(1)
        }
        cell.add(answer, scenario, requests: requests)
    }
    return cell
}

func table(_ world: World, _ sizes: [Int], _ runs: Int, _ seed: UInt64) {
    print("| candidate | " + sizes.map { "n = \($0)" }.joined(separator: " | ") + " |")
    print("|---|" + sizes.map { _ in "---|" }.joined())
    for scenario in Scenario.good + Scenario.regressions {
        let isGood = Scenario.good.contains { $0.name == scenario.name }
        let cells = sizes.map { size -> String in
            let cell = simulate(world, scenario, requests: size, runs: isGood ? 4 * runs : runs, seed: seed)
            return "\(cell.percent("pass")) / \(cell.percent("fail")) / \(cell.percent(cell.open))"
        }
        print("| \(scenario.name) | " + cells.joined(separator: " | ") + " |")
        fflush(nil)
    }
    for scenario in Scenario.edges {
        let cells = sizes.map { size -> String in
            let cell = simulate(world, scenario, requests: size, runs: 2 * runs, seed: seed)
            return "\(cell.percent(cell.edge)) of this check"
        }
        print("| \(scenario.name) | " + cells.joined(separator: " | ") + " |")
        fflush(nil)
    }
    print(
        "\nn = \(sizes.map(String.init).joined(separator: ", ")): pass / fail / undecided in percent of \(runs) runs,"
    )
    print(
        "\(4 * runs) of the two good ones, of which a promise of 1 % may look like "
            + String(format: "%.2f %%", Cell(runs: 4 * runs).alarm) + " (two standard errors)"
    )
}

func looksTable(_ runs: Int, _ seed: UInt64) {
    let world = World(isPaired: true, hasConversations: false)
    print("| candidate | one look at 2,000 | a look every 250: | mean requests | saved |")
    print("|---|---|---|---|---|")
    for scenario in Scenario.good + Scenario.regressions + Scenario.edges {
        let isGood = Scenario.good.contains { $0.name == scenario.name }
        let count = isGood ? 4 * runs : runs
        let once = simulate(world, scenario, requests: 2000, runs: count, seed: seed)
        let looked = simulate(world, scenario, requests: 2000, runs: count, seed: seed, looks: (250, 2000))
        let mean = Double(looked.requests) / Double(looked.runs)
        func words(_ cell: Cell) -> String {
            scenario.edge == nil
                ? "\(cell.percent("pass")) / \(cell.percent("fail")) / \(cell.percent(cell.open))"
                : "\(cell.percent(cell.edge)) of this check"
        }
        print(
            "| \(scenario.name) | \(words(once)) | \(words(looked)) | \(Int(mean.rounded())) | "
                + String(format: "%.0f %% |", 100 - mean / 20)
        )
        fflush(nil)
    }
}

/// What a judgment costs in CPU time and memory, beside nothing else.
func cost() {
    func run(_ pairs: Int, checks: Int, looks: Int) -> JudgedRun {
        var random = SplitMix64(seed: 5)
        let world = World(isPaired: true, hasConversations: false).run(pairs, Scenario.good[0], &random)
        var samples: [String: MetricSamples] = [:]
        var definitions: [CheckDefinition] = []
        // So tight that nothing is decided early where there are looks: every look is paid for.
        let margin = looks > 1 ? 1e-6 : 0.05
        for index in 0..<checks {
            let name = "metric \(index)"
            switch index % 4 {
            case 0:
                samples[name] = MetricSamples(baseline: world.baseline.latency, candidate: world.candidate.latency)
                definitions.append(
                    CheckDefinition(name: name, metric: name, type: .duration, worse: .higher, margin: margin)
                )
            case 1:
                samples[name] = MetricSamples(baseline: world.baseline.latency, candidate: world.candidate.latency)
                definitions.append(
                    CheckDefinition(name: name, metric: name, type: .amount, worse: .higher, margin: margin)
                )
            case 2:
                samples[name] = MetricSamples(baseline: world.baseline.latency, candidate: world.candidate.latency)
                definitions.append(
                    CheckDefinition(name: name, metric: name, type: .score, worse: .higher, margin: margin)
                )
            default:
                samples[name] = MetricSamples(
                    baseline: world.baseline.quality.map(Double.init),
                    candidate: world.candidate.quality.map(Double.init)
                )
                definitions.append(
                    CheckDefinition(name: name, metric: name, type: .binary, worse: .lower, margin: margin)
                )
            }
        }
        var run = JudgedRun(definitions, samples: samples)
        run.looks = looks > 1 ? LookSchedule(every: pairs / looks, upTo: pairs) : nil
        return run
    }
    for (pairs, checks, looks) in [(2000, 12, 1), (2000, 12, 8), (100_000, 12, 1), (100_000, 12, 8)] {
        let input = run(pairs, checks: checks, looks: looks)
        let seconds = Clock.least(of: 5) { _ = judge(input) }
        let memory = Clock.peakMegabytes().map { String(format: ", at most %.0f MB in all so far", $0) } ?? ""
        print(
            "\(pairs) pairs, \(checks) checks, \(looks) looks: " + String(format: "%.1f ms of CPU", seconds * 1000)
                + memory
        )
    }
}

let arguments = CommandLine.arguments.dropFirst()
let what = arguments.first ?? "paired"
let runs = arguments.dropFirst().first.flatMap(Int.init) ?? 500
let seed = arguments.dropFirst(2).first.flatMap(UInt64.init) ?? 20260101
switch what {
case "paired": table(World(isPaired: true, hasConversations: false), [50, 100, 200, 500, 1000, 2000], runs, seed)
case "unpaired": table(World(isPaired: false, hasConversations: false), [50, 200, 500, 1000, 2000], runs, seed)
case "conversations": table(World(isPaired: true, hasConversations: true), [50, 200, 500, 1000, 2000], runs, seed)
case "looks": looksTable(runs, seed)
case "cost": cost()
default:
    print("judge [paired | unpaired | looks | conversations | cost] [runs] [seed]")
    exit(64)
}
