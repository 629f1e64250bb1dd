import ArgumentParser
import Digests
import Foundation
import RegistryTypes
import Testing
import Wording

@testable import Commands
@testable import serin

/// Every command line that serin suggests is one that serin takes.
struct NextStepTests {
    /// Every case, with all that it can hold and, where texts differ, with nothing.
    static func samples() throws -> [NextStep] {
        let model = try Name("ticket-bot"), staging = try Name("staging"), set = try Name("week47")
        let version = VersionID(model, 8), release = ReleaseID(model, 12)
        let request = try RequestID("01JD9ZQ7W8N4T5V6X7Y8Z9A0BC")
        let time = try #require(Timestamp("2026-11-21T10:00:00Z"))
        return [
            .publish(), .publish(base: .some), .publish(model: model, base: .version(VersionID(model, 7))),
            .publish(.weights), .publish(.weightsAndCard),
            .publish(model: model, card: true, expectVersion: 3),
            .promote(), .promote(.version(version), to: staging, runMissing: true),
            .promote(.someVersion(of: model), to: staging, dryRun: true),
            .promote(.release(release), to: staging, override: true),
            .rollback(model), .rollback(model, channel: staging, reason: "drift d-88; it's $HOME's", dryRun: true),
            .rollback(model, choosesRelease: true),
            .status(), .status(model, watch: true), .chat(.reference(try Reference("ticket-bot@staging"))), .openLogin,
            .apply(), .apply(file: "slo one.yaml"), .replay(request), .replay(request, on: release),
            .inspect(), .inspect(file: "my model.gguf"), .compare(), .compare(.version(version), .release(release)),
            .compare(.version(version), .release(release), traffic: set),
            .canaryList(), .canaryList(model), .canaryShow(CanaryID(204)), .canaryWatch(CanaryID(204)),
            .canarySamples(CanaryID(204)), .canarySamples(CanaryID(204), only: "worse"),
            .canaryExtend(CanaryID(204)), .canaryExtend(CanaryID(204), to: 4000),
            .canaryRecompute(CanaryID(204)), .canaryCancel(CanaryID(204)), .canaryRun(),
            .evaluationCancel(EvaluationID(51)),
            .canaryRun(
                .version(version),
                against: .release(release),
                using: set,
                traffic: set,
                requests: 2000,
                seed: .max
            ),
            .evaluationList(), .evaluationList(model), .evaluationShow(EvaluationID(51)), .evaluationShowJob("job-3"),
            .evaluationRun(), .evaluationRun(.version(version), suite: set),
            .driftList(), .driftList(model), .driftShow(DriftID(88)), .driftRun(), .driftRun(model, windowDays: 7),
            .driftRun(model, windowSeconds: 90),
            .baselineList(), .baselineList(model), .baselineSet(), .baselineSet(over: .lastHours(2)),
            .baselineSet(model, channel: staging, over: .since(time)), .baselineSet(model, over: .week(from: time)),
            .sloList(), .sloList(model: model), .sloShow(), .sloShow(set, model: model), .sloExplain(set, model: model),
            .sloLint(), .sloLint(file: "slo.yaml"),
            .policyList, .policyShow(set), .policyExplain(.version(version), to: staging),
            .policyExplainDecision(DecisionID(1190)), .policyLint(), .policyLint(file: "production.yaml"),
            .requestList(),
            .requestList([
                .model: "ticket-bot", .release: "r12", .arm: "live", .outcome: "answered", .correct: "yes",
                .labelled: "no",
                .valid: "yes", .key: "shop", .since: "2h", .until: "1h", .before: request.text,
            ]),
            .requestShow(), .requestShow(request), .requestLabelWrong(request),
            .rolloutList(), .rolloutList(model), .rolloutShow(RolloutID(7)), .rolloutShow(RolloutID(7), watch: true),
            .rolloutResume(model), .rolloutResume(model, channel: staging),
            .incidentList(), .incidentList(model: model, open: true), .incidentShow(IncidentID(12)),
            .incidentNote(IncidentID(12)), .incidentClose(IncidentID(12)), .incidentExport(IncidentID(12)),
            .incidentExport(IncidentID(12), toFile: true),
            .modelList, .modelShow(model), .modelVersions(model), .versionShow(version), .versionCard(version),
            .quarantineList, .quarantineLift(.version(version)), .quarantineLift(.weights(Digest(of: [1]))),
            .promptList, .promptShow(set), .promptPush, .promptRender(version, model: .version(version)),
            .promptDiff(version, VersionID(model, 9)),
            .releaseList(model), .releaseShow(release), .trafficList, .trafficShow(set), .trafficImport(),
            .trafficImport(name: set), .trafficImport(asksForHelp: true), .trafficFreeze(),
            .trafficFreeze(set, model: model, since: time, sample: 200),
            .trafficFreeze(
                set,
                model: model,
                since: time,
                until: time.adding(seconds: 60),
                filter: ["correct": "no", "key": "a b"],
                sample: 5,
                seed: .max
            ),
            .auditList(), .auditList(kind: "channel.moved", subject: "ticket-bot@production"),
            .login, .whoAmI, .keyList, .keyRevoke(set), .keyCreate(),
            .keyCreate(set, role: .caller, capture: .redacted),
            .help("refs"), .help("apply"), .serverCheck, .serverRebuild, .serverLogAccept(event: 41), .demoCreate,
            .demoTraffic,
            .serveData(folder: "my demo/data"),
        ] + NextStep.ServeOption.allCases.map { .serve($0) }
    }

