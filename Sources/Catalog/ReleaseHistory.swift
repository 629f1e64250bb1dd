import GRDB
public import RegistryTypes

/// Where a release was live: what takes no permission of its own any more, and what may be gone back to.
public struct ReleaseHistory {
    private let release: ReleaseID
    private let state: CatalogState

    /// The history of a release, as the tables have it now.
    public init(_ release: ReleaseID, in state: CatalogState) {
        self.release = release
        self.state = state
    }

    /// Whether it was ever live in a channel of its model.
    public func wasLive() throws -> Bool {
        try state.number(
            "SELECT 1 FROM channelMove WHERE model = ? AND toRelease = ? LIMIT 1",
            [release.model.text, release.number]
        ) != nil
    }

    /// Whether a person may go back to it by its name: it settled in a channel, or came there by the word of its policy
    /// or as the first, and was not rejected there since. Anything else is a promotion.
    public func mayReturn(to channel: Name) throws -> Bool {
        try state.number(
            """
            SELECT 1 FROM channelMove
            WHERE model = ? AND channel = ? AND toRelease = ?
                AND (settled = 1 OR fromRelease IS NULL OR json_extract(channelMove.event, '$.how') = 'promoted')
                AND \(CatalogState.isNotRejectedSince) LIMIT 1
            """,
            [release.model.text, channel.text, release.number]
        ) != nil
    }
}
