import ArgumentParser
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// `serin score`
struct Score: Verb {
    static let configuration = CommandConfiguration.verb(
        "score",
        "Show how well a model foresees a text, token by token.",
        discussion: """
            Log-probability and rank of each token, perplexity, and bits per byte, which can be compared across \
            vocabularies. A text longer than 2,048 tokens is read in windows that overlap by a quarter.
            """,
        examples: "score model.gguf --text tickets.txt",
        "score ticket-bot@8 --text tickets.txt -o json",
        "score model.gguf --text - < tickets.txt"
    )

    @Argument(
        help: ArgumentHelp("A model file, or a release on the server.", valueName: "file|ref"),
        completion: .file()
    )
    var model: String
    @Option(
        help: ArgumentHelp("A file with the text; - for the standard input.", valueName: "file"),
        completion: .file()
    )
    var text: String
    @Option(
        help: ArgumentHelp("An adapter (GGUF) laid over it (files only).", valueName: "file"),
        completion: .file()
    )
    var adapter: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let subject = try ModelSubject(model, session)
        let adapter = try session.adapter(adapter, over: subject)
        let text = try session.readText(text)
        let score: TextScore
        var page: PagePath?
        switch subject {
        case .file(let path):
            try ModelFiles.openRunnable(path, adapter: adapter)
            score = try await ModelFiles.about(path) {
                let reader = TextReader()
                var model = try await reader.load(path, name: path.lastPathPart)
                if let adapter {
                    let name = "\(model.name) with \(adapter.lastPathPart)"
                    model = try await reader.lay(adapter, over: model, name: name)
                }
                return try await reader.score(text, by: model, progress: session.readingProgress("score"))
            }
        case .reference(let reference):
            let view = try await ServerReading(session).result(ReadingRequest(baseline: reference, text: text))
            guard let found = view.score else { throw ServerReading.withoutResult(view) }
            score = found
            page = .reading(view.id)
        }
        try session.show(
            score,
            kind: "TextScore",
            names: [score.model],
            Self.report(score, width: session.printer.style.columns ?? 80)
        )
        if let page { session.talkAddress("page", page) }
        return .ok
    }

    static func report(_ score: TextScore, width: Int) -> Report {
        let scored = score.tokens.filter { $0.logProbability != nil }
        return Report { report in
            let size = "\(NumberText.count(score.fit.bytes, "byte")), \(NumberText.count(score.tokens.count, "token"))"
            report.line(Cell(score.model, .strong), Cell("  \(size)"))
            guard !scored.isEmpty else {
                report.line(StatusCell.unknown("no token has one before it that it could be foreseen from"))
                return
            }
            for (label, words) in ReadingText.fit(score.fit) {
                report.line(Cell("  " + ReadingText.padded(label), .faint), Cell(words))
            }
            let first = scored.count { $0.rank == 1 }
            report.line(
                Cell("  " + ReadingText.padded("first choice"), .faint),
                Cell("\(NumberText.share(Double(first) / Double(scored.count))) of the tokens are the likeliest ones")
            )
            let chart = BlockChart.line(score.tokens.map { $0.logProbability.map { -$0 } }, width: min(60, width - 20))
            report.line(Cell("  " + ReadingText.padded("surprise"), .faint), Cell(chart))
            report.blank()
            var table = Table(.figure("TOKEN"), .text("TEXT"), .figure("LOG P"), .figure("RANK"), indent: 2)
            let unlikely = score.tokens.enumerated().filter { $0.element.logProbability != nil }
                .sorted { ($0.element.logProbability ?? 0, $0.offset) < ($1.element.logProbability ?? 0, $1.offset) }
            for (index, token) in unlikely.prefix(8) {
                table.row(
                    Cell(NumberText.count(index + 1)),
                    Cell("“\(token.text)”"),
                    Cell(token.logProbability.map { NumberText.decimal($0, 2) } ?? "-"),
                    Cell(token.rank.map { NumberText.count($0) } ?? "-")
                )
            }
            report.line(Cell("  the least expected tokens; -o json has all", .faint))
            report.table(table)
        }
    }
}
