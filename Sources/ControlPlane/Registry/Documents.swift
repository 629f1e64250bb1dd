import Catalog
import Foundation
public import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// Documents: policies, canaries, SLOs and prompts as files, applied all or not at all.
public struct Documents: Sendable {
    let ledger: Ledger

    /// Makes the server agree with files: every document of every file, in one transaction.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with file and line when any document cannot be read; then
    ///   nothing is changed. `notAllowed` when the role is too small for a document that would change.
    public func apply(_ request: ApplyRequest, by caller: Caller) async throws -> ApplyAnswer {
        let parsed = try Self.parse(request.files)
        guard !parsed.isEmpty else {
            throw ControlPlaneError(.badData, "the files hold no document", next: "\(.help("apply"))")
        }
        let plan = try await ledger.read { try ApplyPlan(parsed, in: $0) }
        try plan.requirePermission(of: caller)
        guard request.dryRun != true, !plan.events.isEmpty else {
            return ApplyAnswer(changes: plan.changes, dryRun: request.dryRun == true)
        }
        // What is answered is what the transaction decided, which others may have preceded.
        return try await ledger.append(by: caller) { state in
            let plan = try ApplyPlan(parsed, in: state)
            try plan.requirePermission(of: caller)
            return Change(plan.events, answer: ApplyAnswer(changes: plan.changes, dryRun: false))
        }.answer
    }

    /// The newest revision of every policy.
    public func policies() async throws -> [DocumentRecord] { try await ledger.read { try $0.documents(.policy) } }

    /// A policy with its revisions and what it decided.
    public func policy(_ name: Name) async throws -> PolicyView {
        try await ledger.read { state in
            let record = try state.requireDocument(.policy, name)
            let decisions = try state.decisions(limit: 500)
                .filter { $0.decision.policy?.name == name }
            return PolicyView(
                record: record,
                document: try PolicyRevision(record).document,
                revisions: try state.newestRevisions(.policy, name),
                decisions: decisions.prefix(20).map { DecisionSummary($0) }
            )
        }
    }

    /// The documents of files, each with its own text.
    static func parse(_ files: [SourceFile]) throws -> [ApplyPlan.Entry] {
        do {
            return try files.flatMap { file in
                let entries = try DocumentFile(bytes: Array(file.text.utf8), name: file.name).entries
                // A document alone is kept with all that stands in its file; one of several with its own lines.
                return entries.map { entry in
                    ApplyPlan.Entry(document: entry.document, source: entries.count == 1 ? file.text : entry.source)
                }
            }
        } catch let error as DocumentError {
            throw ControlPlaneError(
                .badData,
                error.description,
                next: "correct the file; to check it alone: \(.policyLint())"
            )
        }
    }
}
