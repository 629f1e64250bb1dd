import Foundation
import SeededRandom
import Statistics

/// What a scenario does to the candidate; everything else is the same law for both arms.
struct Scenario: Sendable {
    let name: String
    /// Times as long.
    var latency = 1.0
    /// Requests that become three times as slow.
    var tail = 0.0
    /// More requests without an answer, as a share of all.
    var errors = 0.0
    /// Fewer right answers, as a share of all.
    var quality = 0.0
    /// The check whose margin is met exactly; nil for none.
    var edge: String?

    static let good = [Scenario(name: "no change (A/A)"), Scenario(name: "latency +2 % (allowed)", latency: 1.02)]
    static let regressions = [
        Scenario(name: "latency +10 %", latency: 1.1), Scenario(name: "latency +20 %", latency: 1.2),
        Scenario(name: "2 % of requests 3x slower", tail: 0.02),
        Scenario(name: "errors 2 → 4 %", errors: 0.02), Scenario(name: "quality 92 → 89 %", quality: 0.03),
        Scenario(name: "latency +7 %, errors +1.5, quality −2", latency: 1.07, errors: 0.015, quality: 0.02),
    ]
    static let edges = [
        Scenario(name: "latency at +5 %", latency: 1.05, edge: "latency_ms"),
        Scenario(name: "errors at +1 point", errors: 0.01, edge: "error"),
        Scenario(name: "quality at −2 points", quality: 0.02, edge: "quality"),
    ]
}

/// Requests of a service and what two releases make of them.
///
/// Latency: ln = 6.2 + 0.6 z of the request + 0.15 of the run; 0.5 % of calls take 2 to 5 times as long. Errors: 1 % of the
/// requests are bad for everybody, about 1 % more of the calls fail. Quality: 86 % of the requests are always answered
/// right, 4 % never, 10 % are a coin of 0.6 for each release: 92 %, and 4.8 % of the pairs flip without any change.
/// In conversations of one to four turns the kind of request, the coin and what the scenario does belong to the whole
/// conversation, and half of the difficulty does.
struct World {
    let isPaired: Bool
    let hasConversations: Bool

    struct Arm {
        var latency: [Double] = []
        var error: [Int] = []
        var quality: [Int] = []
    }

    struct Run {
        var baseline = Arm()
        var candidate = Arm()
        var conversations: [Int] = []
    }

    /// What belongs to a request, whoever answers it.
    private struct Request {
        let z: Double
        let isBad: Bool
        let kind: Double
        /// Draws that the turns of a conversation share, one for each thing that may happen to it.
        let shared: [Double]?
    }

    func run(_ requests: Int, _ scenario: Scenario, _ random: inout SplitMix64) -> Run {
        var run = Run()
        var conversation = 0
        while run.baseline.latency.count < requests {
            let turns = hasConversations ? Int(1 + random.below(4)) : 1
            let mine = group(turns, &random)
            let other = isPaired ? mine : group(turns, &random)
            let fates = hasConversations ? (0..<4).map { _ in random.unit() } : nil
            for turn in 0..<min(turns, requests - run.baseline.latency.count) {
                answer(mine[turn], Scenario(name: ""), nil, mine[turn].shared.map { $0[0] }, &random, &run.baseline)
                answer(other[turn], scenario, fates, mine[turn].shared.map { $0[1] }, &random, &run.candidate)
                run.conversations.append(conversation)
            }
            conversation += 1
        }
        return run
    }

    private func group(_ turns: Int, _ random: inout SplitMix64) -> [Request] {
        guard hasConversations else {
            return [Request(z: random.normal(), isBad: random.unit() < 0.01, kind: random.unit(), shared: nil)]
        }
        let (z, isBad, kind) = (random.normal(), random.unit() < 0.01, random.unit())
        let shared = [random.unit(), random.unit()]
        return (0..<turns).map { _ in
            Request(z: (z + random.normal()) * 0.5.squareRoot(), isBad: isBad, kind: kind, shared: shared)
        }
    }

    private func answer(
        _ request: Request,
        _ scenario: Scenario,
        _ fates: [Double]?,
        _ coin: Double?,
        _ random: inout SplitMix64,
        _ arm: inout Arm
    ) {
        var latency = exp(6.2 + 0.6 * request.z + 0.15 * random.normal()) * scenario.latency
        if random.unit() < 0.005 { latency *= 2 + 3 * random.unit() }
        let own = (0..<3).map { _ in random.unit() }
        func isHit(_ index: Int, _ share: Double) -> Bool { share > 0 && (fates?[index] ?? own[index]) < share }
        if isHit(0, scenario.tail) { latency *= 3 }
        let failed = request.isBad || random.unit() < 0.0101 || isHit(1, scenario.errors / 0.98)
        let isRight = request.kind < 0.86 || (request.kind >= 0.9 && (coin ?? random.unit()) < 0.6)
        arm.latency.append((latency * 1000).rounded() / 1000)
        arm.error.append(failed ? 1 : 0)
        arm.quality.append(isRight && !isHit(2, scenario.quality / 0.92) ? 1 : 0)
    }
}

extension World.Run {
    /// The run as a line of the protocol canary-judge/1.
    func line(isPaired: Bool, looks: (every: Int, atMost: Int)?, hasConversations: Bool) -> [UInt8] {
        func arm(_ arm: World.Arm) -> String {
            "{\"latency_ms\":\(list(arm.latency)),\"error\":\(list(arm.error)),\"quality\":\(list(arm.quality))}"
        }
        func list(_ values: [some CustomStringConvertible]) -> String {
            "[" + values.map(\.description).joined(separator: ",") + "]"
        }
        var line = #"{"mode":"\#(isPaired ? "paired" : "unpaired")","metrics":["#
        line +=
            #"{"name":"latency_ms","type":"duration","worse":"higher","margin":0.05,"tail_factor":1.5,"tail_margin":0.01},"#
        line += #"{"name":"error","type":"binary","worse":"higher","margin":0.01},"#
        line += #"{"name":"quality","type":"binary","worse":"lower","margin":0.02}],"#
        line += "\"baseline\":\(arm(baseline)),\"candidate\":\(arm(candidate))"
        if let looks { line += ",\"looks\":{\"every\":\(looks.every),\"at_most\":\(looks.atMost)}" }
        if hasConversations { line += ",\"clusters\":\(list(conversations))" }
        return Array((line + "}").utf8)
    }
}
