import RegistryTypes

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

    /// What `/v1/models` lists: each channel by the reference that applications use for it.
    var models: [ListedModel] {
        channels.map { channel in
            let isLive = channel.name.text == Self.production
            return ListedModel(
                id: isLive ? channel.model.text : "\(channel.model)@\(channel.name)",
                created: channel.created
            )
        }
    }
}
