public import Digests
public import RegistryRecords
public import RegistryTypes
public import Wording

/// Which release is meant: a reference, and what to change in it.
public struct ReleaseChoice: Hashable, Sendable, Codable {
    /// A version, a release, a channel or a model.
    public let reference: Reference
    /// Where a prompt and settings are taken from when the reference is a version; production when nil.
    public let channel: Name?
    /// Another prompt, such as `triage@3`.
    public let prompt: String?
    /// Other decoding settings, such as `temperature: 0.2`.
    public let set: [String: String]?

    /// Makes the value from its fields.
    public init(reference: Reference, channel: Name? = nil, prompt: String? = nil, set: [String: String]? = nil) {
        self.reference = reference
        self.channel = channel
        self.prompt = prompt
        self.set = set
    }
}

/// What a reference means now.
public struct ResolveAnswer: Hashable, Sendable, Codable {
    /// What was asked.
    public let reference: Reference
    /// The release.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt.
    public let prompt: VersionID
    /// The digest of the release's content.
    public let digest: Digest
    /// The channel it was found by.
    public let channel: Name?

    /// Makes the value from its fields.
    public init(
        reference: Reference,
        release: ReleaseID,
        version: VersionID,
        prompt: VersionID,
        digest: Digest,
        channel: Name? = nil
    ) {
        self.reference = reference
        self.release = release
        self.version = version
        self.prompt = prompt
        self.digest = digest
        self.channel = channel
    }
}

/// All about a release.
public struct ReleaseView: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseRecord
    /// The version it ships.
    public let version: VersionRecord
    /// The prompt it ships.
    public let prompt: PromptRecord
    /// When channels moved to it or away from it.
    public let moves: [ChannelMove]
    /// What was decided about it.
    public let decisions: [DecisionSummary]
    /// Canaries it took part in.
    public let canaries: [CanaryRecord]
    /// How it was evaluated.
    public let evaluations: [EvaluationRecord]
    /// The channels that point to it now.
    public let liveIn: [Name]?
    /// The canary document that new evidence about it comes by, where a command has to name one.
    public let canaryDocument: Name?

    /// Makes the value from its fields.
    public init(
        release: ReleaseRecord,
        version: VersionRecord,
        prompt: PromptRecord,
        moves: [ChannelMove],
        decisions: [DecisionSummary],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        liveIn: [Name]? = nil,
        canaryDocument: Name? = nil
    ) {
        self.canaryDocument = canaryDocument
        self.release = release
        self.version = version
        self.prompt = prompt
        self.moves = moves
        self.decisions = decisions
        self.canaries = canaries
        self.evaluations = evaluations
        self.liveIn = liveIn
    }
}

/// What is said of a release that was taken back.
public enum RejectionWords {
    /// `rejected in production`.
    public static func state(_ rejections: [ReleaseRejection]) -> String {
        let channels = rejections.compactMap(\.channel?.text)
        return channels.isEmpty ? "rejected" : "rejected in \(Set(channels).sorted().joined(separator: ", "))"
    }

    /// Where it was rejected, and why: `rejected in production: complaints; in staging: slow`.
    public static func reasons(_ rejections: [ReleaseRejection]) -> String {
        "rejected "
            + rejections.map { rejection in
                (rejection.channel.map { "in \($0): " } ?? "everywhere: ") + rejection.reason
            }
            .joined(separator: "; ")
    }

    /// How a rejection ends, with the command that brings the evidence.
    ///
    /// - Parameters:
    ///   - isRunnable: Whether a canary can be run here at all.
    ///   - document: The canary document to name; nil where a canary finds it by itself.
    public static func end(
        of rejection: ReleaseRejection,
        _ release: ReleaseID,
        isRunnable: Bool,
        document: Name?
    ) -> Advice {
        let channel = rejection.channel ?? .production
        guard isRunnable else {
            return """
                a promotion that a person decides, for no canary can be run here: \
                \(.promote(.release(release), to: channel, override: true))
                """
        }
        let live = Reference(model: release.model, selector: .channel(channel))
        return """
            a promotion that new evidence allows: \
            \(.canaryRun(.release(release), against: channel == .production ? nil : .reference(live), using: document))
            """
    }
}
