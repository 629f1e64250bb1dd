import ArgumentParser
import Foundation

/// Which data folder is meant.
struct DataFolderOption: ParsableArguments {
    @Option(help: ArgumentHelp("The data folder (SERIN_DATA). (default: serin-data)", valueName: "folder"))
    var data: String?

    /// The folder: the flag, else the environment, else `serin-data` here.
    var url: URL {
        let environment = ProcessInfo.processInfo.environment["SERIN_DATA"].flatMap { $0.isEmpty ? nil : $0 }
        return URL(filePath: data ?? environment ?? "serin-data")
    }
}
