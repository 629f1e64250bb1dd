public import RegistryRecords
public import RegistryTypes

/// Asks what a policy or a canary document, which nobody has applied, would have made of an old canary.
public struct PolicyTrialRequest: Hashable, Sendable, Codable {
    /// The file: a policy, a canary document, or one of each.
    public let file: SourceFile

    /// Makes the value from its fields.
    public init(file: SourceFile) { self.file = file }
}

/// An old canary under another policy or canary document; nothing was changed by it.
public struct PolicyTrial: Hashable, Sendable, Codable {
    /// A line of what would differ.
    public struct Row: Hashable, Sendable, Codable {
        /// What it is about.
        public enum Subject: String, Codable, Sendable, CaseIterable {
            /// The verdict of the run.
            case verdict
            /// One of its checks.
            case check
            /// A gate of the policy.
            case gate
            /// Whether the channel might have moved.
            case decision
        }

        /// What it is about.
        public let subject: Subject
        /// The name of the check or the gate; of a decision the channel, of a verdict the canary.
        public let name: String
        /// As it was; nil where there was none.
        public let before: String?
        /// As it would have been; nil where there would be none.
        public let after: String?
        /// What the facts say to it as it would have been; nil where nothing more is to be said.
        public let found: String?

        /// A line.
        public init(subject: Subject, name: String, before: String?, after: String?, found: String? = nil) {
            self.subject = subject
            self.name = name
            self.before = before
            self.after = after
            self.found = found
        }

        /// Whether it would have been otherwise.
        public var differs: Bool { before != after }
    }

    /// The canary.
    public let canary: CanaryID
    /// The release that was tested.
    public let candidate: ReleaseID
    /// The release that it was compared with.
    public let baseline: ReleaseID
    /// What was tried, such as `Policy production`.
    public let tried: [String]
    /// The verdict, the checks, the gates and the decision, as they were and as they would have been.
    public let rows: [Row]
    /// What the answer rests on, a sentence each.
    public let notes: [String]
    /// The judgment by the canary document that was tried; nil where none was.
    public let judgment: Judgment?
    /// The decision as it would have been.
    public let decision: Decision

    /// Makes the value from its fields.
    public init(
        canary: CanaryID,
        candidate: ReleaseID,
        baseline: ReleaseID,
        tried: [String],
        rows: [Row],
        notes: [String],
        judgment: Judgment?,
        decision: Decision
    ) {
        self.canary = canary
        self.candidate = candidate
        self.baseline = baseline
        self.tried = tried
        self.rows = rows
        self.notes = notes
        self.judgment = judgment
        self.decision = decision
    }

    /// How many lines would have been otherwise.
    public var differences: Int { rows.count(where: \.differs) }
}
