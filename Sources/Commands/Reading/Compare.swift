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
            references are read by it, behind all live requests. Of a file and a reference, the reference's weights are \
            fetched and kept in a cache of 16 GiB. With --traffic the baseline answers requests of a set and both read the \
            answers. With --adapter the candidate is a file with an adapter over it, the baseline the file without: the \
            same file twice shows what the adapter does. The same model twice gives exactly 0 and 100 %.
            """,
        examples: "compare v1/model.gguf v3/model.gguf --text tickets.txt",
        "compare model.gguf model.gguf --adapter lora.gguf --text tickets.txt",
        "compare ticket-bot@1 ticket-bot@3 --text tickets.txt -o json",
        "compare ticket-bot@production build/model.gguf --text tickets.txt",
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
        case (.file, _), (_, .file):
            guard let text else {
                throw CommandsError.badArgument(
                    name: "--traffic",
                    value: traffic ?? "",
                    problem: "requests of a set are answered through the prompt of a release, and a file has none",
                    example: "--text FILE; or publish the file and name its version"
                )
            }
            let words = try session.readText(text)
            let models = (try await local(subjects.0, session), try await local(subjects.1, adapter: adapter, session))
            comparison = try await compare(models.0, models.1, words, session)
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

    /// A model on this machine, and what a person calls it.
    private struct Local {
        let path: String
        /// The version that the path holds; nil for a file that was named itself.
        var version: VersionID?
        /// A file that is laid over it.
        var adapter: String?

        func name(besides other: Local) -> String {
            if let version { return version.description }
            // Copies of a model often have the same name in folders of their own.
            let isPlain = other.version != nil || other.path == path || other.path.lastPathPart != path.lastPathPart
            return isPlain ? path.lastPathPart : path
        }
    }

    private func local(_ subject: ModelSubject, adapter: String? = nil, _ session: Session) async throws -> Local {
        switch subject {
        case .file(let path):
            try ModelFiles.openRunnable(path, adapter: adapter)
            return Local(path: path, adapter: adapter)
        case .reference(let reference):
            let version = try await session.version(reference.description)
            let path = try await session.localWeights(version)
            try ModelFiles.openRunnable(path)
            return Local(path: path, version: version)
        }
    }

    private func compare(_ first: Local, _ second: Local, _ text: String, _ session: Session) async throws
        -> ModelComparison
    {
        let reader = TextReader()
        func load(_ model: Local, besides other: Local) async throws -> ReadingModel {
            let name = model.name(besides: other)
            return try await ModelFiles.about(model.path) { try await reader.load(model.path, name: name) }
        }
        let baseline = try await load(first, besides: second)
        let other = first.path == second.path ? baseline : try await load(second, besides: first)
        let candidate =
            if let adapter = second.adapter {
                try await ModelFiles.about("\(second.path) with \(adapter)") {
                    try await reader.lay(adapter, over: other, name: "\(other.name) with \(adapter.lastPathPart)")
                }
            } else {
                other
            }
        return try await ModelFiles.about(second.path) {
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
