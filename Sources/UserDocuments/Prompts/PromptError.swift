public import RegistryTypes
import StrictJSON

/// What is wrong with a prompt's text or with the values a request brings to it.
public enum PromptError: Error, Equatable, Sendable {
    /// `{{` without `}}` after it; the number of lines before it within the text.
    case unclosedPlace(line: Int)
    /// What stands between `{{` and `}}` is not a name of a variable.
    case badPlace(String, line: Int)
    /// A request has no value for a required variable.
    case missingVariable(String, prompt: Name)
    /// A request has a value for a variable that the prompt does not declare.
    case unknownVariable(String, prompt: Name, known: [String])
    /// A value is longer than its variable allows, in Unicode code points.
    case valueTooLong(String, prompt: Name, length: Int, limit: Int)
    /// A conversation has a system message, and the prompt takes none.
    case systemRefused(index: Int, prompt: Name)
    /// A conversation has a system message after its first turn, where it can neither be added to the prompt's own nor
    /// stand in its place.
    case systemAfterTurns(index: Int, prompt: Name)
    /// A conversation has no message of the user for the variable that the prompt needs.
    case noUserMessage(String, prompt: Name)
    /// Messages cannot bring the value of a variable that the prompt needs.
    case messagesNeedVariable(String, prompt: Name)
    /// The prompt asks something itself, and no variable of it stands for a message.
    case noPlaceForMessages(prompt: Name)
}

extension PromptError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unclosedPlace(let line):
            "line \(line + 1) of the text opens {{ and never closes it: "
                + "write {{name}}, or { { for the characters themselves"
        case .badPlace(let text, let line):
            "line \(line + 1) of the text has {{\(text.printable)}}: only {{name}} is known, "
                + "letters, digits and _, no spaces and no logic"
        case .missingVariable(let variable, let prompt):
            "variable \"\(variable)\" of prompt \(prompt) has no value: add it to the request"
        case .unknownVariable(let variable, let prompt, let known):
            "variable \"\(variable.printable)\" is not declared by prompt \(prompt): "
                + (known.isEmpty ? "it has no variables" : "known are \(known.joined(separator: ", "))")
        case .valueTooLong(let variable, let prompt, let length, let limit):
            "variable \"\(variable)\" of prompt \(prompt) has \(length) characters, at most \(limit) are allowed: "
                + "shorten the value or raise maxLength in the prompt"
        case .systemRefused(let index, let prompt):
            "messages[\(index)] is a system message, and prompt \(prompt) has rules of its own: leave it out, or let the "
                + "prompt say clientSystem: append or replace"
        case .systemAfterTurns(let index, let prompt):
            "messages[\(index)] is a system message after the first turn, and prompt \(prompt) has one of its own: send it "
                + "before the first message of the user"
        case .noUserMessage(let variable, let prompt):
            "the conversation has no message of the user, and prompt \(prompt) needs one for its variable "
                + "\"\(variable)\": add one"
        case .messagesNeedVariable(let variable, let prompt):
            "prompt \(prompt) needs variable \"\(variable)\", which messages do not bring: send prompt and variables"
        case .noPlaceForMessages(let prompt):
            "prompt \(prompt) asks something itself and has no variable that a message could be: send prompt and variables"
        }
    }
}
