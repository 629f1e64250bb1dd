import Catalog
import Digests
public import RegistryRecords
public import RegistryTypes
import Synchronization
import UserDocuments
public import WireFormat

/// Releases: what a reference with changes means, made when it is new.
extension ControlPlane {
    /// What a reference means now. Channels are answered from memory.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func resolve(_ reference: Reference) async throws -> ResolveAnswer {
        let channel: Name? =
            switch reference.selector {
            case .live: .production
            case .channel(let name): name
            case .version, .release: nil
            }
        if let channel {
            let found = routing.withLock { $0.release(of: reference.model, channel: channel) }
            if let found {
                return ResolveAnswer(
                    reference: reference,
                    release: found.release,
                    version: found.version,
                    prompt: found.prompt,
                    digest: found.digest,
                    channel: channel
                )
            }
        }
        return try await read { state in
            let id = try Self.releaseID(of: reference, in: state)
            return try Self.resolution(of: reference, release: id, channel: channel, in: state)
        }
    }

    /// The releases of a model, newest first.
    public func releases(_ model: Name) async throws -> [ReleaseRecord] {
        try await read { state in
            try Self.requireModel(model, in: state)
            return try state.newestReleases(of: model)
        }
    }

    /// The release a reference names; a version means the newest release made of it.
    static func releaseID(of reference: Reference, in state: CatalogState) throws -> ReleaseID {
        let model = reference.model
        switch reference.selector {
        case .release(let number):
            return try requireRelease(ReleaseID(model, number), in: state).id
        case .version(let number):
            let version = try requireVersion(VersionID(model, number), in: state)
            guard let release = try state.newestReleases(of: model).first(where: { $0.version == version.id }) else {
                throw ControlPlaneError(
                    .notFound,
                    "no release of \(version.id) yet",
                    why: "a release is a version with a prompt and settings",
                    next: "serin canary run \(version.id), or: serin promote \(version.id) --to staging"
                )
            }
            return release.id
        case .live, .channel:
            let channel: Name = if case .channel(let name) = reference.selector { name } else { .production }
            try requireModel(model, in: state)
            guard let record = try state.channel(model, channel) else {
                throw nothingLive(model, channel, try state.channels(of: model))
            }
            return ReleaseID(model, record.release)
        }
    }

    /// The content that a choice means: the reference, with another prompt or other settings where asked.
    ///
    /// - Throws: ``ControlPlaneError``: something is not there, cannot be loaded, or no prompt is known.
    static func content(of choice: ReleaseChoice, in state: CatalogState) throws -> ReleaseContent {
        let model = choice.reference.model
        let base: ReleaseContent?
        let version: VersionRecord
        if case .version(let number) = choice.reference.selector {
            version = try requireVersion(VersionID(model, number), in: state)
            let channel = choice.channel ?? .production
            let live = try state.channel(model, channel) ?? state.channel(model, .production)
            base = try live.flatMap { try state.release(ReleaseID(model, $0.release))?.content }
        } else {
            let release = try requireRelease(releaseID(of: choice.reference, in: state), in: state)
            version = try requireVersion(release.version, in: state)
            base = release.content
        }
        try requireLoadable(version)
        let prompt: PromptRecord
        var decoding: DecodingSettings
        if let text = choice.prompt {
            prompt = try requirePrompt(promptVersion(text, in: state), in: state)
            decoding = prompt.document.decoding
        } else if let base {
            prompt = try requirePrompt(base.prompt, in: state)
            decoding = base.decoding
        } else {
            prompt = try onlyPrompt(for: version.id, in: state)
            decoding = prompt.document.decoding
        }
        decoding = try SettingsChange.apply(choice.set ?? [:], to: decoding)
        return ReleaseContent(
            version: version.id.number,
            manifest: version.digest,
            prompt: prompt.id,
            promptDigest: prompt.digest,
            decoding: decoding
        )
    }

    /// The release with this content, or the event that makes it.
    static func release(
        _ model: Name,
        with content: ReleaseContent,
        in state: CatalogState
    ) throws -> (id: ReleaseID, created: [RegistryEvent]) {
        if let known = try state.release(of: model, content: content) { return (known.id, []) }
        let id = ReleaseID(model, try state.nextReleaseNumber(of: model))
        return (id, [.releaseCreated(ReleaseCreated(id: id, content: content))])
    }

    /// The release a choice means, made when there is none with that content yet.
    func ensureRelease(_ choice: ReleaseChoice, by caller: Caller) async throws -> ReleaseRecord {
        let model = choice.reference.model
        // What the choice means is read once: what it leaves out comes from a channel, which may move meanwhile.
        let (content, known) = try await read { state in
            let content = try Self.content(of: choice, in: state)
            return (content, try state.release(of: model, content: content))
        }
        if let known { return known }
        try caller.require(.publish, to: "make a release")
        _ = try await append(by: caller) { try Self.release(model, with: content, in: $0).created }
        return try await read { state in
            guard let release = try state.release(of: model, content: content) else {
                throw ControlPlaneError(.internalFault, "the release of \(choice.reference) is not in the log")
            }
            return release
        }
    }

    /// Why nothing is found in a channel.
    static func nothingLive(_ model: Name, _ channel: Name, _ channels: [ChannelRecord]) -> ControlPlaneError {
        let others = channels.map(\.channel.text)
        return ControlPlaneError(
            .notFound,
            "nothing is live in \(model)@\(channel)",
            why: others.isEmpty ? "no channel of \(model) points to a release yet" : nil,
            next: "serin promote \(model)@VERSION --to \(channel)",
            near: NearNames.nearest(to: channel.text, in: others)
        )
    }

    static func requireLoadable(_ version: VersionRecord) throws(ControlPlaneError) {
        guard !version.isLoadable else { return }
        let why =
            version.quarantined ?? version.smoke?.problem
            ?? "it holds no weights that the engine can load"
        throw ControlPlaneError(
            .badData,
            "\(version.id) cannot be loaded",
            why: why,
            next: "serin version show \(version.id)"
        )
    }

    private static func promptVersion(_ text: String, in state: CatalogState) throws -> VersionID {
        guard let reference = try? Reference(text) else {
            throw ControlPlaneError(.badRequest, "\"\(text)\" is not a prompt version", next: "--prompt NAME@3")
        }
        switch reference.selector {
        case .version(let number): return VersionID(reference.model, number)
        case .live:
            guard let newest = try state.latestPrompt(reference.model) else {
                return VersionID(reference.model, 1)
            }
            return newest.id
        case .release, .channel:
            throw ControlPlaneError(.badRequest, "\"\(text)\" is not a prompt version", next: "--prompt NAME@3")
        }
    }

    private static func onlyPrompt(for version: VersionID, in state: CatalogState) throws -> PromptRecord {
        let names = try state.prompts()
        if names.count == 1, let newest = try state.latestPrompt(names[0]) { return newest }
        throw ControlPlaneError(
            .badRequest,
            "no prompt is named for \(version)",
            why: names.isEmpty
                ? "there is no prompt yet, and nothing is live whose prompt could be used"
                : "nothing is live whose prompt could be used, and there are several: "
                    + names.prefix(5).map(\.text).joined(separator: ", "),
            next: names.isEmpty ? "serin prompt push FILE, then --prompt NAME@1" : "--prompt \(names[0])@1"
        )
    }
}
