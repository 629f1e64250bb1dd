import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import TestSupport
import Testing
import WireFormat

/// The power goes, anywhere: what was acknowledged is there, and the next start answers. A recorder below the server keeps what it
/// asked of the disk, and each cut is one disk that could be left of that. The slow part is in `bin/test --full histories`.
@Suite(.serialized, .needsDemo)
struct PowerCutTests {
    private static let compiler = ["/usr/bin/clang", "/usr/bin/gcc", "/usr/bin/cc"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The work whose trace is cut: publish, apply, promote, chats, labels, a canary, an override, a rollback, keys.
    private final class Stage {
        let installation: Installation
        let root: URL
        let traceFile: URL
        private(set) var token = ""
        private(set) var key = ""

        init(_ compiler: String) throws {
            installation = try Installation()
            root = installation.folder.appending(path: "disk")
            traceFile = installation.folder.appending(path: "trace")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let library = installation.folder.appending(path: "power-cut.so").path
            let source = Checkout.root.appending(path: "Tests/Faults/power-cut.c").path
            let arguments = ["-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]
            let build = try ChildProcess(compiler, arguments, environment: ["PATH": "/usr/bin:/bin"])
            try #require(try build.waitForEnd() == .exit(0))
            let server = try RunningServer(
                installation,
                data: root.appending(path: "data"),
                environment: [
                    "LD_PRELOAD": library, "SERIN_POWER_ROOT": root.path, "SERIN_POWER_TRACE": traceFile.path,
                ]
            )
            token = try installation.token(server.address)
            try work(server)
            #expect(try server.stop() == .exit(0))
        }

        @discardableResult
        private func run(_ server: RunningServer, _ arguments: String...) throws -> Installation.Outcome {
            let done = try serin(server, arguments)
            // What was acknowledged is everything up to the head that the server names now.
            let head = try status(server).head
            try DiskTrace.mark("head \(head)", in: traceFile)
            return done
        }

        func serin(_ server: RunningServer, _ arguments: [String]) throws -> Installation.Outcome {
            try installation.run(arguments, environment: ["SERIN_SERVER": server.address, "SERIN_TOKEN": token])
        }

        func status(_ server: RunningServer) throws -> StatusView {
            try serin(server, ["status", "-o", "json"]).json(StatusView.self)
        }

        private func publish(_ server: RunningServer, _ version: String) throws {
            let folder = Checkout.demo.appending(path: version)
            #expect(try run(server, "publish", folder.path, "--model", "ticket-bot").exit == 0)
            let weights = try Data(contentsOf: folder.appending(path: "model.gguf"))
            try DiskTrace.mark("blob \(Digest(of: weights).hexadecimal)", in: traceFile)
        }

        private func work(_ server: RunningServer) throws {
            try publish(server, "v1")
            for name in ["prompt", "canary", "slo", "policy"] {
                try run(server, "apply", "-f", Checkout.demo.appending(path: "documents/\(name).yaml").path)
            }
            let lines = Checkout.demo.appending(path: "traffic/week47.jsonl").path
            try run(server, "traffic", "import", lines, "--name", "week47")
            let golden = Checkout.demo.appending(path: "suites/golden.jsonl").path
            try run(server, "traffic", "import", golden, "--name", "golden")
            try run(server, "eval", "run", "ticket-bot@1", "--suite", "golden")
            let first = try run(server, "promote", "ticket-bot@1", "--to", "production", "--reason", "first")
            #expect(first.exit == 0, "\(first.err)")
            try server.waitUntilReady()
            try DiskTrace.mark("answers", in: traceFile)
            key = try run(server, "key", "create", "app", "--role", "caller", "--capture", "redacted", "-o", "json")
                .json(KeyAnswer.self).token
            for number in 0..<12 {
                let asked = ProbationStage.question.replacing("order", with: "order \(number)")
                let answer = RawClient.chat(server.address, key: key, body: asked) ?? ""
                #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
                guard number < 6, let id = answer.firstMatch(of: #/"id":"chatcmpl-([0-9A-Z]+)"/#)?.1 else { continue }
                let labelled = try run(server, "request", "label", String(id), "--wrong")
                #expect(labelled.exit == 0, "\(labelled.err)")
                try DiskTrace.mark("label \(id)", in: traceFile)
            }
            try publish(server, "v2")
            try publish(server, "v3")
            try run(server, "canary", "run", "ticket-bot@3", "--requests", "60")
            try run(server, "promote", "ticket-bot@2", "--to", "production", "--override", "--reason", "power cut")
            try run(server, "rollback", "ticket-bot", "--reason", "power cut")
            for number in 0..<6 { try run(server, "key", "create", "k\(number)", "--role", "reader") }
        }

        /// What is wrong with a disk that a cut left; nothing when all is there.
        func faults(_ disk: DiskAfterCut, _ place: URL) throws -> [String] {
            let head = disk.marks.compactMap { $0.hasPrefix("head ") ? Int($0.dropFirst(5)) : nil }.max() ?? 0
            guard disk.files["data/serin.db"] != nil else {
                return head == 0 ? [] : ["no log, and \(head) acknowledged"]
            }
            try? FileManager.default.removeItem(at: place)
            try disk.write(to: place)
            let data = place.appending(path: "data")
            var faults: [String] = []
            for mark in disk.marks where mark.hasPrefix("blob ") {
                let digest = mark.dropFirst(5)
                let path = "data/blobs/sha256/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
                let bytes = disk.files[path]
                if bytes.map({ Digest(of: $0).hexadecimal }) != String(digest) { faults.append("blob \(digest)") }
            }
            let check = try installation.run("server", "check", "--data", data.path)
            if check.exit != 0 { faults.append("check \(check.exit): \(check.out)\(check.err)") }
            do {
                let server = try RunningServer(installation, data: data)
                let now = try serin(server, ["status", "-o", "json"])
                let found = try? now.json(StatusView.self).head
                if found ?? -1 < head { faults.append("head \(found ?? -1), \(head) acknowledged: \(now.err)") }
                for mark in disk.marks where mark.hasPrefix("label ") {
                    let shown = try serin(server, ["request", "show", String(mark.dropFirst(6)), "-o", "json"])
                    let text = shown.out.replacing(" ", with: "")
                    if !text.contains("\"isCorrect\":false") { faults.append(mark + shown.err) }
                }
                if disk.marks.contains("answers") {
                    try server.waitUntilReady()
                    let answer = RawClient.chat(server.address, key: token, body: ProbationStage.question) ?? ""
                    if !answer.hasPrefix("HTTP/1.1 200") { faults.append("no answer: \(answer)") }
                }
                try server.crash()
            } catch let failure as RunningServer.StartFailure {
                if head > 0 { faults.append("no start: \(failure.log)") }
            }
            return faults
        }
    }

    @Test(.enabled(if: compiler != nil && Checkout.hasAllHistories, "part of bin/test --full histories"))
    func whatWasAcknowledgedOutlastsThePower() throws {
        let stage = try Stage(try #require(Self.compiler))
        let trace = DiskTrace(try Data(contentsOf: stage.traceFile))
        let place = stage.installation.folder.appending(path: "cut")
        let marks = trace.marks
        let start = try #require(marks.first)
        for names in DiskAfterCut.Names.allCases {
            var draw = SplitMix64(seed: 1)
            var broken = 0
            for number in 0..<200 {
                // Right after an acknowledgement, or anywhere.
                let count =
                    number % 2 == 0
                    ? marks[Int(draw.below(UInt64(marks.count)))] + 1
                    : start + 1 + Int(draw.below(UInt64(trace.records.count - start)))
                let disk = DiskAfterCut(trace, after: count, names: names, seed: UInt64(number))
                let faults = try stage.faults(disk, place)
                if !faults.isEmpty { broken += 1 }
                #expect(faults.isEmpty, "\(names) cut \(number) after \(count) of \(trace.records.count): \(faults)")
            }
            print(
                "200 power cuts, \(names.rawValue): \(broken) broken; \(trace.records.count) records, \(marks.count) marks"
            )
        }
        // The tool finds what is not synced.
        for (what, path) in [("log", "serin.db-wal"), ("blobs", "staging")] {
            let found = try (0..<10).count { number in
                let count = marks[marks.count - 1 - number] + 1
                let disk = DiskAfterCut(trace, after: count, names: .posix, seed: UInt64(number)) { $0.contains(path) }
                return try !stage.faults(disk, place).isEmpty
            }
            #expect(found > 0, "syncs of the \(what) left out, and no cut shows it")
            print("planted, no syncs of the \(what): \(found) of 10 cuts show it")
        }
    }
}

/// The disk that a cut leaves, on traces of a few records.
struct DiskAfterCutTests {
    /// A trace of steps, written as a process would: `c` creates, `w` writes `x`, `s` syncs, `f` syncs the folder, `r` renames
    /// to `b`, `u` unlinks.
    private static func trace(_ steps: String) -> DiskTrace {
        var bytes = Data()
        func record(_ code: UInt8, _ path: String, _ payload: String = "", inode: UInt64 = 7) {
            bytes.append(code)
            withUnsafeBytes(of: inode.littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(Data(count: 8))
            for text in [path, payload] {
                withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
            }
            bytes.append(contentsOf: (path + payload).utf8)
        }
        for step in steps {
            switch step {
            case "c": record(1, "d/a")
            case "w": record(2, "d/a", "x")
            case "s": record(4, "d/a")
            case "f": record(5, "d")
            case "r": record(6, "d/a", "d/b")
            default: record(8, "d/a")
            }
        }
        return DiskTrace(bytes)
    }

    /// What can be there of `a` and `b`: `-` for no file, `0` for an empty one, `x` for the whole.
    @Test(arguments: [
        ("cw", DiskAfterCut.Names.journal, ["--", "0-", "x-"]),
        ("cws", .journal, ["x-"]),
        ("cws", .posix, ["--", "x-"]),
        ("cwsf", .posix, ["x-"]),
        ("cwsfr", .posix, ["-x", "x-"]),
        ("cwsrf", .posix, ["-x"]),
        ("cwrf", .posix, ["-0", "-x"]),
        ("cwsfu", .journal, ["--", "x-"]),
        ("cwsfuf", .posix, ["--"]),
    ])
    func whatCanBeThere(steps: String, names: DiskAfterCut.Names, states: [String]) {
        var seen: Set<String> = []
        for seed in 0..<200 {
            let disk = DiskAfterCut(Self.trace(steps), after: steps.count, names: names, seed: UInt64(seed))
            seen.insert(
                ["d/a", "d/b"].map { path in
                    disk.files[path].map { $0.isEmpty ? "0" : String(decoding: $0, as: UTF8.self) } ?? "-"
                }.joined()
            )
        }
        #expect(seen.sorted() == states)
    }

    /// Syncs that do nothing, as on a disk that lies, lose what they promised.
    @Test func syncsThatAreLeftOutLose() {
        let trace = Self.trace("cwsf")
        let states = Set(
            (0..<200).map { seed in
                DiskAfterCut(trace, after: 4, names: .posix, seed: UInt64(seed)) { _ in true }.files["d/a"]?.count ?? -1
            }
        )
        #expect(states == [-1, 0, 1])
    }
}
