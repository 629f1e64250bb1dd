import RegistryTypes
import WireFormat

/// What `serin chat` and `serin run REF` print.
struct AnswerOutput {
    let session: Session

    init(_ session: Session) { self.session = session }

    /// Asks a release and writes what it says: as text as it is generated, otherwise whole.
    ///
    /// - Throws: `Problem` when the server says no or the engine fails on the way, ``CommandsError``.
    func show(_ request: ChatRequest) async throws -> ChatAnswer {
        let client = session.client, isTerminal = session.environment.outputIsTerminal
        guard session.printer.format == .table || session.printer.format == .wide else {
            let answer: ChatAnswer = try await client.post(APIPath.chat, request)
            try session.show(
                answer,
                kind: "ChatAnswer",
                names: [answer.release?.description ?? answer.version.description],
                Report()
            )
            return answer
        }
        var written = WrittenAnswer(isTerminal: isTerminal)
        // A person must not read the error as the end of the answer.
        defer { if isTerminal || written.answer != nil { written.endLine() } }
        try await client.post(APIPath.chat, request, accepting: ChatEvent.contentType) { written.take($0) }
        if let problem = written.problem { throw problem }
        guard let answer = written.answer else {
            throw CommandsError.unreachable(
                client.server,
                reason: "the answer broke off",
                origin: client.serverOrigin
            )
        }
        return answer
    }
}

/// What of an answer was written so far.
private struct WrittenAnswer {
    let isTerminal: Bool
    private(set) var answer: ChatAnswer?
    private(set) var problem: Problem?
    private var isInLine = false
    private var wroteNothing = true

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func take(_ event: ChatEvent) {
        switch event {
        case .text(let text):
            // Byte for byte where a program reads, made safe where a terminal does.
            Streams.out(isTerminal ? SafeText.lines(text) : text)
            isInLine = !text.endsItsLine
            wroteNothing = false
        case .thinking: break
        case .answer(let answer): self.answer = answer
        case .problem(let problem): self.problem = problem
        }
    }

    mutating func endLine() {
        if isInLine || (wroteNothing && answer != nil) { Streams.out("\n") }
        isInLine = false
        wroteNothing = false
    }
}
