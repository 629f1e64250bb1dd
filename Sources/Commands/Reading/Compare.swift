import ArgumentParser
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// `serin compare`
struct Compare: Verb {
    static let configuration = CommandConfiguration.verb(
        "compare",
        "Compare two models token by token over the same texts.",
        discussion: """
            Both read each text in step: how far their distributions over all tokens are apart (KL divergence in nats), \
            how often they find the same token likeliest, and where they part first. Two files need no server; two \
            references are read by it, behind all live requests. With --traffic the baseline answers requests of a set \
            and both read the answers. With --adapter the candidate is a file with an adapter over it, the baseline the \
            file without: the same file twice shows what the adapter does. The same model twice gives exactly 0 and 100 %.
            """,
        examples: "compare v1/model.gguf v3/model.gguf --text tickets.txt",
        "compare model.gguf model.gguf --adapter lora.gguf --text tickets.txt",
        "compare ticket-bot@1 ticket-bot@3 --text tickets.txt -o json",
        "compare ticket-bot@r1 ticket-bot@3 --traffic week47 --requests 50"
    )

    @Argument(
        help: ArgumentHelp("What is compared with: a file or a release.", valueName: "baseline"),
        completion: .file()
    )
    var baseline: String
    @Argument(help: ArgumentHelp("What is compared: a file or a release.", valueName: "candidate"), completion: .file())
    var candidate: String
    @Option(
        help: ArgumentHelp("A file with the text; - for the standard input.", valueName: "file"),
        completion: .file()
    )
    var text: String?
    @Option(help: ArgumentHelp("A traffic set on the server.", valueName: "set")) var traffic: String?
    @Option(help: ArgumentHelp("Requests of the set. (default: 20)", valueName: "n")) var requests: Int?
    @Option(
        help: ArgumentHelp("An adapter (GGUF) laid over the candidate (files only).", valueName: "file"),
        completion: .file()
    )
    var adapter: String?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if text != nil && traffic != nil { throw ValidationError("--text and --traffic exclude each other.") }
        if text == nil && traffic == nil { throw ValidationError("Say what to read: --text FILE or --traffic SET.") }
        if requests != nil && traffic == nil { throw ValidationError("--requests goes with --traffic.") }
        if let requests, !(1...ReadingRequest.requestLimit).contains(requests) {
            throw ValidationError("--requests must be from 1 to \(ReadingRequest.requestLimit).")
        }
    }

    func run(_ session: Session) async throws -> Exit {
        let subjects = (try ModelSubject(baseline, session), try ModelSubject(candidate, session))
        let adapter = try session.adapter(adapter, over: subjects.1)
        let comparison: ModelComparison
        var page: PagePath?
        switch subjects {
        case (.file(let first), .file(let second)):
            guard let text else {
                throw CommandsError.badArgument(
                    name: "--traffic",
                    value: traffic ?? "",
                    problem: "traffic sets are on the server, and these are files",
                    example: "--text FILE"
                )
            }
            comparison = try await compare(first, second, adapter, try session.readText(text), session)
        case (.reference(let first), .reference(let second)):
            let request = ReadingRequest(
                baseline: first,
                candidate: second,
                text: try text.map { try session.readText($0) },
                traffic: try traffic.asName(),
                requests: requests
            )
            let view = try await ServerReading(session).result(request)
            guard let found = view.comparison else { throw ServerReading.withoutResult(view) }
            comparison = found
            page = .reading(view.id)
        case (.file, .reference), (.reference, .file):
            throw CommandsError.badArgument(
                name: "the candidate",
                value: candidate,
                problem: "a file here and a release on the server cannot be read in step",
                example: "two files, or two references such as ticket-bot@7 ticket-bot@8"
            )
        }
        try session.show(
            comparison,
            kind: "ModelComparison",
            names: ["\(comparison.baseline) \(comparison.candidate)"],
            CompareOutput.report(comparison)
        )
        if let page { session.talkAddress("page", page) }
        return .ok
    }

    private func compare(
        _ first: String,
        _ second: String,
        _ adapter: String?,
        _ text: String,
        _ session: Session
    ) async throws -> ModelComparison {
        try ModelFiles.openRunnable(first)
        try ModelFiles.openRunnable(second, adapter: adapter)
        // Copies of a model often have the same name in folders of their own.
        let isPlain = first == second || first.lastPathPart != second.lastPathPart
        func name(_ path: String) -> String { isPlain ? path.lastPathPart : path }
        let reader = TextReader()
        let baseline = try await ModelFiles.about(first) { try await reader.load(first, name: name(first)) }
        let other =
            first == second
            ? baseline : try await ModelFiles.about(second) { try await reader.load(second, name: name(second)) }
        let candidate =
            if let adapter {
                try await ModelFiles.about("\(second) with \(adapter)") {
                    try await reader.lay(adapter, over: other, name: "\(other.name) with \(adapter.lastPathPart)")
                }
            } else {
                other
            }
        return try await ModelFiles.about(second) {
            try await reader.compare(
                text,
                baseline: baseline,
                candidate: candidate,
                progress: session.readingProgress("compare")
            )
        }
    }
}

/// What `serin compare` prints: ten lines.
enum CompareOutput {
    static func report(_ comparison: ModelComparison) -> Report {
        Report { report in
            report.line(Cell("\(comparison.candidate)", .strong), Cell(" against "), Cell(comparison.baseline, .strong))
            for row in ReadingText.rows(comparison) {
                report.line(Cell("  " + ReadingText.padded(row.label), .faint), Cell(row.words))
            }
            let worst = comparison.worst.prefix(3)
            if !worst.isEmpty {
                var table = Table(
                    .figure("KL"),
                    .figure("TOKEN"),
                    .long("IN ITS CONTEXT"),
                    .text("BASELINE"),
                    .text("CANDIDATE"),
                    indent: 2
                )
                for place in worst {
                    let text = comparison.textCount > 1 ? "\(place.text):" : ""
                    table.row(
                        Cell(NumberText.significant(place.divergence)),
                        Cell(text + NumberText.count(place.token)),
                        Cell("…\(ReadingText.tail(place.before))[\(place.spelling)]"),
                        Cell("“\(place.baselineTop)”"),
                        Cell("“\(place.candidateTop)”")
                    )
                }
                report.table(table)
            }
        }
    }
}
