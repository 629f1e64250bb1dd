import Catalog
import Foundation
import GRDB
import RegistryTypes
import Synchronization
import TestSupport
import Testing

/// What is left when the power goes at a step of a commit.
@Suite struct CrashTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func aCopyTakenAtAnyStepHoldsExactlyWhatWasAcknowledged() async throws {
        let copies = Mutex<[(step: String, path: String)]>([])
        let scratch = scratch
        let catalog = try Catalog.open(path: scratch.catalog) { step in
            copies.withLock { copies in
                if let path = try? scratch.copyOfCatalog(named: "copy-\(copies.count)") {
                    copies.append((step, path))
                }
            }
        }
        let story = try Samples.story()
        try await catalog.append(story)
        let taken = copies.withLock { $0 }
        #expect(taken.count == 2 * story.count)
        for (index, (step, path)) in taken.enumerated() {
            let expected = step == "catalog.committed" ? index / 2 + 1 : index / 2
            let copy = try Catalog.open(path: path)
            let report = try await copy.verifyChain()
            #expect(report.isIntact && report.intact == expected, "\(step) \(index)")
            #expect(try await copy.checkIntegrity().isIntact)
            #expect(try await copy.rebuild().isEqual)
            try await copy.close()
        }
    }

    @Test func aWALCutAtAnyByteLosesAtMostWhatWasNotAcknowledged() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        var acknowledged: [(walBytes: Int, seq: Int)] = []
        for (index, event) in try Samples.story().enumerated() {
            _ = try await catalog.append(actor: "ada", time: Samples.time(index)) { _ in [event] }
            let size = try FileManager.default.attributesOfItem(atPath: scratch.catalog + "-wal")[.size] as? Int
            acknowledged.append((try #require(size), index + 1))
        }
        let wal = try Data(contentsOf: URL(filePath: scratch.catalog + "-wal"))
        for cut in stride(from: acknowledged[0].walBytes, through: wal.count, by: max(1, wal.count / 60)) {
            let path = try scratch.copyOfCatalog(named: "cut-\(cut)")
            try wal.prefix(cut).write(to: URL(filePath: path + "-wal"))
            let copy = try Catalog.open(path: path)
            let known = acknowledged.last { $0.walBytes <= cut }?.seq ?? 0
            let report = try await copy.verifyChain(known: known)
            #expect(report.isIntact)
            #expect(try await copy.rebuild().isEqual)
            try await copy.close()
            try FileManager.default.removeItem(atPath: scratch.path + "/cut-\(cut)")
        }
    }

    @Test(arguments: ["catalog.appended", "catalog.committed"])
    func aKilledProcessLeavesWholeCommands(_ step: String) async throws {
        let path = scratch.catalog
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as String] in
            let hits = Atomic(0)
            let catalog = try Catalog.open(path: path) { name in
                if name == step, hits.add(1, ordering: .relaxed).newValue == 3 { kill(getpid(), SIGKILL) }
            }
            for number in 0..<9 {
                _ = try await catalog.append(actor: "ada", time: Samples.time(number)) { _ in
                    [try Samples.key("a-\(number)"), try Samples.key("b-\(number)")]
                }
            }
        }
        let catalog = try Catalog.open(path: path)
        let report = try await catalog.verifyChain()
        #expect(report.isIntact && report.intact == (step == "catalog.committed" ? 6 : 4))
        #expect(try await catalog.rebuild().isEqual)
    }

    @Test func garbageIsNotTakenForADatabase() throws {
        try Data("this is not a database, however long it may be".utf8).write(to: URL(filePath: scratch.catalog))
        #expect(throws: CatalogError.self) { try Catalog.open(path: scratch.catalog) }
    }

    @Test func aDatabaseOfANewerBuildIsRefused() async throws {
        try await Catalog.open(path: scratch.catalog).close()
        try await DatabaseQueue(path: scratch.catalog).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('migrations/999_future.sql')")
        }
        #expect(throws: CatalogError.newer(path: scratch.catalog)) { try Catalog.open(path: scratch.catalog) }
    }

    @Test func commitsAreSynced() async throws {
        #expect(try await Catalog.open(path: scratch.catalog).checkIntegrity().synchronous == 2)
    }

    @Test func flippedBitsInTheFileAreFound() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        try await catalog.close()
        let whole = try Data(contentsOf: URL(filePath: scratch.catalog))
        var found = 0
        var tried = 0
        // The first byte of the content area of every page after the first.
        for page in stride(from: 4096, to: whole.count, by: 4096) {
            var damaged = whole
            damaged[page] ^= 0x40
            try damaged.write(to: URL(filePath: scratch.catalog))
            tried += 1
            do {
                let catalog = try Catalog.open(path: scratch.catalog)
                if try await !catalog.checkIntegrity().isIntact { found += 1 }
                try await catalog.close()
            } catch is CatalogError {
                found += 1
            }
        }
        #expect(found == tried, "\(found) of \(tried)")
        #expect(tried > 20, "\(tried)")
    }
}
