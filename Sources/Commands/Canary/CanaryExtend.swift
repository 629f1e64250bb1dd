import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin canary extend`
struct CanaryExtend: Verb {
    static let configuration = CommandConfiguration.verb(
        "extend",
        "Add requests to a canary that did not decide, and wait for the verdict.",
        discussion: """
            A new canary takes over the answers of the old one, so only what is added is asked. The old one had both error \
            rates to itself; the extension adds 20 % of them, and there is one. Exits as canary run does.
            \(CanaryWork.formats)
            """,
        examples: "canary extend c-204",
        "canary extend c-204 --to 4000"
    )
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Requests in all; else what would probably decide.", valueName: "n")) var to: Int?
    @OptionGroup var verdicts: VerdictOptions
    @Flag(help: "Start it, print its id, and do not wait.") var noWait = false
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time"))
    var timeout: WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let failOn = try verdicts.failing()
        let canary = try CanaryID(text: id)
        if noWait {
            let request = ExtendCanaryRequest(requests: to)
            return try CanaryWork.started(
                try await session.client.post(APIPath.extendCanary(canary), request),
                session
            )
        }
        let work = CanaryWork(session: session, limitSeconds: timeout?.seconds)
        return try await work.finish(work.extend(canary, to: to), failOn: failOn)
    }
}
