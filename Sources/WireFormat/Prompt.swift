public import RegistryRecords
public import RegistryTypes

/// Pushes a version of a prompt.
public struct PromptPush: Hashable, Sendable, Codable {
    /// The document, as YAML.
    public let source: String
    /// What its author says.
    public let message: String?
    /// The model it is for, whose template it is compared with; the only one when nil.
    public let model: Name?

    /// Makes the value from its fields.
    public init(source: String, message: String? = nil, model: Name? = nil) {
        self.source = source
        self.message = message
        self.model = model
    }
}

/// A pushed prompt.
public struct PromptAnswer: Hashable, Sendable, Codable {
    /// The version.
    public let prompt: PromptRecord
    /// False when a version already says the same.
    public let created: Bool
    /// How it goes with the model it is for; nil when none was named and there is not exactly one.
    public let fit: TemplateFit?
    /// The newest version, where that is another one: a prompt without a number means it.
    public let newest: VersionID?
    /// What its author should know; nothing of it kept it from being stored.
    public let warnings: [String]?

    /// Makes the value from its fields.
    public init(
        prompt: PromptRecord,
        created: Bool,
        fit: TemplateFit? = nil,
        newest: VersionID? = nil,
        warnings: [String]? = nil
    ) {
        self.newest = newest
        self.warnings = warnings
        self.prompt = prompt
        self.created = created
        self.fit = fit
    }
}

/// A prompt in a list.
public struct PromptSummary: Hashable, Sendable, Codable {
    /// The prompt.
    public let name: Name
    /// Its newest version.
    public let latest: PromptRecord
    /// How many versions it has.
    public let versions: Int
    /// The channels whose release uses it, at most 20.
    public let usedBy: [ChannelRecord]

    /// Makes the value from its fields.
    public init(name: Name, latest: PromptRecord, versions: Int, usedBy: [ChannelRecord]) {
        self.name = name
        self.latest = latest
        self.versions = versions
        self.usedBy = usedBy
    }
}

/// All about a prompt.
public struct PromptView: Hashable, Sendable, Codable {
    /// The prompt.
    public let name: Name
    /// A part of its versions, newest first: `?before=&limit=`.
    public let versions: [PromptRecord]
    /// How many versions it has; nil from an older server, which sends all.
    public let versionCount: Int?
    /// Its newest version; nil from an older server, which sends it as the first.
    public let latest: PromptRecord?
    /// The channels whose release uses it, at most 50.
    public let usedBy: [PromptUse]
    /// How the release of one of them reads it; nil when no channel uses it.
    public let example: PromptExample?

    /// Makes the value from its fields.
    public init(
        name: Name,
        versions: [PromptRecord],
        versionCount: Int? = nil,
        latest: PromptRecord? = nil,
        usedBy: [PromptUse],
        example: PromptExample? = nil
    ) {
        self.name = name
        self.versions = versions
        self.versionCount = versionCount
        self.latest = latest
        self.usedBy = usedBy
        self.example = example
    }
}

/// A channel that uses a version of a prompt.
public struct PromptUse: Hashable, Sendable, Codable {
    /// The channel.
    public let channel: ChannelRecord
    /// The version of the prompt.
    public let version: Int

    /// Makes the value from its fields.
    public init(channel: ChannelRecord, version: Int) {
        self.channel = channel
        self.version = version
    }
}

/// Two versions of a prompt, line by line.
public struct PromptDiff: Hashable, Sendable, Codable {
    /// The version on the left.
    public let from: PromptRecord
    /// The version on the right.
    public let to: PromptRecord
    /// The lines of both, in order.
    public let lines: [DiffLine]

    /// Makes the value from its fields.
    public init(from: PromptRecord, to: PromptRecord, lines: [DiffLine]) {
        self.from = from
        self.to = to
        self.lines = lines
    }
}

/// A line of a comparison.
public struct DiffLine: Hashable, Sendable, Codable {
    /// Where the line stands.
    public let kind: Kind
    /// The part it belongs to, such as `system` or `decoding`.
    public let section: String
    /// The line.
    public let text: String

    /// Makes the value from its fields.
    public init(kind: Kind, section: String, text: String) {
        self.kind = kind
        self.section = section
        self.text = text
    }

    /// Where a line stands.
    public enum Kind: String, Codable, Sendable {
        /// On both sides.
        case same
        /// Only on the left.
        case removed
        /// Only on the right.
        case added
    }
}
