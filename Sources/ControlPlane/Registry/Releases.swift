import Catalog
import Digests
import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// Releases: what a reference with changes means, made when it is new.
public struct Releases: Sendable {
    let ledger: Ledger
    let published: PublishedState

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
        if let channel, let served = published.current?.channel(reference.model, channel) {
            return served.resolution(of: reference)
        }
        return try await ledger.read { state in
            let release = try state.requireRelease(state.releaseID(of: reference))
            return ResolveAnswer(reference: reference, release: release, channel: channel)
        }
    }
}

/// What references mean at one moment.
extension CatalogState {
    /// The release a reference names. A version means the release of it that was live last, or the only one: a canary or a
    /// promotion that was refused leaves releases behind, and none of them may take the place of what was answering.
    func releaseID(of reference: Reference) throws -> ReleaseID {
        let model = reference.model
        switch reference.selector {
        case .release(let number):
            return try requireRelease(ReleaseID(model, number)).id
        case .version(let number):
            let version = try requireVersion(VersionID(model, number))
            if let live = try lastLiveRelease(with: version.id) { return ReleaseID(model, live) }
            let made = try releases(with: version.id)
            guard made.count < 2 else { throw ControlPlaneError.ambiguous(version.id, made.map(\.id)) }
            guard let release = made.first else {
                throw ControlPlaneError(
                    .notFound,
                    "no release of \(version.id) yet",
                    why: "a release is a version with a prompt and settings",
                    next: version.isLoadable
                        ? "\(.canaryRun(.version(version.id))), or: \(.promote(.version(version.id), to: .known("staging")))"
                        : "it cannot be run here: \(.versionShow(version.id))"
                )
            }
            return release.id
        case .live, .channel:
            let channel: Name = if case .channel(let name) = reference.selector { name } else { .production }
            try requireModel(model)
            guard let record = try self.channel(model, channel) else {
                throw nothingLive(model, channel, try self.channels(of: model))
            }
            return ReleaseID(model, record.release)
        }
    }

