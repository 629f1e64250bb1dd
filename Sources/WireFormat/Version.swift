public import Digests
public import Foundation
public import RegistryRecords
public import RegistryTypes

/// Publishes a version whose blobs are there, or come with the request.
public struct PublishRequest: Hashable, Sendable, Codable {
    /// Its files and lineage.
    public let manifest: Manifest
    /// What the publisher says.
    public let message: String?
    /// The number it must get; another number is a conflict.
    public let expectedVersion: Int?
    /// Check everything, store nothing.
    public let dryRun: Bool?
    /// The bytes of small files of the manifest, so that they need no request of their own; in any order.
    public let contents: [SmallFile]?
    /// What the model is called where it comes from.
    public let displayName: DisplayName?
    /// True when the model's name was made from ``displayName``: then it must not be that of another model.
    public let isDerivedName: Bool?

    /// Makes the value from its fields.
    public init(
        manifest: Manifest,
        message: String? = nil,
        expectedVersion: Int? = nil,
        dryRun: Bool? = nil,
        contents: [SmallFile]? = nil,
        displayName: DisplayName? = nil,
        isDerivedName: Bool? = nil
    ) {
        self.manifest = manifest
        self.message = message
        self.expectedVersion = expectedVersion
        self.dryRun = dryRun
        self.contents = contents
        self.displayName = displayName
        self.isDerivedName = isDerivedName
    }
}

/// The bytes of a file that travels inside a request.
public struct SmallFile: Hashable, Sendable, Codable {
    /// The most bytes that all small files of a request may have together.
    public static let limitBytes = 64 << 10

    /// The bytes, as base64 (RFC 4648, section 4, with padding).
    public let base64: String

    /// A file with these bytes.
    public init(_ bytes: Data) { base64 = bytes.base64EncodedString() }

    /// The bytes; nil when the text is not base64.
    public var bytes: Data? { Data(base64Encoded: base64) }
}

/// A published version.
public struct PublishAnswer: Hashable, Sendable, Codable {
    /// The version.
    public let version: VersionRecord
    /// Whether it was published now: false when the same content was published before, and for a dry run.
    public let created: Bool
    /// Whether the same content was published before. Where it was not, and nothing was created, this is what would be.
    /// Nil from a server of before, which does not tell.
    public let known: Bool?
    /// The version before it, to compare sizes.
    public let previous: VersionRecord?
    /// How the prompt that is live in production goes with the file; nil without one.
    public let fit: TemplateFit?
    /// What the model is called where it comes from.
    public let displayName: DisplayName?
    /// What its publisher should know; nothing of it kept the version from being stored.
    public let warnings: [String]?
    /// Where nothing says which prompt a release of it would have: the prompts there are, of which one must be named; nil
    /// where one is known.
    public let prompts: [Name]?
    /// Files that a dry run could not look at, because the server lacks their bytes: of them nothing is said.
    public let unseen: [Digest]?

    /// Makes the value from its fields.
    public init(
        version: VersionRecord,
        created: Bool,
        known: Bool? = nil,
        previous: VersionRecord? = nil,
        fit: TemplateFit? = nil,
        displayName: DisplayName? = nil,
        warnings: [String]? = nil,
        prompts: [Name]? = nil,
        unseen: [Digest]? = nil
    ) {
        self.known = known
        self.unseen = unseen
        self.prompts = prompts
        self.version = version
        self.created = created
        self.previous = previous
        self.fit = fit
        self.displayName = displayName
        self.warnings = warnings
    }
}

/// All about a version.
public struct VersionView: Hashable, Sendable, Codable {
    /// The version.
    public let version: VersionRecord
    /// Its card as written; nil without one, and where it cannot be read: see ``notes``.
    public let cardText: String?
    /// The version before it.
    public let previous: VersionRecord?
    /// The releases made of it.
    public let releases: [ReleaseRecord]
    /// The channels that point to one of them.
    public let channels: [ChannelRecord]
    /// Canaries with one of them as candidate.
    public let canaries: [CanaryRecord]
    /// Evaluations of one of them.
    public let evaluations: [EvaluationRecord]
    /// What the policy of production says now; nil when no release can be made of it.
    public let decision: Decision?
    /// What the model is called where it comes from.
    public let displayName: DisplayName?
    /// What its model file says of itself; nil without one, and where it cannot be read.
    public let inspection: InspectedModel?
    /// What of it is not there any more or damaged, and what to do about it; nil when all is there.
    public let notes: [String]?

    /// Makes the value from its fields.
    public init(
        version: VersionRecord,
        cardText: String? = nil,
        previous: VersionRecord? = nil,
        releases: [ReleaseRecord],
        channels: [ChannelRecord],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        decision: Decision? = nil,
        displayName: DisplayName? = nil,
        inspection: InspectedModel? = nil,
        notes: [String]? = nil
    ) {
        self.version = version
        self.cardText = cardText
        self.previous = previous
        self.releases = releases
        self.channels = channels
        self.canaries = canaries
        self.evaluations = evaluations
        self.decision = decision
        self.displayName = displayName
        self.inspection = inspection
        self.notes = notes
    }
}
