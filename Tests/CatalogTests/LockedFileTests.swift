import Catalog
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// Another program, such as a sqlite3 shell, that holds the database locked.
@Suite struct LockedFileTests {
    @Test func changesAreRefusedReadsGoOnAndItRecovers() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.key("before")])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: scratch.catalog, configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask {
                    await #expect(throws: CatalogError.busy(path: scratch.catalog)) {
                        _ = try await catalog.append(actor: "ada", time: Samples.time(0)) { _ in
                            [try Samples.key("key-\(number)")]
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await catalog.read { try $0.keys().map(\.name.text) } == ["before"])
        try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await catalog.append([try Samples.key("after")])
        #expect(try await catalog.verifyChain().intact == 2)
    }
}
