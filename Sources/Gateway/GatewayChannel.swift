import Digests
public import RegistryTypes

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

    /// A release that the channel points to and that is not in memory: its requests fail, and count as failed.
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
    /// What it points to; nil when that cannot be loaded, or is not loaded yet.
    public let live: GatewayRoute?
    /// Who stays behind; nil outside of a probation.
    public let holdback: Holdback?
    /// What it points to where that is not loaded; nil when it is.
    public let unloaded: Unloaded?

    /// Makes the value from its fields.
    public init(
        model: Name,
        name: Name,
        created: Timestamp,
        live: GatewayRoute?,
        holdback: Holdback? = nil,
        unloaded: Unloaded? = nil
    ) {
        self.model = model
        self.name = name
        self.created = created
        self.live = live
        self.holdback = holdback
        self.unloaded = unloaded
    }

    /// What answers a unit; nil when nothing is loaded.
    func route(for unit: String) -> GatewayRoute? {
        if let holdback, holdback.keeps(unit) { return holdback.route }
        return live
    }
}
