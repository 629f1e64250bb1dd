import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin request label`
struct RequestLabelVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say whether an answer was right.",
        discussion: """
            Labels feed the SLOs about correctness and feedback, and the watch after a promotion. A newer label \
            stands beside the older ones, and the newest counts.

            Examples:
              serin request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --correct
              serin request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --wrong --comment "no order"
              serin request label 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --thumb down
            """
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

    func run(_ session: Session) async throws -> Exit {
        let label: RequestLabel = try await session.client.post(
            APIPath.labels(RequestID(id)),
            LabelRequest(
                correct: correct ? true : wrong ? false : nil,
                thumb: thumb?.value.rawValue,
                correction: correction,
                comment: comment
            )
        )
        try session.show(label, kind: "Label", names: [label.request.text], .label(label))
        session.talkAddress("page", .request(label.request))
        return .ok
    }
}
