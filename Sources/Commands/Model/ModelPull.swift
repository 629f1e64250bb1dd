import ArgumentParser
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin model pull`
struct ModelPull: Verb {
    static let configuration = CommandConfiguration.verb(
        "pull",
        "Download the files of a version, each checked against its digest.",
        discussion: """
            A file that is there already with the same content is kept; one with other content is never replaced \
            (exit 5).
            """,
        examples: "model pull ticket-bot@7",
        "model pull ticket-bot@production --to build/live"
    )

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @Option(help: ArgumentHelp("The folder. (default: NAME-NUMBER)", valueName: "folder"), completion: .directory)
    var to: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try await session.version(reference)
        let view: VersionView = try await session.client.get(APIPath.version(id))
        let folder = to ?? "\(id.name)-\(id.number)"
        session.work.set(.init(what: "the files that are complete are kept", next: "run the same command again"))
        for file in view.version.manifest.files { try await pull(file, into: folder, session) }
        let names = view.version.manifest.files.map { "\(folder)/\($0.path)" }
        try session.show(
            view.version.manifest,
            kind: "Manifest",
            names: names,
            Report { report in
                report.line(
                    StatusCell.pass("\(id) in \(folder)"),
                    Cell(
                        "   \(NumberText.count(names.count, "file")), "
                            + "\(NumberText.bytes(view.version.manifest.sizeBytes)), digests checked"
                    )
                )
            }
        )
        return .ok
    }

    private func pull(_ file: ArtifactFile, into folder: String, _ session: Session) async throws {
        // The path comes from a server: it is checked again here, so that nothing is written outside the folder.
        guard ArtifactFile.isValid(path: file.path) else { throw RegistryTypesError.badFileName(file.path) }
        let path = "\(folder)/\(file.path)"
        if FileManager.default.fileExists(atPath: path) {
            guard try FileHashing.digest(of: path, progress: { _ in }).digest == file.digest else {
                throw Problem(
                    status: 409,
                    title: "\(path) is there with other content",
                    next: "move it away, or: --to ANOTHER-FOLDER",
                    exit: Exit.conflict.rawValue
                )
            }
            session.printer.talk("\(file.path)  already here")
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]),
                withIntermediateDirectories: true
            )
        } catch { throw CommandsError.unwritable(path: folder, problem: "cannot be made") }
        try await session.download(file, to: path)
    }
}
