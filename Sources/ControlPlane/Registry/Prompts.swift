import Catalog
import Digests
import Foundation
import Gateway
import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// Prompts: named, versioned, and never changed.
public struct Prompts: Sendable {
    let ledger: Ledger
    /// Prompts as models read them.
    public let rendering: PromptRendering
    let deadlines: GatewayDeadlines

    /// A part of the prompts with their newest version, by name.
    public func list(_ part: NamedPart = NamedPart()) async throws -> ListAnswer<PromptSummary> {
        try await ledger.read { state in
            let read = try state.prompts(NamePart(part)).compactMap { name -> PromptSummary? in
                guard let latest = try state.latestPrompt(name) else { return nil }
                return PromptSummary(
                    name: name,
                    latest: latest,
                    versions: latest.id.number,
                    usedBy: try state.channels(withPrompt: name, limit: 20)
                )
            }
            let total = part.prefix.isEmpty ? try state.count(.prompts) : nil
            return ListAnswer(read: read, limit: part.limit, total: total) { $0.name.text }
        }
    }

    /// All about a prompt, with the versions before one.
    public func show(_ name: Name, before: Int? = nil, limit: ListLimit = .usual) async throws -> PromptView {
        let (versions, latest, uses) = try await ledger.read { state in
            _ = try state.requirePrompt(VersionID(name, 1))
            return (
                try state.newestPrompts(of: name, before: before, limit: limit.count),
                try state.latestPrompt(name), try state.uses(of: name)
            )
        }
        let shown = uses.first { $0.channel.channel.text == "production" } ?? uses.first
        var example: PromptExample?
        if let shown { example = await rendering.example(shown, of: name) }
        return PromptView(
            name: name,
            versions: versions,
            versionCount: latest?.id.number,
            latest: latest,
            usedBy: uses,
            example: example
        )
    }

    /// Stores a prompt as a new version, unless one says the same: equal content is the same version, the newest or not.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with file and line for a document that is not one prompt.
    public func push(_ push: PromptPush, by caller: Caller) async throws -> PromptAnswer {
        try caller.require(.pushPrompt)
        try Remark.checkLength(push.message, called: "message")
        let documents = try Documents.parse([SourceFile(name: "prompt.yaml", text: push.source)])
        guard documents.count == 1, case .prompt(let prompt) = documents[0].document else {
            throw ControlPlaneError(
                .badData,
                "the file is not one document of kind Prompt",
                next: "for several documents or other kinds: \(.apply())"
            )
        }
        let answer = try await ledger.append(by: caller) { state in
            if let model = push.model { try state.requireModel(model) }
            let pushed = try state.pushed(prompt, message: push.message)
            return Change(pushed.map { [.promptPushed($0)] } ?? []) { state in
                guard let record = try state.prompt(prompt.name, digests: prompt.digests()),
                    let newest = try state.latestPrompt(prompt.name)
                else { throw ControlPlaneError(.internalFault, "the pushed prompt \(prompt.name) is not in the log") }
                let isDropped = pushed == nil && push.message != nil && push.message != record.message
                let warnings = [
                    isDropped ? Remark.notStored(record.id, has: record.message) : nil,
                    deadlines.note(on: prompt.deadlineSeconds),
                ].compactMap(\.self)
                return PromptAnswer(
                    prompt: record,
                    created: pushed != nil,
                    newest: newest.id == record.id ? nil : newest.id,
                    warnings: warnings.isEmpty ? nil : warnings
                )
            }
        }.answer
        // What is said of the template beside it does not undo the push.
        guard let fit = try? await rendering.fit(answer.prompt, model: push.model) else { return answer }
        return PromptAnswer(
            prompt: answer.prompt,
            created: answer.created,
            fit: fit,
            newest: answer.newest,
            warnings: answer.warnings
        )
    }

    /// Two versions of a prompt, line by line.
    public func difference(_ name: Name, from: Int, to: Int) async throws -> PromptDiff {
        try await ledger.read { state in
            let from = try state.requirePrompt(VersionID(name, from))
            let to = try state.requirePrompt(VersionID(name, to))
            var lines = PromptComparison.lines(from.document, to.document)
            if from.digest != to.digest, !lines.contains(where: { $0.kind != .same }) {
                // Whatever no part shows: other content is never called the same.
                lines.append(DiffLine(kind: .removed, section: "content", text: from.digest.description))
                lines.append(DiffLine(kind: .added, section: "content", text: to.digest.description))
            }
            return PromptDiff(from: from, to: to, lines: lines)
        }
    }
}

extension CatalogState {
    /// The event that stores a prompt; nil when a version says the same.
    func pushed(_ prompt: PromptDocument, message: String?) throws -> PromptPushed? {
        guard try self.prompt(prompt.name, digests: prompt.digests()) == nil else { return nil }
        return PromptPushed(
            id: VersionID(prompt.name, try nextPromptNumber(of: prompt.name)),
            document: prompt,
            message: message
        )
    }

    /// Where a prompt is live.
    fileprivate func uses(of prompt: Name) throws -> [PromptUse] {
        try channels(withPrompt: prompt, limit: 50).compactMap { channel in
            try self.release(ReleaseID(channel.model, channel.release)).map {
                PromptUse(channel: channel, version: $0.content.prompt.number)
            }
        }
    }
}
