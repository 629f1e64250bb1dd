package import Foundation
package import Testing

/// Files of reference numbers that were made with other programs. They are not part of the checkout: they lie in the
/// folder that `SERIN_VECTORS` names, else in `shared/vectors` beside the checkout.
package enum ReferenceVectors {
    /// A file of them.
    package enum File: String {
        /// Tests, intervals, boundaries and whole judgements of canaries.
        case canary = "canary-vectors.json"
        /// Measures of drift.
        case drift = "drift-vectors.json"
    }

    /// The folder they are looked for in.
    package static let folder =
        ProcessInfo.processInfo.environment["SERIN_VECTORS"].map { URL(filePath: $0, directoryHint: .isDirectory) }
        ?? Checkout.root.deletingLastPathComponent().appending(path: "shared/vectors", directoryHint: .isDirectory)

    /// Where a file is; nil when it is not on this machine.
    package static func url(_ file: File) -> URL? {
        let url = folder.appending(path: file.rawValue).standardizedFileURL
        return FileManager.default.isReadableFile(atPath: url.path) ? url : nil
    }

    /// A file, read; nil when it is not on this machine. One that is there and cannot be read is an error, not a reason
    /// to skip.
    package static func read<Value: Decodable>(_ file: File, as type: Value.Type) throws -> Value? {
        try url(file).map { try JSONDecoder().decode(type, from: Data(contentsOf: $0)) }
    }
}

extension Trait where Self == ConditionTrait {
    /// A file of reference vectors is there.
    package static func needsVectors(_ file: ReferenceVectors.File) -> Self {
        .enabled(
            if: ReferenceVectors.url(file) != nil,
            "no \(file.rawValue) in ../shared/vectors: set SERIN_VECTORS to the folder of the reference vectors"
        )
    }
}
