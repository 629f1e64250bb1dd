import Catalog
import Digests
import Foundation
public import RegistryRecords
public import WireFormat

/// The log, read and verified.
public struct Audit: Sendable {
    let ledger: Ledger

    /// Entries of the log, newest first: before `before`, or after `after` when that is given.
    public func list(before: Int?, after: Int?, limit: Int, kind: String?, subject: String?) async throws -> [Event] {
        try await ledger.read { state in
            try state.events(
                after: after,
                before: before,
                limit: limit,
                kind: kind,
                subject: subject
            )
        }
    }

    /// Recomputes the hash of every entry.
    public func verify() async throws -> ChainView {
        let report = try await ledger.verifyChain()
        return ChainView(
            events: report.intact,
            head: report.head.description,
            firstBadEvent: report.firstBad?.seq,
            problem: report.firstBad.map { "\($0.fault)" }
        )
    }
}