    @Test func samplesHoldEveryCase() throws {
        let source = try Tree.source("Sources/Wording/NextStep.swift")
        let enumeration = source.components(separatedBy: "// MARK: Parts")[0]
        let cases = enumeration.matches(of: /\n    case (\w+)/).map { String($0.1) }
        #expect(cases.count > 60)
        let samples = try #require(
            Tree.source("Tests/CommandsTests/NextStepTests.swift").components(separatedBy: "static func samples()")
                .dropFirst()
                .first?.components(separatedBy: "@Test").first
        )
        let sampled = samples.matches(of: /\.(\w+)/).map { String($0.1) }
        #expect(Set(cases).subtracting(sampled).sorted() == [], "add these to the samples")
    }

    @Test func theRealCommandTreeTakesEveryStep() throws {
        for step in try Self.samples() { try CommandLineSample(step.text).expectTaken() }
    }

    @Test func valuesAreQuotedAsAShellReadsThem() throws {
        let model = try Name("ticket-bot")
        #expect(
            NextStep.rollback(model, reason: "drift d-88").text == "serin rollback ticket-bot --reason \"drift d-88\""
        )
        #expect(NextStep.rollback(model, reason: "a'b $c").text == "serin rollback ticket-bot --reason 'a'\\''b $c'")
        #expect(NextStep.rollback(model, reason: "").text == "serin rollback ticket-bot --reason \"\"")
        let words = try CommandLineSample(NextStep.rollback(model, reason: "it's $HOME").text).arguments
        #expect(words == ["rollback", "ticket-bot", "--reason", "it's $HOME"])
    }

    @Test func aSentenceKeepsItsSteps() throws {
        let id = CanaryID(4)
        let advice: Advice = "a person decides: \(.canaryShow(id)), or ask \("an admin"): \(.login)"
        #expect(advice.text == "a person decides: serin canary show c-4, or ask an admin: serin login")
        #expect(advice.steps == [.canaryShow(id), .login])
    }

    /// The examples of every verb are command lines too.
    @Test func examplesOfHelpAreTaken() throws {
        var checked = 0
        func check(_ command: any ParsableCommand.Type) throws {
            let configuration = command.configuration
            let examples = configuration.discussion.components(separatedBy: "Examples:\n").dropFirst().last ?? ""
            for line in examples.split(separator: "\n") {
                try CommandLineSample(line.trimmingCharacters(in: .whitespaces)).expectTaken()
                checked += 1
            }
            for below in configuration.ungroupedSubcommands + configuration.groupedSubcommands.flatMap(\.subcommands) {
                try check(below)
            }
        }
        try check(Serin.self)
        #expect(checked > 100)
    }

    /// What pages show as text stands in their templates.
    @Test func commandsInTemplatesAreTaken() throws {
        var checked = 0
        for file in try Tree.files(under: "Web/templates", "mustache") {
            for line in try Tree.source(file).matches(of: /<code[^>]*>(serin [^<]+)<\/code>/) {
                try CommandLineSample(String(line.1)).expectTaken(in: file)
                checked += 1
            }
        }
        #expect(checked >= 12)
    }

    /// A command line is a ``NextStep``: as text nothing would notice when its verb changes.
    @Test func noCommandLineIsText() throws {
        let verbs = CommandTree(root: Serin.self, arguments: []).below.joined(separator: "|")
        let command = try Regex("\\bserin (\(verbs)|help|server)\\b")
        for file in try Tree.files(under: "Sources", "swift") {
            // Help texts are prose of the verbs themselves; their examples are checked above.
            guard !file.hasPrefix("Sources/Wording/"), !file.hasSuffix("/HelpTopic.swift") else { continue }
            let help = /CommandConfiguration(\.verb)?\(\n[\s\S]*?\n {4,8}\)\n/
            let source = try Tree.source(file).replacing(help, with: "").replacing(/ArgumentHelp\(.*/, with: "")
            for line in source.split(separator: "\n") where line.contains(command) {
                let text = line.trimmingCharacters(in: .whitespaces)
                #expect(text.hasPrefix("//"), "\(file): \(text)")
            }
        }
    }
}

