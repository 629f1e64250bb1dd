/// A piece of a prompt, by who wrote it: this decides how it is tokenised.
public enum PromptSegment: Hashable, Sendable, Codable {
    /// Written by the prompt's author or the format: special-token strings in it become special tokens.
    case literal(String)
    /// The value of a variable: tokenised as plain text, whatever it holds.
    case value(String)

    /// The text, whoever wrote it.
    public var text: String {
        switch self {
        case .literal(let text), .value(let text): text
        }
    }

    /// The same pieces with neighbouring literals joined and empty pieces left out.
    static func merged(_ segments: [PromptSegment]) -> [PromptSegment] {
        var result: [PromptSegment] = []
        for segment in segments where !segment.text.isEmpty {
            if case .literal(let next) = segment, case .literal(let last) = result.last {
                result[result.count - 1] = .literal(last + next)
            } else {
                result.append(segment)
            }
        }
        return result
    }
}
