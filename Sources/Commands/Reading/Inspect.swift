import ArgumentParser
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// `serin inspect`
struct Inspect: Verb {
    static let configuration = CommandConfiguration.verb(
        "inspect",
        "Show what a model file is, and whether it runs here.",
        discussion: """
            Facts, tensors by type, tokenizer, chat template, memory, and every reason why the engine does not run it. A \
            file needs no server; a folder means the one model file in it. Exits 0 whether or not it runs; with \
            --exit-code 10 when it does not.
            """,
        examples: "inspect model.gguf",
        "inspect ticket-bot@8 -o json",
        "inspect build/ --exit-code"
    )

    @Argument(
        help: ArgumentHelp("A model file, or a version on the server.", valueName: "file|ref"),
        completion: .file()
    )
    var model: String
    @Flag(help: "Exit 10 when it does not run here.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let facts: InspectedModel
        let name: String
        var page: PagePath?
        switch try ModelSubject(model, session) {
        case .file(let path):
            facts = try ModelFiles.open(path).facts
            name = path.lastPathPart
        case .reference(let reference):
            let version = try await session.version(reference.description)
            facts = try await session.client.get(APIPath.inspection(version))
            name = version.description
            page = .version(version)
        }
        try session.show(facts, kind: "InspectedModel", names: [name], InspectOutput.report(facts, name: name))
        if let page { session.talkAddress("page", page) }
        return exitCode && !facts.runs ? .checkFailed : .ok
    }
}

/// What `serin inspect` prints.
enum InspectOutput {
    static func report(_ facts: InspectedModel, name: String) -> Report {
        Report { report in
            report.line(Cell(name, .strong), Cell("  \(NumberText.bytes(Int64(facts.fileBytes)))"))
            for (label, words) in InspectedText.rows(facts) {
                report.line(Cell("  " + ReadingText.padded(label), .faint), Cell(words))
            }
            report.blank()
            report.table(tensors(facts.tensors))
            report.blank()
            if facts.runs {
                report.line(StatusCell.pass("runs here"))
            } else {
                report.line(StatusCell.fail("does not run here"))
                for reason in facts.reasons.prefix(shownReasons) { report.line(Cell("  – \(reason)")) }
                if facts.reasons.count > shownReasons {
                    report.line(Cell("  – and \(facts.reasons.count - shownReasons) more; -o json has all", .faint))
                }
            }
            for warning in facts.warnings { report.line(StatusCell.notice(warning)) }
        }
    }

    private static let shownReasons = 12

    private static func tensors(_ shares: [InspectedModel.TensorShare]) -> Table {
        var table = Table(
            .text("TYPE"),
            .figure("TENSORS"),
            .figure("ELEMENTS"),
            .figure("BYTES"),
            .figure("SHARE"),
            indent: 2
        )
        for share in shares {
            table.row(
                Cell(share.type),
                Cell(NumberText.count(share.count)),
                Cell(NumberText.scaled(share.elementCount)),
                Cell(NumberText.bytes(Int64(share.byteCount))),
                share.share.map { Cell(NumberText.share($0)) } ?? .nothing
            )
        }
        return table
    }
}
