public import Digests
public import RegistryTypes

/// The frozen evidence of one comparison of a window of traffic with a reference: everything its page shows.
public struct DriftReport: Hashable, Sendable, Codable {
    /// How far a reference that is still being learned is.
    public struct Progress: Hashable, Sendable, Codable {
        /// Requests seen.
        public let requests: Int
        /// Requests wanted.
        public let wantedRequests: Int
        /// Whole days seen.
        public let days: Int
        /// Days wanted.
        public let wantedDays: Int

        /// Makes the value from its fields.
        public init(requests: Int, wantedRequests: Int, days: Int, wantedDays: Int) {
            self.requests = requests
            self.wantedRequests = wantedRequests
            self.days = days
            self.wantedDays = wantedDays
        }

        /// Whether nothing is wanting.
        public var isComplete: Bool { requests >= wantedRequests && days >= wantedDays }
    }

    /// The chance of a ticket from two samples of the same traffic: the level of Holm's correction.
    public static let ticketLevel = 0.01
    /// The expected share of false alarms among the coloured lines (Benjamini and Hochberg, 1995).
    public static let colourLevel = 0.01

    /// The report.
    public let id: DriftID
    /// The model.
    public let model: Name
    /// The channel whose traffic it is; nil for all of the model's.
    public let channel: Name?
    /// The reference.
    public let reference: DriftWindow
    /// What was compared with it.
    public let window: DriftWindow
    /// The numbers of the releases that answered in the window.
    public let releases: [Int]
    /// What it concludes.
    public let verdict: DriftVerdict
    /// Why, in one sentence.
    public let sentence: String
    /// The one thing to do next.
    public let action: DriftAction
    /// The signal that leads: the moved one that is furthest over its floor; nil when none moved.
    public let leading: String?
    /// Does it hurt? At most 4.
    public let degradations: [DriftDegradation]
    /// What moved: at most 6, the leading one first.
    public let moved: [DriftTest]
    /// Signals that were tested and are within their bands.
    public let quiet: Int
    /// What is wrong with the measurements; empty when nothing is.
    public let faults: [DriftFault]
    /// Values the reference never held.
    public let unseen: [DriftUnseen]
    /// Records of the window that were dropped before they could be written.
    public let dropped: Int
    /// When: the leading signal, or the most telling one, over time; nil without points.
    public let course: DriftCourse?
    /// How: the moved signals that have bins, at most 6.
    public let bars: [DriftBars]
    /// Which prompts; nil without embeddings of single requests.
    public let explanation: DriftExplanation?
    /// Where: at most 5, the largest part of the change first.
    public let places: [DriftShare]
    /// Every signal, in the order of the families.
    public let tests: [DriftTest]
    /// How far the reference is; nil when it is complete.
    public let learning: Progress?
    /// What it was made from.
    public let source: DriftSource

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case id, model, channel, reference, window, releases, verdict, sentence, action, leading, moved, quiet, faults
        case unseen, dropped, course, bars, explanation, places, tests, learning, source
        case degradations = "harms"
    }

    /// Makes the value from its fields.
    public init(
        id: DriftID,
        model: Name,
        channel: Name? = nil,
        reference: DriftWindow,
        window: DriftWindow,
        releases: [Int],
        verdict: DriftVerdict,
        sentence: String,
        action: DriftAction,
        leading: String? = nil,
        degradations: [DriftDegradation],
        moved: [DriftTest],
        quiet: Int,
        faults: [DriftFault],
        unseen: [DriftUnseen],
        dropped: Int,
        course: DriftCourse? = nil,
        bars: [DriftBars],
        explanation: DriftExplanation? = nil,
        places: [DriftShare],
        tests: [DriftTest],
        learning: Progress? = nil,
        source: DriftSource
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.reference = reference
        self.window = window
        self.releases = releases
        self.verdict = verdict
        self.sentence = sentence
        self.action = action
        self.leading = leading
        self.degradations = degradations
        self.moved = moved
        self.quiet = quiet
        self.faults = faults
        self.unseen = unseen
        self.dropped = dropped
        self.course = course
        self.bars = bars
        self.explanation = explanation
        self.places = places
        self.tests = tests
        self.learning = learning
        self.source = source
    }
}

/// The one thing to do next.
public struct DriftAction: Hashable, Sendable, Codable {
    /// What, in one sentence.
    public let sentence: String
    /// The command that does it.
    public let command: String

    /// Makes the value from its fields.
    public init(
        sentence: String,
        command: String
    ) {
        self.sentence = sentence
        self.command = command
    }
}

/// Something that is wrong with the measurements themselves.
public struct DriftFault: Hashable, Sendable, Codable {
    /// What is missing or unheard of, such as `mean NLL`.
    public let field: String
    /// The family that is muted; nil when none is.
    public let family: DriftFamily?
    /// What is wrong, in one sentence.
    public let reason: String

    /// Makes the value from its fields.
    public init(
        field: String,
        family: DriftFamily? = nil,
        reason: String
    ) {
        self.field = field
        self.family = family
        self.reason = reason
    }
}

/// Values of a category that the reference never held. Told, never an alarm by itself.
public struct DriftUnseen: Hashable, Sendable, Codable {
    /// The signal.
    public let signal: String
    /// The commonest of the values, at most 5.
    public let values: [String]
    /// Requests with such a value.
    public let requests: Int
    /// Their share of the window.
    public let share: Double
    /// Lower end of the exact 95 % interval of the share (Clopper and Pearson, 1934).
    public let lower: Double
    /// Upper end of it.
    public let upper: Double
    /// The share that could have gone unseen in the reference: 3 over its requests.
    public let unremarkable: Double

    /// Makes the value from its fields.
    public init(
        signal: String,
        values: [String],
        requests: Int,
        share: Double,
        lower: Double,
        upper: Double,
        unremarkable: Double
    ) {
        self.signal = signal
        self.values = values
        self.requests = requests
        self.share = share
        self.lower = lower
        self.upper = upper
        self.unremarkable = unremarkable
    }
}

/// What a drift report was made from: enough to make it again.
public struct DriftSource: Hashable, Sendable, Codable {
    /// The digest of the frozen reference.
    public let baseline: Digest
    /// The digest of the window's summary.
    public let window: Digest
    /// The reference model that scored the prompts; nil when none did.
    public let referenceModel: Digest?
    /// The seed of the random features; nil without embeddings.
    public let featureSeed: UInt64?
    /// The version of the fixed bins that the summaries count in.
    public let scale: Int

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case baseline, window, featureSeed, scale
        case referenceModel = "yardstick"
    }

    /// Makes the value from its fields.
    public init(
        baseline: Digest,
        window: Digest,
        referenceModel: Digest? = nil,
        featureSeed: UInt64? = nil,
        scale: Int
    ) {
        self.baseline = baseline
        self.window = window
        self.referenceModel = referenceModel
        self.featureSeed = featureSeed
        self.scale = scale
    }
}