/// A command line as a person would type it, given to the parser and not run.
struct CommandLineSample {
    enum Unexpected: Error { case text(String) }

    /// What stands for something that only the reader knows, with a value that fits.
    static let placeholders = [
        "REF": "ticket-bot@8", "MODEL": "ticket-bot", "NAME": "week47", "SET": "golden", "CHANNEL": "staging",
        "ROLE": "reader",
        "TIME": "2h", "TEXT": "because", "FILE": "file.yaml", "PATH": "model.gguf", "DIR": "demo",
        "ID": "01JD9ZQ7W8N4T5V6X7Y8Z9A0BC",
        "VERSION": "8", "rN": "r7", "…": "text",
    ]

    let line: String

    init(_ line: String) { self.line = line }

    /// The words after `serin`, as a shell would give them, with placeholders filled in; redirections are left out.
    var arguments: [String] {
        get throws {
            var words: [String] = [], word: String?, quote: Character?
            var rest = line.replacing(/\{\{\{?\w+\}?\}\}/, with: "staging").makeIterator()
            while let character = rest.next() {
                switch (character, quote) {
                case ("\\", nil), ("\\", "\""): word = (word ?? "") + (rest.next().map(String.init) ?? "")
                case (let end, .some(let open)) where end == open: quote = nil
                case ("\"", nil), ("'", nil):
                    quote = character
                    word = word ?? ""
                case (" ", nil):
                    if let done = word { words.append(done) }
                    word = nil
                default: word = (word ?? "") + String(character)
                }
            }
            if let word { words.append(word) }
            guard quote == nil, words.first == "serin" else { throw Unexpected.text(line) }
            return words.dropFirst().prefix { ![">", "<", "|"].contains($0) }.map { word in
                word.split(separator: "@", omittingEmptySubsequences: false)
                    .map { Self.placeholders[String($0)] ?? String($0) }.joined(separator: "@")
            }
        }
    }

    /// Expects that the parser makes the verb that is named from it, with help for those that ask for it.
    func expectTaken(in file: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let arguments = try arguments
        if arguments.first == "help" {
            let isKnown =
                HelpTopic(rawValue: arguments[1]) != nil || UsageProblem(root: Serin.self, topic: arguments[1]) == nil
            #expect(isKnown, "\(line) \(file)", sourceLocation: sourceLocation)
            return
        }
        do {
            let moved = LeadingFlags.moved(arguments.filter { $0 != "--help" }, root: Serin.self)
            if arguments.contains("--help") {
                let tree = CommandTree(root: Serin.self, arguments: moved)
                #expect(!tree.isGroup, "\(line) \(file)", sourceLocation: sourceLocation)
                return
            }
            let command = try Serin.parseAsRoot(moved)
            let tree = CommandTree(root: Serin.self, arguments: moved)
            #expect(
                !tree.isGroup && type(of: command) == tree.command,
                "\(line) \(file)",
                sourceLocation: sourceLocation
            )
        } catch {
            Issue.record("\(line): \(Serin.message(for: error)) \(file)", sourceLocation: sourceLocation)
        }
    }
}

/// The files of the project.
enum Tree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func source(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    static func files(under folder: String, _ ext: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        return names.filter { $0.hasSuffix("." + ext) }.sorted().map { "\(folder)/\($0)" }
    }
}
