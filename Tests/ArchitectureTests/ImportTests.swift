import Foundation
import TestSupport
import Testing

/// The layer table in the documentation, the manifest and the `import` lines say the same.
@Suite struct ImportTests {
    static let root = Checkout.root
    /// Modules of the toolchain and the C library.
    static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin",
    ]

    static func table() throws -> LayerTable {
        let text = try String(contentsOf: root.appending(path: "docs/architecture.md"), encoding: .utf8)
        return LayerTable(markdown: text)
    }

    static func swiftFiles(below folder: String) -> [URL] {
        let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
    }

    static func imports(of file: URL) throws -> Set<String> {
        let text = try String(contentsOf: file, encoding: .utf8)
        var modules: Set<String> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.firstIndex(of: "import"), keyword <= 2,
                words[..<keyword].allSatisfy({
                    ["public", "internal", "private", "package", "@preconcurrency", "@testable"].contains($0)
                }),
                words.count > keyword + 1
            else { continue }
            let kinds = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
            let name = kinds.contains(words[keyword + 1]) ? words[keyword + 2] : words[keyword + 1]
            modules.insert(String(name.split(separator: ".")[0]))
        }
        return modules
    }

    @Test func tableIsRead() throws {
        let rows = try Self.table().rows
        #expect(rows.count >= 20)
        #expect(rows.first { $0.target == "Inference" }?.ours == ["GGUF", "CKernels", "Tokenizers"])
        #expect(rows.first { $0.target == "WebFiles" }?.path == "Web")
    }

    @Test func everyFolderIsATarget() throws {
        let known = Set(try Self.table().rows.map(\.path))
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        for folder in folders where !folder.hasPrefix(".") {
            #expect(
                known.contains("Sources/\(folder)"),
                "Sources/\(folder) is not in the table of docs/architecture.md"
            )
        }
    }

    @Test func importsAreInTheTable() throws {
        for row in try Self.table().rows {
            let allowed = row.ours.union(row.thirdParty).union(Self.system)
            for file in Self.swiftFiles(below: row.path) {
                for module in try Self.imports(of: file).subtracting(allowed) {
                    Issue.record(
                        "\(row.target) imports \(module) in \(file.lastPathComponent); docs/architecture.md does not list it"
                    )
                }
            }
        }
    }

    @Test func manifestIsTheTable() throws {
        let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        let targets = Manifest(manifest).dependencies
        for row in try Self.table().rows
        where !row.path.hasPrefix("Sources/C") || row.target == "Commands" || row.target.hasPrefix("Ca")
            || row.target.hasPrefix("Co")
        {
            guard let listed = targets[row.target] else {
                if row.target != "COpenSSL", row.target != "CKernels" {
                    Issue.record("\(row.target) is not in Package.swift")
                }
                continue
            }
            #expect(
                listed == row.ours.union(row.thirdParty),
                "\(row.target): Package.swift and docs/architecture.md differ"
            )
        }
    }

    /// Benchmarks and fuzzing are packages of their own, which link the sources that they look at: nothing else builds
    /// them.
    @Test(arguments: ["Benchmarks", "Fuzzing"])
    func packagesBesideListWhatTheyImport(package: String) throws {
        let folder = Self.root.appending(path: package)
        let manifest = try String(contentsOf: folder.appending(path: "Package.swift"), encoding: .utf8)
        let ours = Set(try Self.table().rows.map(\.target)).union(["Tickets"])
        for block in manifest.components(separatedBy: "arget(").dropFirst() {
            let words = block.split(separator: "\"").map(String.init)
            guard words.count > 1 else { continue }
            let name = words[1]
            let path = ours.contains(name) && name != "Tickets" ? "Sources/\(name)" : "\(package)/Sources/\(name)"
            for file in Self.swiftFiles(below: path) {
                for module in try Self.imports(of: file).intersection(ours) where module != name {
                    let isListed = words.dropFirst(2).contains(module)
                    #expect(
                        isListed,
                        "\(name) imports \(module) in \(file.lastPathComponent); \(package)/Package.swift does not list it"
                    )
                }
            }
        }
    }
}
