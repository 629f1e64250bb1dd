/// Between what a family of models writes its thinking, before it answers.
public struct ThinkingMarkers: Sendable, Equatable {
    /// The name that the family is known by.
    public let name: String
    /// Before the thinking.
    public let open: String
    /// After the thinking.
    public let close: String
    /// What begins a further message of the assistant, after the thinking; empty for most.
    public let messageOpen: String
    /// What begins the answer itself, with or without thinking before; empty for most.
    public let answerOpen: String

    /// Markers of a family.
    public init(name: String, open: String, close: String, messageOpen: String = "", answerOpen: String = "") {
        self.name = name
        self.open = open
        self.close = close
        self.messageOpen = messageOpen
        self.answerOpen = answerOpen
    }

    /// All of them.
    public var marks: [String] { [open, close, messageOpen, answerOpen].filter { !$0.utf8.isEmpty } }

    /// The families that are known here.
    public static let known = [
        ThinkingMarkers(name: "think", open: "<think>", close: "</think>"),
        ThinkingMarkers(name: "seed", open: "<seed:think>", close: "</seed:think>"),
        ThinkingMarkers(name: "mistral", open: "[THINK]", close: "[/THINK]"),
        ThinkingMarkers(name: "command", open: "<|START_THINKING|>", close: "<|END_THINKING|>"),
        ThinkingMarkers(name: "apertus", open: "<|inner_prefix|>", close: "<|inner_suffix|>"),
        ThinkingMarkers(name: "gemma-4", open: "<|channel>thought", close: "<channel|>"),
        ThinkingMarkers(
            name: "gpt-oss",
            open: "<|channel|>analysis<|message|>",
            close: "<|end|>",
            messageOpen: "<|start|>assistant",
            answerOpen: "<|channel|>final<|message|>"
        ),
    ]
}

/// Keeps the thinking of an answer apart while the answer comes, piece by piece.
///
/// Thinking stands before the answer: once the answer has begun, a marker in it is text, as in an answer about markers.
public struct ThinkingSplitter: Sendable {
    /// A piece of an answer.
    public enum Piece: Sendable, Equatable {
        /// Of the thinking.
        case thinking(String)
        /// Of the answer itself.
        case answer(String)
    }

    private enum State { case before, thinking, betweenMessages, beforeAnswer, answering }

    private let markers: ThinkingMarkers
    private var state: State
    /// What came and is not given out yet, as it may be the start of a marker; without the blanks before it.
    private var held: [UInt8] = []
    /// Blanks before `held`: no part of anything until something comes that they stand before.
    private var blanks: [UInt8] = []
    private var isThinkingEmpty = true

    /// - Parameter isOpen: Whether the prompt already ends with the opening marker.
    public init(_ markers: ThinkingMarkers, isOpen: Bool) {
        self.markers = markers
        state = isOpen ? .thinking : .before
    }

    /// Takes the next piece of the answer.
    public mutating func take(_ piece: String) -> [Piece] {
        held.append(contentsOf: piece.utf8)
        var pieces: [Piece] = []
        while step(isLast: false, &pieces) {}
        return pieces
    }

    /// What is left when nothing more comes.
    public mutating func finish() -> [Piece] {
        var pieces: [Piece] = []
        while step(isLast: true, &pieces) {}
        return pieces
    }

    /// Gives out what is sure; whether there is more to look at.
    private mutating func step(isLast: Bool, _ pieces: inout [Piece]) -> Bool {
        switch state {
        case .before:
            setBlanksAside()
            guard let isOpening = isMarked(markers.open, isLast: isLast) else { return false }
            if isOpening { blanks = [] }
            state = isOpening ? .thinking : .beforeAnswer
            return true
        case .thinking: return think(isLast: isLast, &pieces)
        case .betweenMessages:
            setBlanksAside()
            guard isMarked(markers.messageOpen, isLast: isLast) != nil else { return false }
            blanks = []
            state = .beforeAnswer
            return true
        case .beforeAnswer:
            guard let isOpening = isMarked(markers.answerOpen, isLast: isLast) else { return false }
            if isOpening { blanks = [] }
            state = .answering
            return true
        case .answering:
            let text = blanks + held
            (blanks, held) = ([], [])
            if !text.isEmpty { pieces.append(.answer(String(decoding: text, as: UTF8.self))) }
            return false
        }
    }

    /// Takes `marker` off what is held: true when it was there, false when it was not, nil when that is not known yet.
    private mutating func isMarked(_ marker: String, isLast: Bool) -> Bool? {
        guard !marker.utf8.isEmpty else { return held.isEmpty && !isLast ? nil : false }
        switch Self.match(marker, held[...]) {
        case .whole:
            held.removeFirst(marker.utf8.count)
            return true
        case .begun: return isLast ? false : nil
        case .different: return false
        }
    }

    private mutating func setBlanksAside() {
        let start = TextScan.trimmedStart(held, 0..<held.count)
        blanks += held[..<start]
        held.removeFirst(start)
    }

    private mutating func think(isLast: Bool, _ pieces: inout [Piece]) -> Bool {
        var end = held.count, isClosed = false
        for place in held.indices {
            let match = Self.match(markers.close, held[place...])
            if match == .different { continue }
            (end, isClosed) = (match == .whole || !isLast ? place : held.count, match == .whole)
            break
        }
        // Blanks around the thinking are no part of it: those that may be the last ones wait for what comes.
        let start = isThinkingEmpty ? TextScan.trimmedStart(held, 0..<end) : 0
        let last = TextScan.trimmedEnd(held, start..<end)
        if last > start {
            pieces.append(.thinking(String(decoding: blanks + held[start..<last], as: UTF8.self)))
            isThinkingEmpty = false
            blanks = []
        }
        if !isThinkingEmpty { blanks += held[max(start, last)..<end] }
        held.removeFirst(end)
        guard isClosed else { return false }
        held.removeFirst(markers.close.utf8.count)
        blanks = []
        state = .betweenMessages
        return true
    }

    private enum Match { case whole, begun, different }

    /// Whether `bytes` begin with `marker`, or end inside of it.
    private static func match(_ marker: String, _ bytes: ArraySlice<UInt8>) -> Match {
        if bytes.starts(with: marker.utf8) { return .whole }
        return marker.utf8.starts(with: bytes) ? .begun : .different
    }
}

/// An answer taken apart into its thinking and what it says.
public struct AnswerParts: Sendable, Equatable {
    /// The thinking, without blanks around it; nil when there is none. All of the answer when it never ends.
    public let thinking: String?
    /// What the model says.
    public let answer: String

    /// - Parameters:
    ///   - markers: Nil for a family that does not think: all is answer.
    ///   - isOpen: Whether the prompt already ends with the opening marker.
    public init(of text: String, markers: ThinkingMarkers?, isOpen: Bool) {
        guard let markers else {
            (thinking, answer) = (nil, text)
            return
        }
        var splitter = ThinkingSplitter(markers, isOpen: isOpen)
        var thinking: String?, answer = ""
        for piece in splitter.take(text) + splitter.finish() {
            switch piece {
            case .thinking(let text): thinking = (thinking ?? "") + text
            case .answer(let text): answer += text
            }
        }
        self.thinking = thinking
        self.answer = answer
    }
}
