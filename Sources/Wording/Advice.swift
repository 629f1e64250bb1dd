/// What to do next, as a sentence: words, with the command lines in it as values.
///
/// Written as a literal: `"a person decides: \(.canaryShow(id)), or: \(.status(model))"`. A command line cannot slip in
/// as text: a test looks for those.
public struct Advice: Hashable, Sendable, CustomStringConvertible {
    /// The sentence as it is read.
    public let text: String
    /// The command lines in it, in order.
    public let steps: [NextStep]

    /// Nothing but the command line.
    public init(_ step: NextStep) {
        text = step.text
        steps = [step]
    }

    /// A sentence that came from elsewhere, such as from a server.
    public init(words: String) {
        text = words
        steps = []
    }

    public var description: String { text }
}

extension Advice: ExpressibleByStringInterpolation {
    /// A sentence in the making.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        fileprivate var steps: [NextStep] = []

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        /// Adds a command line.
        public mutating func appendInterpolation(_ step: NextStep) {
            text += step.text
            steps.append(step)
        }

        /// Adds a sentence with its command lines.
        public mutating func appendInterpolation(_ advice: Advice) {
            text += advice.text
            steps += advice.steps
        }

        /// Adds a name or a number.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) { text += value.description }
    }

    public init(stringLiteral: String) { self.init(words: stringLiteral) }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        steps = stringInterpolation.steps
    }
}
