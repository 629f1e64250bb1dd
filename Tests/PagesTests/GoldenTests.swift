import Foundation
import Testing

@testable import Pages

/// Each page, byte for byte, with values that never change. `UPDATE_GOLDEN=1 swift test` writes the files anew.
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test(arguments: PageSamples().all.map(\.name))
    func pageIsAsStored(name: String) throws {
        let page = try #require(PageSamples().all.first { $0.name == name }?.page)
        let html = try Templates().render(page)
        // A template that is not in the binary renders as nothing.
        try #require(!html.isEmpty)
        let file = GoldenTests.folder.appending(path: "\(name).html")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(html.utf8).write(to: file)
        }
        let stored = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(html == stored, "\(name).html differs; look at it and run with UPDATE_GOLDEN=1")
    }
}
