import Digests
import DriftAnalysis
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import Statistics

/// How often windows are flagged, without a shift and with known ones: `swift run … drift power [pairs] [seed]`.
struct Power {
    /// What is done to the second window of a pair.
    enum Shift: String, CaseIterable {
        case none = "none"
        case language = "language +5 points"
        case length = "prompts +10 %"
        case topic = "new topic, 10 %"
        case quality = "correct 95 → 90 %"
    }

    var numbers: SplitMix64
    private static let languages = (values: ["en", "de", "fr", "es"], shares: [0.6, 0.25, 0.1, 0.05])

    /// Pairs flagged with a ticket or a page, and pairs with any coloured line.
    mutating func flagged(_ shift: Shift, requests: Int, pairs: Int) throws -> (flagged: Int, coloured: Int) {
        var found = (flagged: 0, coloured: 0)
        for _ in 0..<pairs {
            let before = rows(requests, .none)
            let now = rows(requests, shift)
            let vectors = before.compactMap { $0.embedding?.values }
            let epoch = DriftEpoch(
                referenceModel: Digest(of: [1]),
                embeddings: Array(vectors.prefix(200)),
                seed: numbers.next()
            )
            let random = epoch.features?.drawn()
            let from = Timestamp(milliseconds: 1_795_000_000_000)
            let middle = from.adding(seconds: 86_400)
            let reference = try DriftReference.chosen(
                DriftSummary(epoch: epoch, rows: before, random: random),
                from: from,
                to: middle,
                embeddings: vectors
            )
            let comparison = try DriftComparison(
                reference: reference,
                intervals: [DriftInterval(at: middle, summary: DriftSummary(epoch: epoch, rows: now, random: random))],
                from: middle,
                to: middle.adding(seconds: 86_400)
            )
            let report = comparison.report(.init(id: DriftID(1), model: try Name("bot")))
            found.flagged += report.verdict.isDrift ? 1 : 0
            found.coloured += report.verdict != .none ? 1 : 0
        }
        return found
    }

    private mutating func rows(_ count: Int, _ shift: Shift) -> [RequestDescriptors] {
        (0..<count).compactMap { _ in try? row(shift) }
    }

    /// 21 signals with data: log-normal lengths and times, a mixture of four languages, embeddings of 32 numbers with
    /// a spread that falls from one to the next.
    private mutating func row(_ shift: Shift) throws -> RequestDescriptors {
        let name = try Name("bot")
        let isNew = shift == .topic && numbers.unit() < 0.1
        let longer = shift == .length ? 1.1 : 1
        let tokens = Int(exp(4 + 0.6 * numbers.normal()) * longer) + 1
        let language = language(shift)
        let isAnswered = numbers.unit() < 0.995
        let time = Timestamp(milliseconds: 1_795_000_000_000)
        let record = RequestRecord(
            id: RequestID(time: time, random: (0, numbers.next())),
            time: time,
            model: name,
            asked: "bot",
            release: 1,
            version: 1,
            prompt: VersionID(name, 1),
            arm: .live,
            key: name,
            outcome: isAnswered ? .answered : .timedOut,
            status: 200,
            finish: numbers.unit() < 0.95 ? "stop" : "length",
            promptTokens: tokens,
            outputTokens: Int(exp(3 + 0.5 * numbers.normal())) + 1,
            firstTokenSeconds: 0.02 * exp(0.4 * numbers.normal()),
            perTokenSeconds: 0.004 * exp(0.2 * numbers.normal()),
            totalSeconds: 0.3 * exp(0.5 * numbers.normal()),
            isOutputValid: numbers.unit() < 0.98,
            meanLogProbability: -0.2 * exp(0.5 * numbers.normal()),
            capture: .redacted
        )
        let surprise = 4 + 0.6 * numbers.normal() + (isNew ? 0.5 : 0)
        let vector = (0..<32).map { k in
            Float(numbers.normal() / Double(k + 1).squareRoot() + (isNew && k == 3 ? 2 : 0))
        }
        var row = RequestDescriptors(
            record: record,
            input: Self.sentences[language] ?? "",
            answers: ["{}"],
            prompt: PromptReading(meanNLL: surprise, windowNLL: surprise + 1, embedding: vector),
            isScored: true
        )
        if numbers.unit() < 0.5 {
            row.setLabel(isCorrect: numbers.unit() < (shift == .quality ? 0.9 : 0.95), isLiked: nil)
        }
        return row
    }

    private mutating func language(_ shift: Shift) -> String {
        if shift == .language, numbers.unit() < 0.05 { return "es" }
        var rest = numbers.unit()
        for (value, share) in zip(Self.languages.values, Self.languages.shares) {
            if rest < share { return value }
            rest -= share
        }
        return "es"
    }

    private static let sentences = [
        "en": "Where is my order? I have been waiting for two weeks.",
        "de": "Wo bleibt meine Bestellung? Ich warte seit zwei Wochen.",
        "fr": "Où est ma commande ? Je l'attends depuis deux semaines.",
        "es": "¿Dónde está mi pedido? Lo espero desde hace dos semanas.",
    ]

    /// The table: one row for each number of requests, one column for each shift.
    static func table(pairs: Int, seed: UInt64) throws {
        print("| requests each | " + Shift.allCases.map(\.rawValue).joined(separator: " | ") + " | none, any colour |")
        print("| --- |" + String(repeating: " --- |", count: Shift.allCases.count + 1))
        for requests in [200, 1000, 5000] {
            var cells: [String] = []
            var colours = ""
            for (place, shift) in Shift.allCases.enumerated() {
                var power = Power(numbers: SplitMix64(seed: seed &+ UInt64(requests * 10 + place)))
                let runs = shift == .none ? pairs : max(1, pairs / 4)
                let found = try power.flagged(shift, requests: requests, pairs: runs)
                cells.append("\(found.flagged) of \(runs)")
                if shift == .none { colours = "\(found.coloured) of \(runs)" }
            }
            print("| \(requests) | \(cells.joined(separator: " | ")) | \(colours) |")
        }
    }
}
