import ArgumentParser
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// `serin tokenize`
struct Tokenize: Verb {
    static let configuration = CommandConfiguration.verb(
        "tokenize",
        "Show a text in the tokens of a model.",
        discussion: """
            Blanks are shown as · and a character that is cut in two by its bytes. Special tokens that the text spells \
            are plain letters unless --special is given, which also adds those that the model wants around a text.
            """,
        examples: "tokenize model.gguf \"Order 48213 arrived broken\"",
        "tokenize ticket-bot@8 --file ticket.txt --limit 0",
        "tokenize model.gguf --special \"<|im_start|>user\" -o json"
    )

    @Argument(
        help: ArgumentHelp("A model file, or a version on the server.", valueName: "file|ref"),
        completion: .file()
    )
    var model: String
    @Argument(help: ArgumentHelp("The text.", valueName: "text")) var text: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A file with the text; - for the standard input.", valueName: "file")
    )
    var file: String?
    @Flag(help: "Read special tokens as such, and add those around a text.") var special = false
    @OptionGroup var global: GlobalOptions

    static var limitsRows: Bool { true }

    mutating func validate() throws {
        if text != nil && file != nil { throw ValidationError("TEXT and --file exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let subject = try ModelSubject(model, session)
        let text = try session.givenText(text, file: file)
        let result: TokenizedText
        switch subject {
        case .file(let path):
            let model = try ModelFiles.open(path)
            result = try await ModelFiles.about(path) { try await model.tokenize(text, specials: special) }
        case .reference(let reference):
            let version = try await session.version(reference.description)
            result = try await session.client.post(
                APIPath.tokens(version),
                TokenizeRequest(text: text, specials: special)
            )
        }
        let limit = session.settings.limit
        try session.show(
            result,
            kind: "TokenizedText",
            names: result.tokens.map { String($0.id) },
            Self.report(result, limit: limit)
        )
        if limit > 0, result.tokens.count > limit, !session.printer.format.isForPrograms {
            session.printer.talk("\(limit) of \(NumberText.count(result.tokens.count)); --limit 0 for all")
        }
        return .ok
    }

    static func report(_ result: TokenizedText, limit: Int) -> Report {
        var table = Table(.figure("ID"), .text("TOKEN"), .figure("BYTES"), .wide("AS BYTES"))
        for token in limit > 0 ? result.tokens.prefix(limit) : result.tokens[...] {
            table.row(
                Cell(String(token.id)),
                Cell(visible(token), token.isSpecial ? .notice : .plain),
                Cell(String(token.bytes.count)),
                Cell(hexadecimal(token.bytes))
            )
        }
        return Report { report in
            report.table(table)
            report.blank()
            var parts = [
                NumberText.count(result.tokens.count, "token"), NumberText.count(result.byteCount, "byte"),
            ]
            if let rate = result.bytesPerToken { parts.append("\(NumberText.significant(rate)) bytes per token") }
            report.line(Cell(parts.joined(separator: ", ")))
            if result.droppedByteCount > 0 {
                let bytes = NumberText.count(result.droppedByteCount, "byte")
                report.line(StatusCell.notice("\(bytes) of the text without a token: the model does not see them"))
            }
            report.line(
                result.roundTrip
                    ? StatusCell.pass("the tokens give the text back")
                    : StatusCell.notice("the tokens give another text back")
            )
        }
    }

    /// The text of a token with blanks that can be seen; bytes that are no whole character as bytes.
    static func visible(_ token: TokenizedText.Token) -> String {
        guard String(validating: token.bytes, as: UTF8.self) != nil else { return "<\(hexadecimal(token.bytes))>" }
        return String(token.text.map { $0 == " " ? "·" : $0 })
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }
}
