import ChatTemplate
import RegistryTypes

/// What an answer is made of besides what it says: by the family of the model whose template wrote the prompt.
struct AnswerShape: Sendable {
    /// Between what the thinking stands; nil for an answer without.
    var thinking: ThinkingMarkers?
    /// Whether the prompt ended inside of the thinking.
    var opensThinking = false
    /// How tools are called; nil when none were offered.
    var calls: ToolCallFamily?
    /// What those tools say of their parameters.
    var declared = DeclaredParameters()

    /// All of the answer is what it says.
    static let plain = AnswerShape()
}

/// Takes an answer apart while it comes: its thinking, what it says, and the tools that it calls.
struct AnswerReader {
    /// Parts of an answer that are certain.
    struct Piece: Equatable {
        var thinking = ""
        var text = ""
    }

    private var splitter: ThinkingSplitter?
    private var stream: ToolCallStream?
    /// What was thought so far; nil without a word of it.
    private(set) var thinking: String?
    /// What was said so far.
    private(set) var text = ""
    /// The tools that were called, once it is over.
    private(set) var calls: [WrittenToolCall] = []

    init(_ shape: AnswerShape) {
        splitter = shape.thinking.map { ThinkingSplitter($0, isOpen: shape.opensThinking) }
        stream = shape.calls.map { ToolCallStream($0, declared: shape.declared) }
    }

    /// Takes the next piece of the answer.
    mutating func take(_ piece: String) -> Piece {
        guard splitter != nil else { return added([.answer(piece)]) }
        return added(splitter?.take(piece) ?? [])
    }

    /// What is left when nothing more comes.
    mutating func finish() -> Piece {
        var piece = added(splitter?.finish() ?? [])
        if let (rest, calls) = stream?.finish() {
            self.calls = calls
            text += rest
            piece.text += rest
        }
        return piece
    }

    private mutating func added(_ pieces: [ThinkingSplitter.Piece]) -> Piece {
        var result = Piece()
        for piece in pieces {
            switch piece {
            case .thinking(let text): result.thinking += text
            case .answer(let text): result.text += stream?.take(text) ?? text
            }
        }
        if !result.thinking.isEmpty { thinking = (thinking ?? "") + result.thinking }
        text += result.text
        return result
    }
}

extension AnswerToken {
    /// The same token with what was held back until it came.
    func adding(_ piece: AnswerReader.Piece) -> AnswerToken {
        AnswerToken(
            id: id,
            bytes: bytes,
            text: text + piece.text,
            thinking: thinking + piece.thinking,
            logProbability: logProbability,
            alternatives: alternatives,
            isEnd: isEnd,
            seconds: seconds
        )
    }
}
