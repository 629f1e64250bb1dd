import ArgumentParser
import Commands
import Foundation
import Server
import Wording

/// `serin demo`
struct DemoGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "demo",
        "Try the ten-minute story.",
        [DemoCreate.self] + CommandLineInterface.demo
    )
}

/// `serin demo create`
struct DemoCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration.verb(
        "create",
        "Make a folder with three versions of a small model, recorded requests, and one release live.",
        examples: "demo create demo",
        "serve --data demo/data"
    )

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "folder")) var folder = "demo"

    func run() async throws {
        ProcessPrivacy.keepFiles()
        let url = URL(filePath: folder)
        try await DataFolderVerbs.createDemo(files: Self.files(), folder: url, build: Serin.build) { line in
            print("✔ \(line)")
        }
        FileHandle.standardError.write(Data("next: \(NextStep.serveData(folder: "\(folder)/data"))\n".utf8))
    }

    /// The demo's files: where the environment says, beside an installed binary, or in the source it was built from.
    private static func files() -> URL {
        if let path = ProcessInfo.processInfo.environment["SERIN_DEMO_FILES"], !path.isEmpty {
            return URL(filePath: path)
        }
        let binary = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).resolvingSymlinksInPath()
        let installed = binary.deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "share/serin/demo"
        )
        var candidates = [installed]
        var parent = binary.deletingLastPathComponent()
        for _ in 0..<6 {
            parent = parent.deletingLastPathComponent()
            candidates.append(parent.appending(path: "Registry/demo"))
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.appending(path: "v1").path) } ?? installed
    }
}
