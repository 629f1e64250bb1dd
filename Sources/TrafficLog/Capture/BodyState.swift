/// What became of the texts of a request.
public enum BodyState: String, Codable, Sendable, CaseIterable {
    /// They were not to be kept.
    case none
    /// They are stored: the values of a prompt's variables and the answers.
    case variables
    /// They are stored: messages that were not read as variables, and the answers.
    case messages
    /// They were larger than is kept.
    case tooLarge
    /// They were stored, but a crash or a damaged disk took them.
    case lost

    /// Whether they can be read.
    public var isStored: Bool { self == .variables || self == .messages }
}
