import Catalog
import Digests
import Foundation
public import RegistryRecords
public import RegistryTypes
public import WireFormat
import Wording

/// The log, read and verified.
public struct Audit: Sendable {
    let ledger: Ledger

    /// Entries of the log, newest first: before `before`, or after `after` when that is given.
    ///
    /// - Throws: ``ControlPlaneError`` when no entry can be of that kind, by that key or about that subject: a
    ///   mistyped name must not look like a quiet log.
    public func list(
        before: Int?,
        after: Int?,
        limit: Int,
        kind: String?,
        subject: String?,
        who: String? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) async throws -> [Event] {
        if let since, let until, until <= since {
            throw ControlPlaneError(
                .badRequest,
                "until \(until) is not after since \(since)",
                next: "\(.auditList(since: since.description))"
            )
        }
        // SQLite ends a text at U+0000: "admin" and what stands behind it would be read as "admin".
        for (field, text) in [("kind", kind), ("subject", subject), ("who", who)] {
            guard text?.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) != true else {
                throw ControlPlaneError(.badRequest, "\(field) has a control character", next: "\(.auditList())")
            }
        }
        let lane: ReadLane = kind == nil && subject == nil && who == nil ? .usual : .long
        return try await ledger.read(lane) { state in
            let found = try state.events(
                after: after,
                before: before,
                limit: limit,
                kind: kind,
                subject: subject,
                actor: who,
                since: since,
                until: until
            )
            if found.isEmpty { try Self.checkNames(kind: kind, subject: subject, who: who, in: state) }
            return found
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

    /// Whether a filter names something; asked only when nothing was found, because some of it reads the whole log.
    private static func checkNames(kind: String?, subject: String?, who: String?, in state: CatalogState) throws {
        func refuse(_ sort: String, _ name: String, _ known: [String]) -> ControlPlaneError {
            .notFound(sort, name, near: NearNames.nearest(to: name, in: known), list: .auditList())
        }
        if let kind, !RegistryEvent.kinds.contains(kind), try state.events(limit: 1, kind: kind).isEmpty {
            throw refuse("kind of event", kind, RegistryEvent.kinds)
        }
        if let who, try state.events(limit: 1, actor: who).isEmpty {
            let keys = try state.names(in: .keys, around: who) + [Caller.system.name.text]
            guard keys.contains(who) else { throw refuse("key", who, keys) }
        }
        if let subject, try state.events(limit: 1, subject: subject).isEmpty {
            let recent = Set(try state.events(limit: 2000).map(\.subject))
            throw refuse("subject in the log", subject, recent.sorted())
        }
    }
}
