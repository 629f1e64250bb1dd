import Foundation
import GGUF
import ModelInspection
import RegistryTypes
import WireFormat
import Wording

/// What a verb about models is given: a file on this machine, which needs no server, or a reference to one there.
enum ModelSubject: Hashable, Sendable {
    case file(String)
    case reference(Reference)

    /// Reads an argument. What has a slash, begins with a dot or ends in `.gguf` is a file; so is a plain name when there is
    /// a regular file of that name, which no model on the server has by chance.
    ///
    /// - Throws: ``CommandsError``, `RegistryTypesError`.
    init(_ text: String, _ session: Session) throws {
        let bytes = text.utf8
        let looksLikeFile =
            bytes.contains(0x2f) || bytes.first == 0x2e || bytes.suffix(5).map { $0 | 0x20 }.elementsEqual(".gguf".utf8)
        if looksLikeFile || Self.kind(text) == .file {
            self = .file(try Self.modelFile(text))
            return
        }
        if Self.kind(text) == .folder {
            session.printer.talk("\(text) is read as a model on the server; the folder of that name is ./\(text)")
        }
        do { self = .reference(try session.reference(text)) } catch let error as RegistryTypesError {
            guard Self.kind(text) == nil else { throw error }
            throw CommandsError.badArgument(
                name: "the model",
                value: text,
                problem: "there is no such file, and it is no reference: \(error)",
                example: "./model.gguf or ticket-bot@8"
            )
        }
    }

    /// As the person named it.
    var text: String {
        switch self {
        case .file(let path): path
        case .reference(let reference): reference.description
        }
    }

    private enum Kind { case file, folder }

    /// What is at a path, links followed; nil for nothing, or nothing that can be read as a file.
    private static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return nil
        }
    }

    /// The file itself, or the one model of a folder: its only file, or the first one of a split model; a part that sees
    /// pictures stands beside it.
    private static func modelFile(_ path: String) throws(CommandsError) -> String {
        switch kind(path) {
        case .file: return path
        case nil:
            let isThere = access(path, F_OK) == 0
            throw .file(path: path, problem: isThere ? "is neither a file nor a folder" : "there is no such file")
        case .folder:
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            let files = names.filter { $0.utf8.suffix(5).map { $0 | 0x20 }.elementsEqual(".gguf".utf8) }.sorted()
            var groups: Set<String> = []
            var models = files.filter { name in
                groups.insert(ShardName(name).map { "\($0.prefix) \($0.count)" } ?? name).inserted
            }
            if models.count > 1 {
                models.removeAll { name in
                    (try? GGUFFile(path: path.path(of: name))).map(PublishedHeaders.isVisionPart) ?? false
                }
            }
            guard let only = models.first, models.count == 1 else {
                throw .badFile(
                    path: path,
                    problem: models.isEmpty
                        ? "is a folder without a model file (*.gguf)"
                        : "is a folder with \(models.count) models: \(models.prefix(3).joined(separator: ", "))",
                    next: "name the file itself: \(.inspect())"
                )
            }
            return path.path(of: only)
        }
    }
}

/// Model files, with what is wrong with one said as this command line says it.
enum ModelFiles {
    /// Opens the header of a file.
    ///
    /// - Throws: ``CommandsError/badFile(path:problem:next:)``.
    static func open(_ path: String, adapter: String? = nil) throws(CommandsError) -> LocalModel {
        do { return try LocalModel(path: path, adapter: adapter) } catch {
            throw .badFile(
                path: adapter.map { "\(path) with \($0)" } ?? path,
                problem: "\(error)",
                next: "a GGUF file is needed, whole and as it was published"
            )
        }
    }

    /// The same of a file that must run here.
    @discardableResult
    static func openRunnable(_ path: String, adapter: String? = nil) throws(CommandsError) -> LocalModel {
        let model = try open(path, adapter: adapter)
        guard model.facts.runs else {
            throw .badFile(
                path: adapter.map { "\(path) with \($0)" } ?? path,
                problem: "does not run here: " + model.facts.reasons.joined(separator: "; "),
                next: "\(.inspect(file: path)) shows what it is"
            )
        }
        return model
    }

    /// Does something with a file and says of which one it is when it goes wrong.
    static func about<Result>(_ path: String, _ work: () async throws -> Result) async throws -> Result {
        do { return try await work() } catch let error as CancellationError { throw error } catch let error
            as CommandsError
        { throw error } catch {
            throw CommandsError.badFile(
                path: path,
                problem: "\(error)",
                next: "\(.inspect(file: path)) shows what it is"
            )
        }
    }
}

extension Session {
    /// The file of `--adapter`, which goes with a model file alone.
    ///
    /// - Throws: ``CommandsError`` where the model is on the server.
    func adapter(_ path: String?, over subject: ModelSubject) throws(CommandsError) -> String? {
        guard let path, case .reference(let reference) = subject else { return path }
        throw .badArgument(
            name: "--adapter",
            value: path,
            problem: "\(reference) is on the server, and this file is not",
            example: "\(NextStep.publish(base: .some)), then name that version"
        )
    }

    /// A text to read: of a file, or of the standard input for `-`.
    ///
    /// - Throws: ``CommandsError``.
    func readText(_ path: String) throws(CommandsError) -> String {
        if path == "-" { return try text(ofFile: path) }
        let limit = 64 << 20, reader = try FileReader(path)
        guard reader.sizeBytes <= limit else {
            throw .badFile(path: path, problem: "is over 64 MiB", next: "a part of it is enough: some 10,000 words")
        }
        guard let text = String(validating: try reader.contents(limit: limit), as: UTF8.self) else {
            throw .badFile(path: path, problem: "is not UTF-8 text", next: "save it as UTF-8")
        }
        return text
    }

    /// The text that was given: as an argument, in a file, or on the standard input when it is no terminal.
    ///
    /// - Throws: ``CommandsError``.
    func givenText(_ argument: String?, file: String?) throws(CommandsError) -> String {
        if let argument { return argument }
        if let file { return try readText(file) }
        guard !environment.inputIsTerminal else {
            throw .missingArgument(
                what: "there is no text",
                next: "give it as an argument, with --file, or on the standard input"
            )
        }
        return try text(ofFile: "-")
    }

    /// How far a reading on this machine is, on the standard error.
    func readingProgress(_ label: String) -> @Sendable (Int, Int) -> Void {
        let drawing = ReadingProgress(label, settings.progress, printer.talkStyle)
        return { drawing.update($0, $1) }
    }
}
