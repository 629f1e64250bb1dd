import RegistryTypes

/// What several readers of documents share.
enum Reading {
    /// What a name looks like.
    static let nameExpected = "a name of a-z, 0-9, '.', '_', '-', starting with a letter or digit, at most 64"
    /// What a channel is called.
    static let channelExpected = "a channel: a name that is not a number and not r and a number"

    /// A channel's name.
    static func channel(_ text: String) -> Name? {
        (try? Name(text)).flatMap { Reference.isChannelName($0) ? $0 : nil }
    }
}
