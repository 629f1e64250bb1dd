import RegistryTypes
import Wording

/// Where the time of a request went, from arrival to the end.
struct Waterfall: Hashable, Sendable {
    /// A stage.
    struct Stage: Hashable, Sendable {
        let name: HTMLText
        let what: HTMLText
        let from: HTMLText
        let took: HTMLText
        let share: HTMLText
        let x: HTMLText
        let y: HTMLText
        let width: HTMLText
        let paint: HTMLText
        let colour: HTMLText
    }

    static let pixels = 600.0

    /// The slowest stage, in words.
    let finding: HTMLText
    let height: HTMLText
    let stages: [Stage]

    /// The stages of `record`; nil when only its end is known.
    init?(_ record: RequestRecord) {
        let total = record.totalSeconds
        guard total > 0, let queue = record.queueSeconds else { return nil }
        var stages: [(name: String, what: String, from: Double, to: Double, paint: TimeChart.Paint)] = [
            ("queue", "waiting for the engine", 0, min(queue, total), .limit)
        ]
        if let first = record.firstTokenSeconds {
            stages.append(("first token", "reading the prompt", min(queue, total), min(first, total), .limit))
            stages.append(("tokens", "writing the answer", min(first, total), total, .series))
        } else {
            stages.append(("work", "no token came", min(queue, total), total, .bad))
        }
        let slowest = stages.max { $0.to - $0.from < $1.to - $1.from }
        finding = HTMLText(
            "\(NumberText.duration(total)) in all, most of it \(slowest?.what ?? "unknown"): "
                + stages.map { "\($0.name) \(NumberText.duration(max(0, $0.to - $0.from)))" }.joined(separator: ", ")
        )
        height = Drawing.place(Double(stages.count) * 22)
        self.stages = stages.enumerated().map { index, stage in
            let took = max(0, stage.to - stage.from)
            return Stage(
                name: HTMLText(stage.name),
                what: HTMLText(stage.what),
                from: HTMLText(NumberText.duration(stage.from)),
                took: HTMLText(NumberText.duration(took)),
                share: HTMLText(NumberText.share(took / total)),
                x: Drawing.place(stage.from / total * Waterfall.pixels),
                y: Drawing.place(Double(index) * 22 + 3),
                width: Drawing.place(max(1, took / total * Waterfall.pixels)),
                paint: HTMLText("f-" + stage.paint.rawValue),
                colour: HTMLText(stage.paint.colour)
            )
        }
    }
}
