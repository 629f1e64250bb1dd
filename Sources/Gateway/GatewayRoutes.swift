import Digests
public import RegistryTypes
public import ReleaseRuntime

/// Where every channel leads: an unchanging snapshot that is replaced as a whole after each move. A request takes one
/// snapshot and keeps it to its end.
public struct GatewayRoutes: Sendable {
    /// The channels, sorted by model and name.
    public let channels: [GatewayChannel]
    private let byName: [Name: [Name: GatewayChannel]]

    /// The channel that a bare name of a model means.
    static let production = "production"

    /// No channels at all.
    public static let none = GatewayRoutes([])

    /// A snapshot; of two channels with the same name the later one counts.
    public init(_ channels: [GatewayChannel]) {
        var byName: [Name: [Name: GatewayChannel]] = [:]
        for channel in channels { byName[channel.model, default: [:]][channel.name] = channel }
        self.byName = byName
        self.channels = byName.values.flatMap(\.values).sorted { ($0.model, $0.name) < ($1.model, $1.name) }
    }

    /// The channel that a reference means; nil for a channel that is not there, and for releases and versions.
    func channel(_ reference: Reference) -> GatewayChannel? {
        switch reference.selector {
        case .live: byName[reference.model]?.first { $0.key.text == Self.production }?.value
        case .channel(let name): byName[reference.model]?[name]
        case .version, .release: nil
        }
    }

    /// References that somebody who wrote `reference` may have meant: the channels of the same model, or else models
    /// whose names begin alike. At most three.
    func near(_ reference: Reference) -> [String] {
        let sameModel = channels.filter { $0.model == reference.model }
        let start = reference.model.text.utf8.prefix(3)
        let near = sameModel.isEmpty ? channels.filter { $0.model.text.utf8.starts(with: start) } : sameModel
        return Array(GatewayRoutes(near).models.map(\.id).prefix(3))
    }

    /// A channel as OpenAI's clients see it, under the reference that was asked for; nil where that names a version or a
    /// release.
    ///
    /// - Throws: ``GatewayError/modelNotFound(_:near:)``, ``GatewayError/cannotRun(_:)``.
    func model(_ reference: Reference, as text: String) throws(GatewayError) -> ListedModel? {
        switch reference.selector {
        case .version, .release: return nil
        case .live, .channel: break
        }
        guard let channel = channel(reference) else { throw .modelNotFound(text, near: near(reference)) }
        if let release = channel.elsewhere { throw .servedElsewhere(channel, release) }
        return ListedModel(id: text, created: channel.created)
    }

    /// What `/v1/models` lists: each channel by the reference that applications use for it, but for those whose release
    /// is served elsewhere.
    var models: [ListedModel] {
        channels.filter { $0.elsewhere == nil }.map { channel in
            let isLive = channel.name.text == Self.production
            return ListedModel(
                id: isLive ? channel.model.text : "\(channel.model)@\(channel.name)",
                created: channel.created
            )
        }
    }
}

/// A release that can answer: what it is, why it was chosen, and what runs it.
public struct GatewayRoute: Sendable {
    /// The release.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt version.
    public let prompt: VersionID
    /// The channel that leads to it; nil when a release or a version was named.
    public let channel: Name?
    /// Why it answers.
    public let arm: TrafficArm
    /// Its weights, prompt and settings in memory.
    public let loaded: LoadedRelease
    /// What runs it.
    public let engine: any AnswerEngine

    /// Makes the value from its fields.
    public init(
        release: ReleaseID,
        version: VersionID,
        prompt: VersionID,
        channel: Name? = nil,
        arm: TrafficArm,
        loaded: LoadedRelease,
        engine: any AnswerEngine
    ) {
        self.release = release
        self.version = version
        self.prompt = prompt
        self.channel = channel
        self.arm = arm
        self.loaded = loaded
        self.engine = engine
    }
}

/// A channel as requests see it: what answers, and who stays on the release before.
public struct GatewayChannel: Sendable {
    /// The share of requests that stays on the last settled release during a probation.
    public struct Holdback: Sendable {
        /// The release they stay on.
        public let route: GatewayRoute
        /// How many: 0 to 0.5 of all units.
        public let share: Double
        /// What the draw depends on besides the unit, such as the number of the rollout: another one draws others.
        public let salt: String

