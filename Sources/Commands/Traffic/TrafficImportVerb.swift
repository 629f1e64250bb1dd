import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin traffic import`
struct TrafficImportVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Freeze a JSONL file as a traffic set.",
        discussion: """
            One request a line: {"id":"t1","variables":{"ticket":"…"},"expected":"…","tags":{"locale":"en"}}; \
            expected and tags may be left out. A set with expected answers can be a suite.

            Examples:
              serin traffic import week47.jsonl
              serin traffic import export.jsonl --name golden
            """
    )

    @Argument(help: ArgumentHelp("A JSONL file.", valueName: "file"), completion: .file(extensions: ["jsonl"]))
    var file: String
    @Option(help: ArgumentHelp("The name of the set. (default: the file's)", valueName: "name")) var name: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let name = try Name(name ?? Self.stem(file))
        let hashed = try FileHashing.digest(of: file) { _ in }
        guard hashed.sizeBytes > 0 else {
            throw CommandsError.badFile(
                path: file,
                problem: "is empty",
                next: "one JSON object a line: serin traffic import --help"
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
        let record: TrafficRecord = try await session.client.post(
            APIPath.traffic(name),
            TrafficImport(digest: hashed.digest)
        )
        try session.show(
            record,
            kind: "Traffic",
            names: [record.name.text],
            Report {
                $0.line(
                    StatusCell.pass(record.name.text),
                    Cell(
                        "  \(record.digest.short)  \(NumberText.count(record.requests, "request")), "
                            + "\(NumberText.count(record.labelled)) labelled"
                    )
                )
            }
        )
        return .ok
    }

    /// `week47` of `data/week47.jsonl`.
    static func stem(_ path: String) -> String {
        let last = path.lastPathPart
        return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    }
}
