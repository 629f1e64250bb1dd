import Catalog
import Digests
import Foundation
import RegistryTypes
import Testing

@Suite struct AppendTests {
    @Test func `two hundred commands at once give gapless numbers and an intact chain`() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        let seqs = try await withThrowingTaskGroup(of: [Int].self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await catalog.append(actor: "test", time: Timestamp(milliseconds: 1_000)) { _ in
                        [try Samples.keyCreated("key-\(number)")]
                    }.map(\.seq)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(seqs.sorted() == Array(1...200))
        let report = try await catalog.verifyChain()
        #expect(report.isIntact)
        #expect(report.intact == 200)
        try await catalog.close()
    }
}
