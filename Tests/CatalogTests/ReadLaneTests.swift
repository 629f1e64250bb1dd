import Foundation
import RegistryRecords
import TestSupport
import Testing

@testable import Catalog

/// What a move waits for has readers of its own; the log is verified in parts, and from where it was found whole.
@Suite struct ReadLaneTests {
    /// Holds threads until it is opened.
    private final class Gate: @unchecked Sendable {
        private let condition = NSCondition()
        private var isOpen = false
        private var held = 0

        func hold() {
            condition.lock()
            held += 1
            condition.broadcast()
            while !isOpen { condition.wait() }
            condition.unlock()
        }

        var count: Int {
            condition.lock()
            defer { condition.unlock() }
            return held
        }

        func open() {
            condition.lock()
            isOpen = true
            condition.broadcast()
            condition.unlock()
        }
    }

    @Test func aMoveReadsBesideEverybody() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.key("a")])
        let gate = Gate()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in [ReadLane.usual, .long] {
                for _ in 0..<3 * lane.readers {
                    group.addTask {
                        try await catalog.read(lane) { state in
                            gate.hold()
                            return try state.head().seq
                        }
                    }
                }
            }
            let expected = ReadLane.usual.readers + ReadLane.long.readers
            try await eventually("all readers of these lanes are held") { gate.count == expected }
            #expect(try await catalog.read(.first) { try $0.head().seq } == 1)
            // And so does a change.
            try await catalog.append([try Samples.key("b")])
            #expect(try await catalog.read(.first) { try $0.head().seq } == 2)
            #expect(gate.count == expected)
            gate.open()
            for try await seq in group { #expect(seq == 1 || seq == 2) }
        }
        #expect(try await catalog.read { try $0.head().seq } == 2)
    }

    /// In parts of any size the same is found, and it goes on where it was.
    @Test(arguments: [1, 2, 5, 31, 32, 33, 2000]) func partsFindTheSame(_ size: Int) async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        let whole = try await catalog.verifyChain()
        let (report, chain) = try await catalog.verifyChain(after: nil, eventsPerRead: size)
        #expect(report == whole && report.isIntact && chain.next == whole.intact + 1)
        let again = try await catalog.verifyChain(after: chain, eventsPerRead: size)
        #expect(again.report == whole && again.verified == chain)
        try await catalog.append([try Samples.key("later")])
        let later = try await catalog.verifyChain(after: chain, eventsPerRead: size)
        #expect(later.report.intact == whole.intact + 1 && later.report.head != whole.head)
        let cut = try await catalog.verifyChain(known: 100, after: chain, eventsPerRead: size)
        #expect(cut.report.firstBad == .init(seq: whole.intact + 2, fault: .cutOff))
    }
}
