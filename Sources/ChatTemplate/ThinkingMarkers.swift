/// Between what a family of models writes its thinking, before it answers.
public struct ThinkingMarkers: Sendable, Equatable {
    /// The name that the family is known by.
    public let name: String
    /// Before the thinking.
    public let open: String
    /// After the thinking.
    public let close: String
    /// What stands between the thinking and the answer besides; empty for most.
    public let answerOpen: String

    /// Markers of a family.
    public init(name: String, open: String, close: String, answerOpen: String = "") {
        self.name = name
        self.open = open
        self.close = close
        self.answerOpen = answerOpen
    }

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
            answerOpen: "<|start|>assistant<|channel|>final<|message|>"
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

    private enum State { case before, thinking, between, answering }

    private let markers: ThinkingMarkers
    private var state: State
    /// What came and is not given out yet, as it may be the start of a marker.
    private var held: [UInt8] = []
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
            let start = TextScan.trimmedStart(held, 0..<held.count)
            switch Self.match(markers.open, held[start...]) {
            case .whole:
                held.removeFirst(start + markers.open.utf8.count)
                state = .thinking
                return true
            case .begun where !isLast: return false
            case .begun, .different:
                if start == held.count, !isLast { return false }
                state = .answering
                return !held.isEmpty
            }
        case .thinking: return think(isLast: isLast, &pieces)
        case .between:
            let start = TextScan.trimmedStart(held, 0..<held.count)
            if start == held.count, !isLast { return false }
            let match = markers.answerOpen.utf8.isEmpty ? .different : Self.match(markers.answerOpen, held[start...])
            if match == .begun, !isLast { return false }
            held.removeFirst(start + (match == .whole ? markers.answerOpen.utf8.count : 0))
            state = .answering
            return !held.isEmpty
        case .answering:
            // A scalar that is not whole yet waits for its rest.
            let end = isLast ? held.count : Self.wholeScalars(held)
            if end > 0 { pieces.append(.answer(String(decoding: held[..<end], as: UTF8.self))) }
            held.removeFirst(end)
            return false
        }
    }

    private mutating func think(isLast: Bool, _ pieces: inout [Piece]) -> Bool {
        if isThinkingEmpty { held.removeFirst(TextScan.trimmedStart(held, 0..<held.count)) }
        let close = Array(markers.close.utf8)
        var end = held.count
        var isClosed = false
        for place in held.indices {
            switch Self.match(markers.close, held[place...]) {
            case .whole: isClosed = true
            case .begun: isClosed = false
            case .different: continue
            }
            end = place
            break
        }
        if isLast, !isClosed { end = held.count }
        if !isClosed, !isLast { end = min(end, Self.wholeScalars(held)) }
        if end > 0 {
            pieces.append(.thinking(String(decoding: held[..<end], as: UTF8.self)))
            isThinkingEmpty = false
        }
        held.removeFirst(end)
        guard isClosed else { return false }
        held.removeFirst(close.count)
        state = .between
        return true
    }

    private enum Match { case whole, begun, different }

    /// Whether `bytes` begin with `marker`, or end inside of it.
    private static func match(_ marker: String, _ bytes: ArraySlice<UInt8>) -> Match {
        if bytes.starts(with: marker.utf8) { return .whole }
        return marker.utf8.starts(with: bytes) ? .begun : .different
    }

    /// How many of the bytes are whole scalars.
    private static func wholeScalars(_ bytes: [UInt8]) -> Int {
        var start = bytes.count
        while start > 0, bytes.count - start < 4 {
            start -= 1
            let byte = bytes[start]
            if byte & 0xc0 == 0x80 { continue }
            let length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
            return bytes.count - start >= length ? bytes.count : start
        }
        return bytes.count
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
        self.thinking = thinking.map { TextOperations.trimmed(TemplateText($0), of: nil).string }
        self.answer = answer
    }
}
