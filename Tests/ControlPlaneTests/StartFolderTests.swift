import Artifacts
import Foundation
import TestSupport
import Testing

@testable import ControlPlane

/// A start that fails takes back what it made, and nothing that is somebody else's.
@Suite struct StartFolderTests {
    private static func names(_ url: URL) -> [String]? {
        (try? FileManager.default.contentsOfDirectory(atPath: url.path))?.sorted()
    }

    @Test func anotherServersFolderBesideItStays() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "new/deep/a")
        let start = StartFolder(folder)
        // Another server makes its own meanwhile, below a folder that neither found.
        try scratch.write("new/b/serin.db", "another's log")
        let lock = try DataFolder(at: folder.path)
        start.isOwned()
        try Data("1".utf8).write(to: folder.appending(path: "serin.db"))
        start.removeUnlessServed()
        #expect(Self.names(scratch.url.appending(path: "new")) == ["b"])
        #expect(Self.names(scratch.url.appending(path: "new/b")) == ["serin.db"])
        withExtendedLifetime(lock) {}
    }

    /// What was in the folder before, how far the start came, and what is left.
    private static let cases: [(before: [String], reached: String, isNew: Bool, after: [String]?)] = [
        ([], "owned", true, []), (["lost+found"], "owned", true, ["lost+found"]), (["lock"], "owned", true, []),
        (["lock", "lost+found"], "owned", true, ["lost+found"]), ([], "begun", true, []),
        (["lock"], "begun", true, ["lock"]), (["lock", "serin.db"], "owned", false, nil), ([], "served", true, nil),
        // Another process took the folder between the end of this start and the removal.
        ([], "taken", true, nil),
    ]

    @Test(arguments: cases.indices)
    func aFolderIsLeftAsItWas(_ index: Int) throws {
        let (before, reached, isNew, after) = Self.cases[index]
        let scratch = try ScratchFolder()
        for name in before { try scratch.write(name, "") }
        let start = StartFolder(scratch.url)
        #expect(start.isNew == isNew)
        if reached != "begun" {
            _ = try DataFolder(at: scratch.path)
            start.isOwned()
            try scratch.write("reserve", "kept back")
        }
        if reached == "served" { start.isServed() }
        if reached == "taken" { try scratch.write("lock", "1\n") }
        let filled = Self.names(scratch.url)
        start.removeUnlessServed()
        #expect(Self.names(scratch.url) == (after ?? filled))
    }

    @Test func theWayToItGoesToo() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "x/y/z")
        let start = StartFolder(folder)
        _ = try DataFolder(at: folder.path)
        start.isOwned()
        start.removeUnlessServed()
        #expect(Self.names(scratch.url) == [])
    }
}
