import Catalog
import Digests
import Foundation
import PolicyRules
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What applying documents would change, decided in one moment.
struct ApplyPlan {
    /// A document and its own text.
    struct Entry: Sendable {
        let document: Document
        let source: String
    }

    /// One entry a document, in order.
    private(set) var changes: [ApplyChange] = []
    /// The events that make it so.
    private(set) var events: [RegistryEvent] = []

    /// Compares the documents with what is in force.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` when a document occurs twice or two policies would be
    ///   equally specific for a channel.
    init(_ entries: [Entry], in state: CatalogState) throws {
        var seen: Set<String> = []
        var policies = try state.documents(.policy).map { try PolicyRevision($0) }
        for entry in entries {
            let key = "\(entry.document.kindWord):\(entry.document.name)"
            guard seen.insert(key).inserted else {
                throw ControlPlaneError(
                    .badData,
                    "\(entry.document.kindWord) \"\(entry.document.name)\" occurs twice in the files"
                )
            }
            switch entry.document {
            case .policy(let policy):
                let record = try Self.record(
                    .policy,
                    policy.name,
                    try policy.digests(),
                    entry,
                    in: state,
                    &changes,
                    &events
                )
                policies.removeAll { $0.document.name == policy.name }
                policies.append(PolicyRevision(document: policy, revision: record, digest: try policy.digest()))
            case .canary(let canary):
                _ = try Self.record(.canary, canary.name, try canary.digests(), entry, in: state, &changes, &events)
            case .slo(let slo):
                _ = try Self.record(.slo, slo.name, try slo.digests(), entry, in: state, &changes, &events)
            case .prompt(let prompt):
                try addPrompt(prompt, in: state)
            }
        }
        try Self.requireUnambiguous(policies.map(\.document))
        let warnings = try ApplyWarnings(applied: entries.map(\.document), in: state)
        for (index, entry) in entries.enumerated() {
            let found = try warnings.warnings(about: entry.document)
            if !found.isEmpty { changes[index].warnings = found }
        }
    }

    /// Refuses policies that would be equally specific for a model in a channel: nobody could say which one decides.
    private static func requireUnambiguous(_ policies: [PolicyDocument]) throws {
        for (index, policy) in policies.enumerated() {
            for other in policies[(index + 1)...] where other.scope.channel == policy.scope.channel {
                guard let pattern = policy.scope.models.first(where: { other.scope.models.contains($0) }) else {
                    continue
                }
                throw ControlPlaneError(
                    .badData,
                    "policies \"\(policy.name)\" and \"\(other.name)\" both decide about \(policy.scope.channel) of \(pattern)",
                    why: "exactly one policy decides about a channel of a model",
                    next: "narrow one of them with for: { models: […] }, or give it the other's name to replace it"
                )
            }
        }
    }

    /// Refuses when a document that would change needs more than the caller's role.
    func requirePermission(of caller: Caller) throws(ControlPlaneError) {
        for event in events {
            if case .documentApplied(let applied) = event {
                try caller.require(
                    .changeDocument,
                    what: "change the \(applied.kind.rawValue) document \"\(applied.name)\""
                )
            }
        }
        if !events.isEmpty { try caller.require(.pushPrompt) }
    }

    private mutating func addPrompt(_ prompt: PromptDocument, in state: CatalogState) throws {
        let newest = try state.latestPrompt(prompt.name)
        guard let pushed = try state.pushed(prompt, message: nil) else {
            let known = try state.prompt(prompt.name, digests: prompt.digests())?.id.number ?? 1
            changes.append(
                ApplyChange(
                    kind: "Prompt",
                    name: prompt.name.text,
                    action: .unchanged,
                    revision: known,
                    details: [],
                    newest: newest.flatMap { $0.id.number == known ? nil : $0.id.number }
                )
            )
            return
        }
        let lines = newest.map { PromptComparison.lines($0.document, prompt) } ?? []
        events.append(.promptPushed(pushed))
        changes.append(
            ApplyChange(
                kind: "Prompt",
                name: prompt.name.text,
                action: newest == nil ? .created : .changed,
                revision: pushed.id.number,
                details: Self.details(lines)
            )
        )
    }

    private static func record(
        _ kind: DocumentKind,
        _ name: Name,
        _ digests: [Digest],
        _ entry: Entry,
        in state: CatalogState,
        _ changes: inout [ApplyChange],
        _ events: inout [RegistryEvent]
    ) throws -> Int {
        let newest = try state.document(kind, name)
        let word = kind.kindWord
        if let newest, digests.contains(newest.digest) {
            changes.append(
                ApplyChange(kind: word, name: name.text, action: .unchanged, revision: newest.revision, details: [])
            )
            return newest.revision
        }
        let revision = (newest?.revision ?? 0) + 1
        events.append(
            .documentApplied(
                DocumentApplied(
                    kind: kind,
                    name: name,
                    revision: revision,
                    digest: digests[0],
                    source: entry.source,
                    shipped: false
                )
            )
        )
        let before = newest.map { lines(of: $0.source) } ?? []
        let details = newest == nil ? [] : details(LineComparison.lines(before, lines(of: entry.source), section: ""))
        changes.append(
            ApplyChange(
                kind: word,
                name: name.text,
                action: newest == nil ? .created : .changed,
                revision: revision,
                details: details
            )
        )
        return revision
    }

    private static func lines(of text: String) -> [String] {
        text.utf8.split(separator: 0x0a, omittingEmptySubsequences: true).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func details(_ lines: [DiffLine]) -> [String] {
        lines.compactMap { line in
            switch line.kind {
            case .same: nil
            case .removed: "- \(line.text)"
            case .added: "+ \(line.text)"
            }
        }
    }
}
