import ArgumentParser
import Foundation
import RegistryTypes
import WireFormat

/// `serin apply`
struct Apply: Verb {
    static let configuration = CommandConfiguration.verb(
        "apply",
        "Make the server agree with files: policies, canaries, prompts, SLOs.",
        discussion: """
            All documents of all files are checked first; if one is wrong, nothing is changed. A folder means the \
            *.yaml and *.yml directly in it. - is the standard input.
            """,
        examples: "apply -f Policies/ --dry-run",
        "apply -f Policies/ -f prompts/triage.yaml",
        "apply -f Policies/ --dry-run --exit-code"
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A file or a folder.", valueName: "path"), completion: .file())
    var file: [String]
    @Flag(help: "Say what would change; change nothing.") var dryRun = false
    @Flag(help: "Exit 10 when something was or would be changed.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let files = try DocumentFiles.read(file, session)
        try DocumentFiles.check(files)
        let answer: ApplyAnswer = try await session.client.post(
            APIPath.apply,
            ApplyRequest(files: files, dryRun: dryRun ? true : nil)
        )
        try session.show(
            answer,
            kind: "Apply",
            names: answer.changes.map { "\($0.kind.lowercased())/\($0.name)" },
            PolicyOutput.apply(answer)
        )
        for change in answer.changes {
            for warning in change.warnings ?? [] {
                session.printer.talk("warning: \(change.kind.lowercased()) \(change.name): \(warning)")
            }
        }
        let created = answer.changes.count { $0.action == .created }
        let changed = answer.changes.count { $0.action == .changed }
        if dryRun { session.printer.talk("plan only: \(changed) to change, \(created) to create") }
        return exitCode && created + changed > 0 ? .checkFailed : .ok
    }
}
