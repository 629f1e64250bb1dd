import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin request`
struct RequestGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "request",
        "Captured requests: what was asked, what was answered, whether it was right.",
        [RequestList.self, RequestShow.self, RequestLabelVerb.self]
    )
}

/// `serin request show`
struct RequestShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a captured request: texts, times, labels, what is wrong with the answer.",
        discussion: "The texts stand as they were kept: after redaction, or not at all.",
        examples: "request show 01KAJ5W1T8Z3V0Q9M7R2X4B6CD",
        "request show 01KAJ5W1T8Z3V0Q9M7R2X4B6CD -o json"
    )

    @Argument(help: ArgumentHelp("A request.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Request"

    func ask(_ session: Session) async throws -> RequestView {
        try await session.client.get(APIPath.request(RequestID(id)))
    }

    func name(of view: RequestView) -> String { view.record.id.text }
    func report(_ view: RequestView, now: Timestamp) -> Report { RequestOutput.show(view) }
    func page(of view: RequestView) -> PagePath? { .request(view.record.id) }

    func next(after view: RequestView) -> Advice? {
        let id = view.record.id, label = NextStep.requestLabelWrong(id)
        // Nothing was answered where it was refused; and nobody is asked for what was said.
        guard view.record.outcome != .rejected else { return nil }
        if view.labels.contains(where: { $0.isCorrect != nil }) { return view.body == nil ? nil : "\(.replay(id))" }
        return view.body == nil ? "\(label)" : "\(.replay(id))        \(label)"
    }
}

/// `serin request label`
struct RequestLabelVerb: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "label",
        "Say whether an answer was right.",
        discussion: """
            Labels feed the SLOs about correctness and feedback, and the watch after a promotion. A newer label \
            stands beside the older ones, and the newest counts.
            """,
        examples: "request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --correct",
        "request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --wrong --comment \"no order\"",
        "request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --thumb down"
    )

    @Argument(help: ArgumentHelp("A request.", valueName: "id")) var id: String
    @Flag(help: "The answer was right.") var correct = false
    @Flag(help: "The answer was wrong.") var wrong = false
    @Option(help: ArgumentHelp("Thumb up or down.", valueName: "up|down")) var thumb: Choice<Thumb>?
    @Option(help: ArgumentHelp("What the answer should have been.", valueName: "text")) var correction: String?
    @Option(help: ArgumentHelp("A remark.", valueName: "text")) var comment: String?
    @OptionGroup var global: GlobalOptions

    /// What a user gives without words.
    enum Thumb: String, CaseIterable, Hashable, Sendable {
        case up
        case down
    }

    mutating func validate() throws {
        if correct && wrong { throw ValidationError("--correct and --wrong exclude each other.") }
        if !correct, !wrong, thumb == nil, correction == nil, comment == nil {
            throw ValidationError("Say something: --correct, --wrong, --thumb, --correction or --comment.")
        }
    }

    static let kind = "Label"

    func ask(_ session: Session) async throws -> RequestLabel {
        try await session.client.post(
            APIPath.labels(RequestID(id)),
            LabelRequest(
                correct: correct ? true : wrong ? false : nil,
                thumb: thumb?.value.rawValue,
                correction: correction,
                comment: comment
            )
        )
    }

    func name(of label: RequestLabel) -> String { label.request.text }
    func report(_ label: RequestLabel, now: Timestamp) -> Report { RequestOutput.label(label) }
    func page(of label: RequestLabel) -> PagePath? { .request(label.request) }
}