    /// The content that a choice means: the reference, with another prompt or other settings where asked.
    ///
    /// - Parameter lacksEngine: Whether a version will do that the engine here cannot run: where nothing is run.
    /// - Throws: ``ControlPlaneError``: something is not there, cannot be loaded, or no prompt is known.
    func content(of choice: ReleaseChoice, lacksEngine: Bool = false) throws -> ReleaseContent {
        let model = choice.reference.model
        let base: ReleaseContent?
        let version: VersionRecord
        if case .version(let number) = choice.reference.selector {
            version = try requireVersion(VersionID(model, number))
            let channel = choice.channel ?? .production
            let live = try self.channel(model, channel) ?? self.channel(model, .production)
            base = try live.flatMap { try self.release(ReleaseID(model, $0.release))?.content }
        } else {
            let release = try requireRelease(releaseID(of: choice.reference))
            version = try requireVersion(release.version)
            base = release.content
        }
        if lacksEngine { try requireReleasable(version) } else { try requireLoadable(version) }
        let prompt: PromptRecord
        var decoding: DecodingSettings
        if let text = choice.prompt {
            let named = try requirePrompt(promptVersion(text))
            // Logs of before hold equal prompts under several numbers: they are one prompt, and make one release.
            prompt = try self.prompt(named.id.name, digests: [named.digest]) ?? named
            decoding = prompt.document.decoding
        } else if let base {
            prompt = try requirePrompt(base.prompt)
            decoding = base.decoding
        } else {
            prompt = try onlyPrompt(for: version.id)
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

    /// The version that a choice means, where its weights are quarantined; nil else.
    func quarantinedVersion(of choice: ReleaseChoice) throws -> VersionID? {
        let model = choice.reference.model
        let version: VersionRecord
        if case .version(let number) = choice.reference.selector {
            version = try requireVersion(VersionID(model, number))
        } else {
            version = try requireVersion(requireRelease(releaseID(of: choice.reference)).version)
        }
        return version.quarantined == nil ? nil : version.id
    }

    /// The release with this content, or the event that makes it.
    func release(
        _ model: Name,
        with content: ReleaseContent
    ) throws -> (id: ReleaseID, created: [RegistryEvent]) {
        if let known = try self.release(of: model, content: content) { return (known.id, []) }
        let id = ReleaseID(model, try self.nextReleaseNumber(of: model))
        return (id, [.releaseCreated(ReleaseCreated(id: id, content: content))])
    }

    /// Why nothing is found in a channel.
    func nothingLive(_ model: Name, _ channel: Name, _ channels: [ChannelRecord]) -> ControlPlaneError {
        let others = channels.map(\.channel.text)
        let near = NearNames.nearest(to: channel.text, in: others)
        let nearest = near.first.flatMap { try? Name($0) }
        let noneRuns = ((try? hasModel(model)) ?? false) && (try? newestLoadable(of: model)) == .some(nil)
        return ControlPlaneError(
            .notFound,
            "nothing is live in \(model)@\(channel)",
            why: noneRuns
                ? "no version of \(model) can be run here"
                : others.isEmpty ? "no channel of \(model) points to a release yet" : nil,
            // What is like a channel that is there is that one, mistyped: nothing can be promoted to it.
            next: nearest.map { "\(.status(model)); \(model)@\($0) is live" }
                ?? (noneRuns ? "\(.modelShow(model))" : "\(.promote(.someVersion(of: model), to: channel))"),
            near: near
        )
    }

    /// Names of channels of a model that are almost `channel`; none where it is one.
    func nearChannels(_ model: Name, _ channel: Name) throws -> [String] {
        let names = try channels(of: model).map(\.channel.text)
        return names.contains(channel.text) ? [] : NearNames.nearest(to: channel.text, in: names)
    }

    func requireLoadable(_ version: VersionRecord) throws(ControlPlaneError) {
        guard version.isLoadable else { throw ControlPlaneError.cannotRun(version) }
    }

    /// Refuses what was loaded once and must not be again. What the engine never could run may be released where a policy
    /// says so, which is asked later.
    func requireReleasable(_ version: VersionRecord) throws(ControlPlaneError) {
        if version.lacksEngine { return }
        try requireLoadable(version)
    }

    func promptVersion(_ text: String) throws -> VersionID {
        guard let reference = try? Reference(text) else {
            throw ControlPlaneError(.badRequest, "\"\(text)\" is not a prompt version", next: "--prompt NAME@3")
        }
        switch reference.selector {
        case .version(let number): return VersionID(reference.model, number)
        case .live:
            guard let newest = try self.latestPrompt(reference.model) else {
                return VersionID(reference.model, 1)
            }
            return newest.id
        case .release, .channel:
            throw ControlPlaneError(.badRequest, "\"\(text)\" is not a prompt version", next: "--prompt NAME@3")
        }
    }

    func onlyPrompt(for version: VersionID) throws -> PromptRecord {
        let names = try self.prompts(NamePart(limit: 6))
        if names.count == 1, let newest = try self.latestPrompt(names[0]) { return newest }
        throw ControlPlaneError(
            .badRequest,
            "no prompt is named for \(version)",
            why: names.isEmpty
                ? "there is no prompt yet, and nothing is live whose prompt could be used"
                : "nothing is live whose prompt could be used, and there are several: "
                    + names.prefix(5).map(\.text).joined(separator: ", "),
            next: names.isEmpty ? "\(.promptPush), then --prompt NAME@1" : "--prompt \(names[0])@1"
        )
    }
}

extension ControlPlaneError {
    /// A version with several releases of which none was ever live.
    fileprivate static func ambiguous(_ version: VersionID, _ releases: [ReleaseID]) -> ControlPlaneError {
        let shown = releases.suffix(5).map(\.description)
        return ControlPlaneError(
            .badRequest,
            "\(version) has \(releases.count) releases, and none of them was ever live",
            why: "they differ in their prompt or settings: "
                + (shown.count < releases.count ? "…, " : "") + shown.joined(separator: ", "),
            next: "name one of them",
            near: Array(shown.suffix(3))
        )
    }
}
