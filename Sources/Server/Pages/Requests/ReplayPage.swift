import RegistryTypes
import WireFormat

/// A captured request answered again, token by token beside what was answered then.
struct ReplayPage: Page {
    /// Tokens that both answers share, or that one of them has.
    struct Run: Hashable, Sendable {
        let text: HTMLText
        let isRemoved: Bool
        let isAdded: Bool
    }

    static let template = "replay"
    let frame: Frame
    let request: Link
    let heading: HTMLText
    let mark: Mark
    let verdict: HTMLText
    let sentence: HTMLText
    let note: HTMLText?
    let thenName: HTMLText
    let nowName: HTMLText
    let then: HTMLText
    let now: HTMLText
    let runs: [Run]
    let facts: [Fact]
    let hasProblems: Bool
    let problems: [HTMLText]
    let again: HTMLText

    init(_ answer: ReplayAnswer, visit: Visit) {
        let record = answer.record
        frame = Frame(
            (answer.isSame ? "Same answer" : "Another answer") + ": request \(record.id.text.suffix(8))",
            in: .requests,
            command: "serin replay \(record.id) --on \(answer.release)",
            hasJSON: false,
            visit: visit
        )
        request = Link("…\(record.id.text.suffix(8))", Href.request(record.id))
        heading = "Request \(record.id.text.suffix(8)) answered again by \(answer.release)"
        mark = answer.isSame ? Mark("✔", "same", .ok) : Mark("▲", "differs", .notice)
        func tokens(_ mark: TokenDifference.Mark) -> Int {
            answer.differences.filter { $0.mark == mark }.reduce(0) { $0 + $1.tokens }
        }
        verdict = answer.isSame ? "The same answer, byte for byte" : "Another answer"
        sentence =
            "\(Figures.count(tokens(.same), "token")) in both, \(Figures.count(tokens(.removed))) only then, \(Figures.count(tokens(.added))) only now. A replay never counts for service levels."
        note = answer.note.map { HTMLText($0) }
        thenName = "Then: r\(record.release), \(Moment(record.time).minute.html) UTC"
        nowName = "Now: r\(answer.release.number), \(answer.version) + \(answer.prompt)"
        then = HTMLText(answer.body.answers.first ?? "", limit: 6000)
        now = HTMLText(answer.answer.text, limit: 6000)
        runs = answer.differences.prefix(400).map { part in
            Run(text: HTMLText(part.text, limit: 4000), isRemoved: part.mark == .removed, isAdded: part.mark == .added)
        }
        facts = [
            Fact(
                "Then",
                "\(record.outputTokens.map(Figures.count) ?? "unknown") tokens in \(Figures.duration(record.totalSeconds))"
            ),
            Fact(
                "Now",
                "\(Figures.count(answer.answer.outputTokens)) tokens in \(Figures.duration(answer.answer.totalSeconds))"
            ),
        ]
        problems = answer.answer.problems.prefix(10).map { HTMLText($0, limit: 200) }
        hasProblems = !problems.isEmpty
        again = "serin replay \(record.id) --on \(answer.release)"
    }
}
