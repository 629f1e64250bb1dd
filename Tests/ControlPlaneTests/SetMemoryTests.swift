import Digests
import RegistryTypes
import Testing

@testable import ControlPlane

/// What sets take of memory: asked for before it is taken, and bounded where it is kept.
@Suite struct SetMemoryTests {
    /// 100 MiB and what is kept for answers.
    private static let enough = Int64(132 << 20)

    @Test(
        arguments: [(nil, true), (1 << 40, true), (enough, true), (enough - 1, false), (0, false)] as [(Int64?, Bool)]
    )
    func whatIsNotThereIsRefusedBefore(_ found: Int64?, _ isThere: Bool) throws {
        do {
            try MemoryRoom.require(100 << 20, for: "the traffic set \"week47\"", found: found)
            #expect(isThere)
        } catch {
            #expect(!isThere && error.kind == .unavailable && error.isPassing)
            #expect(error.title == "there is not enough memory to read the traffic set \"week47\"")
            #expect(error.why?.contains("105 MB") == true && error.next != nil, "\(error)")
        }
    }

    private func summary(_ number: Int, bytes: Int) -> (Digest, TrafficSetSummary) {
        let requests = (0..<10).map { index in
            TrafficRequest(
                id: "\(index)",
                content: .variables(["ticket": String(repeating: "x", count: bytes / 10)])
            )
        }
        return (Digest(of: [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]), TrafficSetSummary(requests))
    }

    /// The first requests of one set may have ten MiB: of many, the oldest are forgotten.
    @Test func summariesAreKeptByBytes() {
        var kept = KeptSummaries()
        let sets = (0..<12).map { summary($0, bytes: 9 << 20) }
        for (digest, summary) in sets {
            #expect(summary.bytes > 9 << 20 && summary.bytes < 10 << 20)
            kept.keep(summary, of: digest)
            kept.keep(summary, of: digest)
            #expect(kept.bytes <= KeptSummaries.maxBytes && kept[digest] != nil)
        }
        #expect(sets.map { kept[$0.0] != nil } == Array(repeating: false, count: 9) + [true, true, true])
        // By number, where they are small.
        for number in 100..<500 {
            let (digest, summary) = summary(number, bytes: 10)
            kept.keep(summary, of: digest)
        }
        #expect((100..<500).count { kept[summary($0, bytes: 10).0] != nil } == 256)
        #expect(kept.bytes < 1 << 20)
    }
}
