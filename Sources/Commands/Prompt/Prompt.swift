import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin prompt`
struct PromptGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "prompt",
        "Prompts and their versions.",
        [PromptPushVerb.self, PromptRenderVerb.self, PromptList.self, PromptShow.self, PromptDiffVerb.self]
    )
}

/// `serin prompt list`
struct PromptList: ListVerb {
    static let configuration = CommandConfiguration.verb("list", "List the prompts.", examples: "prompt list")

    @OptionGroup var global: GlobalOptions

    static let kind = "PromptList"
    var empty: Advice { "no prompt yet: \(.promptPush)" }

    func ask(_ session: Session) async throws -> ListAnswer<PromptSummary> {
        try await session.pages(APIPath.prompts, by: .name)
    }
    func name(of prompt: PromptSummary) -> String { prompt.latest.id.description }
    func report(_ prompts: [PromptSummary], now: Timestamp) -> Report { PromptOutput.list(prompts, now: now) }
}

/// `serin prompt show`
struct PromptShow: Verb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a prompt: messages, variables, settings, and who uses it.",
        examples: "prompt show triage",
        "prompt show triage@3"
    )

    @Argument(help: ArgumentHelp("A prompt, with @N for one of its versions.", valueName: "prompt")) var prompt: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let (name, number) = try session.promptReference(prompt)
        let view: PromptView = try await session.client.get(APIPath.prompt(name))
        var found = view.versions.first { number == nil || $0.id.number == number }
        if found == nil, let number {
            // An older one, which the part with the newest does not hold.
            let older: PromptView = try await session.client.get(
                APIPath.prompt(name),
                [("before", String(number + 1)), ("limit", "1")]
            )
            found = older.versions.first { $0.id.number == number }
        }
        guard let version = found else {
            throw Problem(
                status: 404,
                title: "there is no \(prompt)",
                next: NextStep.promptShow(name).text,
                exit: Exit.notFound.rawValue,
                near: view.versions.prefix(3).map(\.id.description)
            )
        }
        let names = [version.id.description]
        let report = PromptOutput.show(view, version: version, now: session.printer.style.now)
        if number == nil {
            try session.show(view, kind: "Prompt", names: names, report)
        } else {
            try session.show(version, kind: "PromptVersion", names: names, report)
        }
        session.talkAddress("page", .prompt(name))
        return .ok
    }
}

/// `serin prompt diff`
struct PromptDiffVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "diff",
        "Compare two versions of a prompt line by line.",
        examples: "prompt diff triage@3 triage@4",
        "prompt diff triage@3 triage@4 --exit-code"
    )

    @Argument(help: ArgumentHelp("The first, such as triage@3.", valueName: "prompt")) var left: String
    @Argument(help: ArgumentHelp("The second; a number alone means the same prompt.", valueName: "prompt"))
    var right: String
    @Flag(help: "Exit 10 when they differ.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let from = try session.promptReference(left)
        let isNumber = right.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let to = try session.promptReference(isNumber ? "\(from.name)@\(right)" : right)
        guard from.name == to.name, let first = from.number, let second = to.number else {
            let triage = from.name
            throw CommandsError.badArgument(
                name: "prompt",
                value: "\(left) \(right)",
                problem: "two numbered versions of one prompt are compared",
                example: NextStep.promptDiff(VersionID(triage, 3), VersionID(triage, 4)).text
            )
        }
        let diff: PromptDiff = try await session.client.get(
            APIPath.promptDiff(from.name),
            [("from", String(first)), ("to", String(second))]
        )
        let names = [diff.from.id.description, diff.to.id.description]
        try session.show(diff, kind: "PromptDiff", names: names, PromptOutput.diff(diff))
        session.talkAddress("page", .promptDiff(from.name, from: first, to: second))
        return exitCode && diff.lines.contains { $0.kind != .same } ? .checkFailed : .ok
    }
}

/// `serin prompt push`
struct PromptPushVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "push",
        "Push a version of a prompt; the same again is the same version.",
        discussion: """
            FILE holds one document of kind Prompt; - is the standard input. Changes nothing for users: a prompt \
            ships with a release.
            """,
        examples: "prompt push prompts/triage.yaml -m \"asks for JSON first\"",
        "promote ticket-bot@7 --prompt triage@4 --to staging"
    )

    @Argument(help: ArgumentHelp("A YAML file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var file: String
    @Option(name: .shortAndLong, help: ArgumentHelp("What is new.", valueName: "text")) var message: String?
    @Option(help: ArgumentHelp("The model it is for; the only one where there is one.", valueName: "name")) var model:
        String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let named = try model.map { try Name($0) }
        let text = try session.text(ofFile: file)
        let documents = try DocumentFiles.check([SourceFile(name: file, text: text)])
        guard documents.count == 1, case .prompt = documents[0] else {
            throw CommandsError.badFile(
                path: file,
                problem: "must hold one document of kind Prompt",
                next: "\(.apply(file: file))  takes several, of any kind"
            )
        }
        let answer: PromptAnswer = try await session.client.post(
            APIPath.prompts,
            PromptPush(source: text, message: message, model: named)
        )
        let id = answer.prompt.id
        let done = StatusCell.pass(answer.created ? "\(id)" : "already pushed as \(id)")
        let report = Report { report in
            report.line(done, Cell("  \(answer.prompt.digest.short)"))
            if let newest = answer.newest {
                report.line(
                    StatusCell.notice(
                        "the newest is \(newest): name \(id) where this one is meant, \(id.name) means the newest"
                    )
                )
            }
            if let problem = answer.fit?.problem {
                report.line(
                    StatusCell.notice(
                        "no release of it and \(answer.fit?.version.description ?? "") will load: \(problem)"
                    )
                )
            }
        }
        try session.show(answer, kind: "PushedPrompt", names: [id.description], report)
        for warning in answer.warnings ?? [] { session.printer.warn(warning) }
        if answer.created, id.number > 1 {
            session.printer.next("\(.promptDiff(VersionID(id.name, id.number - 1), id))")
        }
        if let fit = answer.fit, fit.format != .model, fit.differs == true {
            session.printer.talk(
                "\(fit.version) has a chat template of its own, which writes this otherwise: format: model uses it"
            )
            session.printer.next("\(.promptRender(id, model: .version(fit.version)))")
        }
        return .ok
    }
}
