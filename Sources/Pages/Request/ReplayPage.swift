import RegistryTypes
public import WireFormat
import Wording

/// A captured request answered again, token by token beside what was answered then.
public struct ReplayPage: Page {
    /// Tokens that both answers share, or that one of them has.
    struct Run: Hashable, Sendable {
        let text: HTMLText
        let isRemoved: Bool
        let isAdded: Bool
    }

    public static let template = "replay"
    public let layout: PageLayout
    let request: Link
    let heading: HTMLText
    let badge: StatusBadge
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

    /// Shows `answer` to the reader whom `context` names.
    public init(_ answer: ReplayAnswer, context: PageContext) {
        let record = answer.record
        layout = PageLayout(
            (answer.isSame ? "Same answer" : "Another answer") + ": request \(record.id.text.suffix(8))",
            in: .requests,
            command: .replay(record.id, on: answer.release),
            hasJSON: false,
            context: context
        )
        request = Link("…\(record.id.text.suffix(8))", .request(record.id))
        let by = answer.release?.description ?? "what is no release"
        heading = "Request \(record.id.text.suffix(8)) answered again by \(by)"
        badge = answer.isSame ? StatusBadge("✔", "same", .ok) : StatusBadge("▲", "differs", .notice)
        func tokens(_ mark: TokenDifference.Side) -> Int {
            answer.differences.filter { $0.mark == mark }.reduce(0) { $0 + $1.tokens }
        }
        verdict = answer.isSame ? "The same answer, byte for byte" : "Another answer"
        sentence =
            "\(NumberText.count(tokens(.same), "token")) in both, \(NumberText.count(tokens(.removed))) only then, \(NumberText.count(tokens(.added))) only now. A replay never counts for service levels."
        note = answer.note.map { HTMLText($0) }
        thenName = "Then: \(record.releaseText), \(TimeText.minute(record.time)) UTC"
        let release = answer.release.map { "r\($0.number)" } ?? "no release"
        let settings = answer.answer.settings.map { ", \($0.words)" } ?? ""
        nowName = "Now: \(release), \(answer.version) + \(answer.prompt)\(settings)"
        then = HTMLText(answer.body.answers.first ?? "", limit: 6000)
        now = HTMLText(answer.answer.text, limit: 6000)
        runs = answer.differences.prefix(400).map { part in
            Run(text: HTMLText(part.text, limit: 4000), isRemoved: part.mark == .removed, isAdded: part.mark == .added)
        }
        facts = [
            Fact(
                "Then",
                "\(NumberText.known(record.outputTokens, NumberText.count)) tokens in \(NumberText.duration(record.totalSeconds))"
            ),
            Fact(
                "Now",
                "\(NumberText.count(answer.answer.outputTokens)) tokens in \(NumberText.duration(answer.answer.totalSeconds))"
            ),
        ]
        problems = answer.answer.problems.prefix(10).map { HTMLText($0, limit: 200) }
        hasProblems = !problems.isEmpty
        again = HTMLText(.replay(record.id, on: answer.release))
    }
}
