import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin traffic import`
struct TrafficImportVerb: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "import",
        "Freeze a file of requests as a traffic set.",
        discussion: """
            One request a line: {"id":"t1","variables":{"ticket":"…"},"expected":"…","tags":{"locale":"en"}}, or a \
            conversation whose last turn is to be answered: {"id":"t2","messages":[{"role":"user","text":"…"}]}; \
            expected and tags may be left out. Also read, by what is in the file: OpenAI chat, batch and fine-tuning \
            lines, ShareGPT, Langfuse items, LiteLLM spend logs, promptfoo tests, OTLP traces in JSON, Inspect logs in \
            JSON, OpenAI Evals items, alpaca, CSV with a header. What was not taken is said; one wrong line, and nothing \
            is. A set with expected answers can be a suite.
            """,
        examples: "traffic import week47.jsonl",
        "traffic import export.jsonl --name golden"
    )

    @Argument(
        help: ArgumentHelp("A file of requests.", valueName: "file"),
        completion: .file(extensions: ["jsonl", "json", "csv", "yaml"])
    )
    var file: String
    @Option(help: ArgumentHelp("The name of the set. (default: the file's)", valueName: "name")) var name: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "Traffic"

    func ask(_ session: Session) async throws -> TrafficRecord {
        let name = try name.map { try Name($0) } ?? Self.name(of: file)
        let hashed = try FileHashing.digest(of: file) { _ in }
        guard hashed.sizeBytes > 0 else {
            throw CommandsError.badFile(
                path: file,
                problem: "is empty",
                next: "one JSON object a line: \(.trafficImport(asksForHelp: true))"
            )
        }
        let missing: MissingAnswer = try await session.client.post(
            APIPath.missingBlobs,
            MissingRequest(digests: [hashed.digest])
        )
        if let blob = missing.missing.first {
            let upload = BlobUpload(path: file, digest: hashed.digest, sizeBytes: hashed.sizeBytes)
            try await upload.send(session.client, from: blob.offsetBytes) { _ in }
        }
        do {
            return try await session.client.post(APIPath.traffic(name), TrafficImport(digest: hashed.digest))
        } catch let problem as Problem where problem.exit == Exit.badData.rawValue {
            // The server was sent bytes, and does not know what they are called here.
            throw problem.about(file)
        }
    }

    func name(of record: TrafficRecord) -> String { record.name.text }

    func report(_ record: TrafficRecord, now: Timestamp) -> Report {
        let size = "\(record.event.requestsText()), \(NumberText.count(record.labelled)) labelled"
        return Report { report in
            report.line(StatusCell.pass(record.name.text), Cell("  \(record.digest.short)  \(size)"))
            if let format = record.format { report.line(Cell("  read as \(format)")) }
            if let notTaken = record.notTakenWords { report.line(Cell("  not taken: \(notTaken)")) }
        }
    }

    /// The name that a file gives its set.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)`` where it gives none.
    private static func name(of file: String) throws(CommandsError) -> Name {
        let stem = stem(file)
        if let name = try? Name(stem) { return name }
        throw .badArgument(
            name: "FILE",
            value: file,
            problem: "its name cannot name a traffic set",
            example: "--name \((try? DisplayName(stem).identifier)?.text ?? "week47")"
        )
    }

    /// `week47` of `data/week47.jsonl`.
    static func stem(_ path: String) -> String {
        let last = path.lastPathPart
        return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    }
}
