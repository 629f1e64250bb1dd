/// A token of a live answer.
public struct ServedToken: Sendable, Equatable {
    /// A token that could have been chosen.
    public struct Alternative: Sendable, Equatable {
        /// Token id.
        public let id: Int
        /// The bytes of the token itself; they may be a part of a character.
        public let bytes: [UInt8]
        /// Natural logarithm of its probability under the model, before any sampling setting.
        public let logProbability: Double
    }

    /// Token id.
    public let id: Int
    /// The bytes of the token itself, for a mark its spelling; they may be a part of a character.
    public let bytes: [UInt8]
    /// Text that is now certainly part of the answer: empty while it could become a stop text or half a character.
    public let text: String
    /// Natural logarithm of its probability under the model, before any sampling setting.
    public let logProbability: Double
    /// The most likely tokens at this place, most likely first, as many as were asked for.
    public let alternatives: [Alternative]
    /// True for the mark that ended the answer; it is not part of the text.
    public let isEnd: Bool
    /// Seconds from the arrival of the request to the choice of this token.
    public let seconds: Double
}
