import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import Statistics

@testable import DriftAnalysis

/// Seeded traffic for tests: requests with numbers as a small support desk has them.
struct World {
    var numbers: SplitMix64
    /// Share of requests in German.
    var german = 0.35
    /// Factor of the length of prompts.
    var length = 1.0
    /// Share of correct answers.
    var correct = 0.95
    /// Share of answers that somebody labels.
    var labelled = 0.5
    /// Mean surprise of a prompt, in nats.
    var surprise = 4.0
    /// Share of requests that time out.
    var failing = 0.01
    /// Factor of all times.
    var slower = 1.0
    /// What becomes of a request that does not time out.
    var outcome = RequestOutcome.answered
    /// By how much one direction of the embedding is moved in `novel` of the requests.
    var novel = 0.0

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    static let start = Timestamp(milliseconds: 1_795_000_000_000)

    mutating func chance(_ share: Double) -> Bool { numbers.unit() < share }

    /// Whole seconds apart from `start` on.
    mutating func request(_ number: Int, prompt: Int = 3) throws -> DescribedRequest {
        let isGerman = chance(german)
        let ticket = isGerman ? German.tickets : English.tickets
        var text = ticket[Int(numbers.below(UInt64(ticket.count)))]
        for _ in 0..<numbers.below(UInt64(1 + 3 * length)) {
            text += " " + ticket[Int(numbers.below(UInt64(ticket.count)))]
        }
        let tokens = Int((Double(text.utf8.count) / 4 * length).rounded())
        let isCorrect = chance(correct)
        let isNovel = chance(novel)
        let time = World.start.adding(seconds: Double(number))
        let record = RequestRecord(
            id: RequestID(time: time, random: (1, UInt64(number))),
            time: time,
            model: try Name("ticket-bot"),
            asked: "ticket-bot",
            release: 1,
            version: 1,
            prompt: VersionID(try Name("triage"), prompt),
            arm: .live,
            key: try Name("app"),
            outcome: chance(failing) ? .timedOut : outcome,
            status: 200,
            finish: chance(0.97) ? "stop" : "length",
            promptTokens: tokens,
            outputTokens: 18 + Int(numbers.below(8)),
            firstTokenSeconds: slower * 0.02 * exp(0.3 * numbers.normal()),
            perTokenSeconds: slower * 0.004 * exp(0.2 * numbers.normal()),
            totalSeconds: slower * 0.12 * exp(0.4 * numbers.normal()),
            isOutputValid: chance(0.98),
            meanLogProbability: -0.1 * exp(0.5 * numbers.normal()),
            capture: .redacted
        )
        let nll = surprise + 0.5 * numbers.normal()
        let embedding = (0..<16).map { k in Float(numbers.normal() + (k == 0 && isNovel ? 4 : 0)) }
        var descriptors = RequestDescriptors(
            record: record,
            input: text,
            answers: ["{\"intent\":\"refund\",\"order\":\"\(numbers.below(90_000))\"}"],
            redactions: chance(0.1) ? ["EMAIL": 1] : [:],
            prompt: PromptReading(meanNLL: nll, windowNLL: nll + 0.8, embedding: embedding),
            isScored: true
        )
        if chance(labelled), record.outcome == .answered {
            descriptors.setLabel(isCorrect: isCorrect, isLiked: chance(0.2) ? isCorrect : nil)
        }
        return DescribedRequest(request: record.id, descriptors: descriptors)
    }

    mutating func requests(_ count: Int, prompt: Int = 3) throws -> [DescribedRequest] {
        try (0..<count).map { try request($0, prompt: prompt) }
    }
}

enum English {
    static let tickets = [
        "Where is my order? I have been waiting for two weeks.", "Please cancel the order and send the money back.",
        "The lamp arrived broken, can I have a new one?", "I need an invoice for our accounting.",
        "You charged me twice this month!", "The wrong colour was in the box.", "How do I change my address?",
    ]
}

enum German {
    static let tickets = [
        "Wo bleibt meine Bestellung? Ich warte seit zwei Wochen.", "Bitte stornieren Sie die Bestellung sofort.",
        "Die Lampe kam zerbrochen an, ich möchte eine neue.", "Ich brauche eine Rechnung für die Buchhaltung.",
        "Sie haben zweimal abgebucht!", "Im Paket war die falsche Farbe.", "Wie ändere ich meine Adresse?",
    ]
}

/// The summaries and reports of rows.
enum Summaries {
    /// Requests with one number each; not a number for missing.
    static func summary(of signal: DriftSignal, _ values: [Float]) -> DriftSummary {
        var summary = DriftSummary()
        summary.requests = values.count
        for value in values { summary.numbers[signal.slot].add(value) }
        return summary
    }

    /// Requests with one word each.
    static func summary(of signal: DriftSignal, _ values: [String]) -> DriftSummary {
        var summary = DriftSummary()
        summary.requests = values.count
        for value in values { summary.categories[signal.slot].add(value) }
        return summary
    }

    /// The sum of `parts`.
    static func sum(_ parts: some Sequence<DriftSummary>) throws -> DriftSummary {
        var total: DriftSummary?
        for part in parts { if total == nil { total = part } else { try total?.merge(part) } }
        return total ?? DriftSummary()
    }

    static func epoch(_ rows: [DescribedRequest]) throws -> DriftEpoch {
        DriftEpoch(
            referenceModel: try Digest("sha256:" + String(repeating: "ab", count: 32)),
            embeddings: rows.compactMap { $0.descriptors.embedding?.values },
            seed: 7
        )
    }

    static func summary(_ rows: [DescribedRequest], _ epoch: DriftEpoch = DriftEpoch()) -> DriftSummary {
        DriftSummary(epoch: epoch, rows: rows.map(\.descriptors), random: epoch.features?.drawn())
    }

    static func reference(_ rows: [DescribedRequest], _ epoch: DriftEpoch = DriftEpoch()) throws -> DriftReference {
        try DriftReference.chosen(
            summary(rows, epoch),
            from: World.start,
            to: World.start.adding(seconds: 86_400),
            embeddings: epoch.features == nil ? [] : rows.compactMap { $0.descriptors.embedding?.values }
        )
    }

    /// The report of `current`, cut into intervals of five minutes, against `reference`.
    static func report(
        _ reference: DriftReference,
        _ current: [DescribedRequest],
        explain: [DescribedRequest] = []
    ) throws -> DriftReport {
        let from = World.start.adding(seconds: 172_800)
        let size = max(1, current.count / 24)
        let intervals = stride(from: 0, to: current.count, by: size).enumerated().map { place, first in
            DriftInterval(
                at: from.adding(seconds: Double(place) * 300),
                seconds: 300,
                summary: summary(Array(current[first..<min(current.count, first + size)]), reference.summary.epoch)
            )
        }
        let comparison = try DriftComparison(
            reference: reference,
            intervals: intervals,
            from: from,
            to: from.adding(seconds: 86_400),
            rows: explain.isEmpty ? ([], []) : (explain, current)
        )
        return comparison.report(
            .init(id: DriftID(1), model: try Name("ticket-bot"), channel: try Name("production"), releases: [1])
        )
    }
}

extension RequestDescriptors {
    /// A number of the request; nil when it has none, or the signal is no number.
    func number(_ signal: DriftSignal) -> Float? {
        signal.kind == .number && presence(of: signal) == .present ? numbers[signal.slot] : nil
    }

    /// A yes or no of the request; nil when it has none, or the signal is no rate.
    func isYes(_ signal: DriftSignal) -> Bool? {
        signal.kind == .rate && presence(of: signal) == .present ? isYes(signal.slot) : nil
    }
}
