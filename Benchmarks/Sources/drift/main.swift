// What drift costs: `swift run -c release --package-path Benchmarks drift`; `drift power [pairs] [seed]` prints how often
// windows are flagged instead.
import Digests
import DriftAnalysis
import Foundation
import RegistryTypes
import SeededRandom
import Statistics
import StrictJSON

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "power" {
    let given = arguments.dropFirst().compactMap { UInt64($0) }
    try Power.table(pairs: Int(given.first ?? 200), seed: given.dropFirst().first ?? 1)
    exit(0)
}

var numbers = SplitMix64(seed: 1)

func line(_ what: String, _ value: Double, _ unit: String) {
    guard value.isFinite else { return print("| \(what) | not known |") }
    let text = value >= 100 ? String(Int(value.rounded())) : String((value * 1000).rounded() / 1000)
    print("| \(what) | \(text) \(unit) |")
}

print("| what | figure |\n| --- | --- |")
// One request at a time, as the server sees them.
let ticket = "Sehr geehrte Damen und Herren, meine Bestellung 45955 ist nicht angekommen. Bitte sofort melden, danke!"
let time = Timestamp(milliseconds: 1_795_000_000_000)
let model = try Name("ticket-bot")
let record = RequestRecord(
    id: RequestID(time: time, random: (1, 2)),
    time: time,
    model: model,
    asked: "ticket-bot",
    release: 1,
    version: 1,
    prompt: VersionID(model, 1),
    arm: .live,
    key: model,
    outcome: .answered,
    status: 200,
    finish: "stop",
    promptTokens: 60,
    outputTokens: 20,
    firstTokenSeconds: 0.01,
    perTokenSeconds: 0.002,
    totalSeconds: 0.05,
    isOutputValid: true,
    meanLogProbability: -0.1,
    capture: .redacted
)
let answer = "{\"intent\":\"missing_item\",\"order\":\"45955\",\"priority\":\"high\"}"
var row = RequestDescriptors(record: record, input: ticket, answers: [answer])
let times = 20_000
let describing = Clock.least(of: 3) {
    for _ in 0..<times { row = RequestDescriptors(record: record, input: ticket, answers: [answer]) }
}
line("a request of \(ticket.utf8.count) bytes described", describing / Double(times) * 1e6, "CPU µs")
line("its descriptors", Double(row.encoded().count), "bytes")
let adding = Clock.least(of: 3) {
    var summary = DriftSummary()
    for _ in 0..<times { summary.add(row) }
}
line("added to a minute", adding / Double(times) * 1e6, "CPU µs")

// Embeddings of 256 numbers.
let vectors = (0..<2000).map { _ in (0..<256).map { _ in Float(numbers.normal()) } }
let epoch = DriftEpoch(referenceModel: Digest(of: Array("reference model".utf8)), embeddings: vectors, seed: 1)
guard let random = epoch.features?.drawn() else { fatalError("no features") }
let described = vectors.map { vector in
    RequestDescriptors(
        record: record,
        input: ticket,
        answers: [answer],
        prompt: PromptReading(meanNLL: 4 + numbers.normal(), windowNLL: 5, embedding: vector),
        isScored: true
    )
}
var window = DriftSummary(epoch: epoch)
let embedding = Clock.least(of: 3) {
    window = DriftSummary(epoch: epoch, rows: described, random: random)
}
line("the same with an embedding of 256", embedding / 2000 * 1e6, "CPU µs")
line(
    "a minute of 300 such requests",
    Double(DriftSummary(epoch: epoch, rows: described.prefix(300), random: random).encoded().count),
    "bytes"
)
let day = time.adding(seconds: 86_400)
var frozen: DriftReference?
let freezing = Clock.least(of: 1) {
    frozen = try? DriftReference.chosen(window, from: time, to: day, embeddings: vectors)
}
line("a reference with 2,000 embeddings frozen", freezing * 1000, "CPU ms")

// A report from the 1,440 minutes of a day.
guard let frozen else { fatalError("no reference") }
let minutes = (0..<1440).map { minute in
    DriftInterval(
        at: day.adding(seconds: Double(minute) * 60),
        summary: DriftSummary(epoch: epoch, rows: described[(minute % 500)..<(minute % 500 + 5)], random: random)
    )
}
var size = 0
let reporting = Clock.least(of: 3) {
    let comparison = try? DriftComparison(
        reference: frozen,
        intervals: minutes,
        from: day,
        to: day.adding(seconds: 86_400)
    )
    let report = comparison?.report(.init(id: DriftID(1), model: model))
    size = (try? report.map { try CanonicalJSON.encode($0).count }) ?? 0
}
line("a report over 1,440 minutes with embeddings", reporting * 1000, "CPU ms")
line("the report as JSON", Double(size), "bytes")
