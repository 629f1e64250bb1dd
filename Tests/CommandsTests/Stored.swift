import Foundation
import Testing

@testable import Commands

/// Compares text with a file of `Golden/`; `UPDATE_GOLDEN=1 swift test` writes the files anew.
enum Stored {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    static func expect(_ text: String, as name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let stored = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(
            text == stored,
            "Golden/\(name) differs; look at it and run with UPDATE_GOLDEN=1",
            sourceLocation: sourceLocation
        )
    }

    /// A folder of `Fixtures/`.
    struct Folder {
        let path: String

        init(_ path: String) { self.path = path }

        /// The value stored there as `name`.
        func callAsFunction<Value: Decodable>(_ name: String) throws -> Value { try Stored.value(path + name) }
    }

    /// A value of the interface, stored as JSON in `Fixtures/`.
    static func value<Value: Decodable>(_ name: String) throws -> Value {
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/\(name).json"))
        return try JSONDecoder().decode(Value.self, from: data)
    }
}
