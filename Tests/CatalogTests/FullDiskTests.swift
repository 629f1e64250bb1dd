import Catalog
import Foundation
import RegistryTypes
import TestSupport
import Testing

@Suite(.needsSmallDisk)
struct FullDiskTests {
    @Test func aFullDiskRefusesTheChangeReadsGoOnAndItRecovers() async throws {
        let disk = try SmallDisk(megabytes: 3)
        let path = disk.path + "/serin.db"
        let catalog = try Catalog.open(path: path)
        try await catalog.append([try Samples.key("first")])
        try disk.fill(leaving: 150_000)

        let catalogs = catalog
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<60 {
                group.addTask {
                    do {
                        _ = try await catalogs.append(actor: "ada", time: Samples.time(number)) { _ in
                            [try Samples.document(1, "big-\(number)"), try Samples.key("key-\(number)")]
                        }
                        return true
                    } catch CatalogError.diskFull(let full) {
                        #expect(full == path)
                        return false
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(false))
        let acknowledged = outcomes.count { $0 }
        #expect(try await catalog.read { try $0.keys().count } == acknowledged + 1)
        #expect(try await catalog.verifyChain(known: 2 * acknowledged + 1).intact == 2 * acknowledged + 1)

        try disk.free()
        try await catalog.append([try Samples.key("last")])
        #expect(try await catalog.checkIntegrity().isIntact)
        #expect(try await catalog.rebuild().isEqual)
        try await catalog.close()
    }
}
