import Catalog
import Foundation
import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat

/// Prompts: named, versioned, and never changed.
extension ControlPlane {
    /// All prompts with their newest version, by name.
    public func prompts() async throws -> [PromptSummary] {
        try await read { state in
            try state.prompts().compactMap { name in
                let versions = try state.newestPrompts(of: name)
                guard let latest = versions.first else { return nil }
                return PromptSummary(
                    name: name,
                    latest: latest,
                    versions: versions.count,
                    usedBy: try Self.uses(of: name, in: state).map(\.channel)
                )
            }
        }
    }

    /// All about a prompt.
    public func prompt(_ name: Name) async throws -> PromptView {
        try await read { state in
            _ = try Self.requirePrompt(VersionID(name, 1), in: state)
            return PromptView(
                name: name,
                versions: try state.newestPrompts(of: name),
                usedBy: try Self.uses(of: name, in: state)
            )
        }
    }

    /// Stores a prompt as a new version, unless the newest one says the same.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with file and line for a document that is not one prompt.
    public func pushPrompt(_ push: PromptPush, by caller: Caller) async throws -> PromptAnswer {
        try caller.require(.publish, to: "push prompts")
        let documents = try Self.parse([SourceFile(name: "prompt.yaml", text: push.source)])
        guard documents.count == 1, case .prompt(let prompt) = documents[0].document else {
            throw ControlPlaneError(
                .badData,
                "the file is not one document of kind Prompt",
                next: "for several documents or other kinds: serin apply -f FILE"
            )
        }
        let events = try await append(by: caller) { state in
            try Self.pushed(prompt, message: push.message, in: state).map { [.promptPushed($0)] } ?? []
        }
        return try await read { state in
            guard let record = try state.latestPrompt(prompt.name) else {
                throw ControlPlaneError(.internalFault, "the pushed prompt \(prompt.name) is not in the log")
            }
            return PromptAnswer(prompt: record, created: !events.isEmpty)
        }
    }

    /// Two versions of a prompt, line by line.
    public func promptDiff(_ name: Name, from: Int, to: Int) async throws -> PromptDiff {
        try await read { state in
            let from = try Self.requirePrompt(VersionID(name, from), in: state)
            let to = try Self.requirePrompt(VersionID(name, to), in: state)
            return PromptDiff(from: from, to: to, lines: PromptComparison.lines(from.document, to.document))
        }
    }

    /// The event that stores a prompt; nil when the newest version says the same.
    static func pushed(_ prompt: PromptDocument, message: String?, in state: CatalogState) throws -> PromptPushed? {
        let newest = try state.latestPrompt(prompt.name)
        if let newest, try prompt.digests().contains(newest.digest) { return nil }
        return PromptPushed(
            id: VersionID(prompt.name, try state.nextPromptNumber(of: prompt.name)),
            document: prompt,
            message: message
        )
    }

    private static func uses(of prompt: Name, in state: CatalogState) throws -> [PromptUse] {
        try state.channels().compactMap { channel in
            guard let release = try state.release(ReleaseID(channel.model, channel.release)),
                release.content.prompt.name == prompt
            else { return nil }
            return PromptUse(channel: channel, version: release.content.prompt.number)
        }
    }
}