        /// A held-back share; out of 0...0.5 it is cut to the nearest end.
        public init(route: GatewayRoute, share: Double, salt: String) {
            self.route = route
            self.share = share > 0 ? min(share, 0.5) : 0
            self.salt = salt
        }

        /// Whether `unit` stays: the first 64 bits of SHA-256 over salt and unit, as a fraction, are under the share.
        /// The same unit always gets the same answer.
        func keeps(_ unit: String) -> Bool {
            let digest = Digest(of: Array("\(salt)\n\(unit)".utf8))
            let bits = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // 53 bits, which a Double holds exactly: share 0 keeps nobody.
            return Double(bits >> 11) * 0x1p-53 < share
        }
    }

    /// A release that the channel points to and that is not in memory: where no other answers in its place, its requests fail,
    /// and count as failed.
    public struct Unloaded: Sendable {
        /// The release.
        public let release: ReleaseID
        /// Its version.
        public let version: VersionID
        /// Its prompt version.
        public let prompt: VersionID

        /// Makes the value from its fields.
        public init(release: ReleaseID, version: VersionID, prompt: VersionID) {
            self.release = release
            self.version = version
            self.prompt = prompt
        }
    }

    /// The model.
    public let model: Name
    /// The channel's name.
    public let name: Name
    /// When the model was first published: what `/v1/models` gives as `created`.
    public let created: Timestamp
    /// What answers: the release that it points to or, where that cannot be loaded, one in its place; nil when nothing does.
    public let live: GatewayRoute?
    /// Who stays behind; nil outside of a probation.
    public let holdback: Holdback?
    /// What it points to where that is not loaded, whether or not another release answers; nil when it is.
    public let unloaded: Unloaded?
    /// The release that it points to where that is served elsewhere, because nothing here can run it.
    public let elsewhere: ReleaseID?

    /// Makes the value from its fields.
    public init(
        model: Name,
        name: Name,
        created: Timestamp,
        live: GatewayRoute?,
        holdback: Holdback? = nil,
        unloaded: Unloaded? = nil,
        elsewhere: ReleaseID? = nil
    ) {
        self.model = model
        self.name = name
        self.created = created
        self.live = live
        self.holdback = holdback
        self.unloaded = unloaded
        self.elsewhere = elsewhere
    }

    /// What answers a unit; nil when nothing is loaded.
    func route(for unit: String) -> GatewayRoute? {
        if let holdback, holdback.keeps(unit) { return holdback.route }
        return live
    }
}

/// A model as OpenAI's list of models shows it.
public struct ListedModel: Hashable, Sendable {
    /// What applications give as `model`: `ticket-bot` or `ticket-bot@staging`.
    public let id: String
    /// When the model was first published; of a version or a release, when the release was made.
    public let created: Timestamp

    /// Makes the value from its fields.
    public init(id: String, created: Timestamp) {
        self.id = id
        self.created = created
    }

    /// OpenAI's object.
    public var json: [UInt8] {
        var json = JSONWriter()
        write(into: &json)
        return json.bytes
    }

    /// OpenAI's list of `models`.
    public static func list(_ models: [ListedModel]) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"object":"list","data":["#)
        for (index, model) in models.enumerated() {
            if index > 0 { json.raw(",") }
            model.write(into: &json)
        }
        json.raw("]}")
        return json.bytes
    }

    private func write(into json: inout JSONWriter) {
        json.raw(#"{"id":"#)
        json.string(id)
        json.raw(#","object":"model","created":"#)
        json.number(created.milliseconds / 1000)
        json.raw(#","owned_by":"serin"}"#)
    }
}

/// Names of people and conversations as hashes that only the holder of the key can make: what is kept says that two
/// requests belong together, and not whose they are.
enum UnitHash {
    /// The first 64 bits of HMAC-SHA256, as 16 hexadecimal digits.
    static func text(of name: String, key: [UInt8]) -> String {
        Array(HMACSHA256.code(of: Array(name.utf8), key: key).prefix(8)).hexadecimal
    }
}
