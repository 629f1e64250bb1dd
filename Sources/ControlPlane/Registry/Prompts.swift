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

    /// All prompts with their newest version, by name.
    public func list() async throws -> [PromptSummary] {
        try await ledger.read { state in
            try state.prompts().compactMap { name in
                let versions = try state.newestPrompts(of: name)
                guard let latest = versions.first else { return nil }
                return PromptSummary(
                    name: name,
                    latest: latest,
                    versions: versions.count,
                    usedBy: try state.uses(of: name).map(\.channel)
                )
            }
        }
    }

    /// All about a prompt.
    public func show(_ name: Name) async throws -> PromptView {
        let (versions, uses) = try await ledger.read { state in
            _ = try state.requirePrompt(VersionID(name, 1))
            return (try state.newestPrompts(of: name), try state.uses(of: name))
        }
        let shown = uses.first { $0.channel.channel.text == "production" } ?? uses.first
        var example: PromptExample?
        if let shown { example = await rendering.example(shown, of: name) }
        return PromptView(name: name, versions: versions, usedBy: uses, example: example)
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
        try channels().compactMap { channel in
            guard let release = try self.release(ReleaseID(channel.model, channel.release)),
                release.content.prompt.name == prompt
            else { return nil }
            return PromptUse(channel: channel, version: release.content.prompt.number)
        }
    }
}
