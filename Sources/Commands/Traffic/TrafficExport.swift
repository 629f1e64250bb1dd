import ArgumentParser
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import TrafficFormats
import WireFormat
import Wording

/// `serin traffic export`
struct TrafficExport: Verb {
    static let configuration = CommandConfiguration.verb(
        "export",
        "Write the requests of a traffic set as lines: OpenAI's, or serin's own.",
        discussion: """
            batch: requests of an OpenAI batch by their ids, without what is expected. fine-tune: examples whose last \
            message is the expected answer. own: serin's lines, which traffic import reads back as the same set. What no \
            line of the form can say is left out and counted.
            """,
        examples: "traffic export week47 > week47.jsonl",
        "traffic export golden --as fine-tune"
    )

    /// What the lines are.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case batch
        case fineTune = "fine-tune"
        case own
    }

    @Argument(help: ArgumentHelp("The traffic set.", valueName: "set")) var name: String
    @Option(name: .customLong("as"), help: ArgumentHelp("What each line is.", valueName: "form")) var form: Form =
        .batch
    @Option(
        help: ArgumentHelp("The model that lines of a batch ask. (default: what SERIN_MODEL says)", valueName: "model")
    )
    var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: TrafficView = try await session.client.get(APIPath.traffic(Name(name)))
        let set = view.record
        let path =
            "\(FileManager.default.temporaryDirectory.path)/serin-\(getpid())-\(set.digest.hexadecimal.prefix(16)).jsonl"
        defer { unlink(path) }
        try await BlobDownload(digest: set.digest, sizeBytes: set.sizeBytes, path: path).receive(session.client) { _ in
        }
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let asked = model ?? session.settings.model ?? "MODEL"
        var lines: [String] = []
        var left = 0
        for line in bytes.split(separator: 0x0a) {
            var parser = TrafficLineParser(Array(line))
            if let text = try Self.line(parser.parse(), as: form, model: asked) {
                lines.append(text)
            } else {
                left += 1
            }
        }
        try session.show(
            ExportedLines(traffic: set.name, form: form.rawValue, lines: lines, leftOut: left),
            kind: "ExportedTraffic",
            names: [set.name.text],
            Report { report in for line in lines { report.line(Cell(line)) } }
        )
        if left > 0 {
            session.printer.talk(
                "left out: \(NumberText.count(left)) that no line of \(form.rawValue) can say: several values for variables, or "
                    + "nothing expected (--as own writes all)"
            )
        }
        return .ok
    }

    private static func line(_ request: TrafficRequest, as form: Form, model: String) throws -> String? {
        switch form {
        case .batch: OpenAILines.line(request, as: .batch, model: model)
        case .fineTune: OpenAILines.line(request, as: .fineTune, model: model)
        case .own: String(decoding: try JSONText.encode(request), as: UTF8.self)
        }
    }

    /// What was written, for programs.
    private struct ExportedLines: Encodable {
        let traffic: Name
        let form: String
        let lines: [String]
        let leftOut: Int
    }
}
