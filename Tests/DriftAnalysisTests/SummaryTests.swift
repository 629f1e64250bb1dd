import Foundation
import RegistryTypes
import SeededRandom
import Statistics
import Testing

@testable import DriftAnalysis

/// Summaries add up exactly, come back from their bytes, and believe nothing that is damaged.
@Suite struct SummaryTests {
    @Test func minutesAddUpInAnyOrderToTheSameBytes() throws {
        var world = World(seed: 1)
        let rows = try world.requests(600)
        let epoch = try Summaries.epoch(rows)
        let whole = Summaries.summary(rows, epoch)
        let parts = stride(from: 0, to: 600, by: 25).map { Summaries.summary(Array(rows[$0..<($0 + 25)]), epoch) }
        var numbers = SplitMix64(seed: 2)
        for _ in 0..<5 {
            let shuffled = parts.shuffled(using: &numbers)
            // Pairs first, as minutes become hours, then the sum of the pairs.
            let pairs = try stride(from: 0, to: shuffled.count, by: 2).map {
                try Summaries.sum(shuffled[$0..<($0 + 2)])
            }
            #expect(try Summaries.sum(pairs).encoded() == whole.encoded())
        }
        #expect(try DriftSummary(encoded: whole.encoded()) == whole)
        #expect(whole.requests == 600)
    }

    @Test func aMinuteIsSmall() throws {
        var world = World(seed: 4)
        let rows = try world.requests(300)
        let epoch = try Summaries.epoch(rows)
        #expect(Summaries.summary(rows).encoded().count < 4096)
        #expect(Summaries.summary(rows, epoch).encoded().count < 8192)
        #expect(DriftSummary().encoded().count < 32)
    }

    @Test func differentEpochsAreNotAdded() throws {
        var world = World(seed: 5)
        let rows = try world.requests(60)
        let epoch = try Summaries.epoch(rows)
        var summary = Summaries.summary(rows, epoch)
        let other = DriftEpoch(
            referenceModel: epoch.referenceModel,
            features: epoch.features.map {
                .init(seed: $0.seed + 1, width: $0.width, medianSquaredDistance: $0.medianSquaredDistance)
            }
        )
        let before = summary
        #expect(throws: DriftError.differentEpochs) { try summary.merge(Summaries.summary(rows, other)) }
        #expect(throws: DriftError.differentEpochs) { try summary.merge(Summaries.summary(rows)) }
        #expect(summary == before)
        let reference = try Summaries.reference(try world.requests(300), epoch)
        #expect(throws: DriftError.differentEpochs) {
            try DriftComparison(
                reference: reference,
                intervals: [DriftInterval(at: World.start, summary: Summaries.summary(rows, other))],
                from: World.start,
                to: World.start.adding(seconds: 60)
            )
        }
    }

    @Test func everyDamagedByteIsFound() throws {
        var world = World(seed: 6)
        let rows = try world.requests(40)
        let bytes = Summaries.summary(rows, try Summaries.epoch(rows)).encoded()
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x41
            #expect(throws: DriftError.self) { try DriftSummary(encoded: damaged) }
        }
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: DriftError.self) { try DriftSummary(encoded: bytes.prefix(length)) }
        }
    }

    /// With a right checksum over wrong content the reader itself must hold.
    @Test func whatIsSealedButWrongIsRefusedOrConsistent() throws {
        var world = World(seed: 7)
        let rows = try world.requests(40)
        let bytes = [UInt8](Summaries.summary(rows, try Summaries.epoch(rows)).encoded())
        var numbers = SplitMix64(seed: 8)
        var refused = 0
        for _ in 0..<2000 {
            var content = Array(bytes.dropLast(8))
            for _ in 0...numbers.below(3) {
                content[Int(numbers.below(UInt64(content.count)))] = UInt8(truncatingIfNeeded: numbers.next())
            }
            if numbers.below(4) == 0 { content.removeLast(Int(numbers.below(UInt64(content.count)))) }
            let sealed = Data(content + Seal.of(content))
            do throws(DriftError) {
                let read = try DriftSummary(encoded: sealed)
                let again = try DriftSummary(encoded: read.encoded())
                #expect(again == read)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200)
    }

    @Test func aLabelComesLaterAndMayChange() throws {
        var world = World(seed: 9)
        world.labelled = 0
        let rows = try world.requests(300)
        var labelled = rows.map(\.descriptors)
        labelled[0].setLabel(isCorrect: false, isLiked: true)
        let direct = DriftSummary(rows: labelled)
        var later = DriftSummary(rows: rows.map(\.descriptors))
        later.addLabel(isCorrect: (now: true, before: nil), isLiked: (now: nil, before: nil))
        later.addLabel(isCorrect: (now: false, before: true), isLiked: (now: true, before: nil))
        #expect(later == direct)
    }
}
