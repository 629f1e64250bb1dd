import Digests
import Foundation
import GRDB
import RegistryRecords

/// A log as far as it was read and found whole: reading it goes on from there.
public struct VerifiedChain: Hashable, Sendable {
    /// The first event that was not read.
    fileprivate(set) var next = 1
    /// The hash of the last one that was; all zero for none.
    fileprivate(set) var head: Digest

    init() throws { head = try Digest(bytes: EventHash.origin) }
}

extension Catalog {
    /// Events that are verified in one read: others get the reader, and the writer its turn to tidy up, in between.
    public static let eventsPerRead = 2_000

    /// Reads the log in parts and checks that every event is as it was written.
    ///
    /// - Parameters:
    ///   - known: The number of an event that is known to have been written, to notice a log that was cut; the events that
    ///     the projections refer to are known anyway.
    ///   - before: What was found whole already and is not read again; nil for all of it.
    ///   - eventsPerRead: The size of a part.
    /// - Returns: What was found, and where the next reading may go on.
    public func verifyChain(
        known: Int = 0,
        after before: VerifiedChain?,
        eventsPerRead: Int = Catalog.eventsPerRead
    ) async throws -> (report: ChainReport, verified: VerifiedChain) {
        var chain = try before ?? VerifiedChain()
        while true {
            let from = chain
            let part = try await read(.long) { state in
                var chain = from
                let bad = try EventLog(database: state.database, path: "").verify(&chain, atMost: eventsPerRead)
                let isLast = chain.next - from.next < eventsPerRead
                let referred = isLast ? try ProjectionTables(database: state.database).highestEvent() : 0
                return (chain: chain, bad: bad, isLast: isLast, known: referred)
            }
            chain = part.chain
            let intact = chain.next - 1
            if let bad = part.bad { return (ChainReport(intact: intact, head: chain.head, firstBad: bad), chain) }
            guard part.isLast else { continue }
            let cut = intact < max(known, part.known)
            return (
                ChainReport(
                    intact: intact,
                    head: chain.head,
                    firstBad: cut ? .init(seq: chain.next, fault: .cutOff) : nil
                ),
                chain
            )
        }
    }
}

extension EventLog {
    /// Reads the next events and checks every link.
    ///
    /// - Returns: The first event that is not as it was written.
    func verify(_ chain: inout VerifiedChain, atMost limit: Int) throws -> ChainReport.BadEvent? {
        let cursor = try Row.fetchCursor(
            database,
            sql: "\(CatalogState.eventColumns) WHERE seq >= ? ORDER BY seq LIMIT ?",
            arguments: [chain.next == 1 ? Int.min : chain.next, limit]
        )
        while let row = try cursor.next() {
            let seq = try row.int(0)
            let entry: Event
            do { entry = try CatalogState.event(row) } catch { return .init(seq: seq, fault: .unreadable("\(error)")) }
            guard seq == chain.next else { return .init(seq: seq, fault: .gap(expected: chain.next)) }
            guard entry.previous == chain.head else { return .init(seq: seq, fault: .previousDiffers) }
            let hash = EventHash.of(
                seq: seq,
                time: entry.time,
                actor: entry.actor,
                kind: entry.kind,
                subject: entry.subject,
                body: entry.body,
                previous: chain.head
            )
            guard hash == entry.hash else { return .init(seq: seq, fault: .contentChanged) }
            do {
                _ = try RegistryEvent(kind: entry.kind, body: Data(entry.body.utf8))
            } catch {
                return .init(seq: seq, fault: .unreadable("\(error)"))
            }
            chain.head = hash
            chain.next += 1
        }
        return nil
    }
}
