import ArgumentParser
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import Commands

/// What every verb shows a person, from stored values of the interface.
struct ReportTests {
    /// The moment to which ages are counted.
    static let now = Timestamp(milliseconds: 1_795_260_044_120)

    /// The report for a stored value; `folder` is `hostile/` for values with control characters in every text.
    static func report(_ name: String, folder: String = "") throws -> Report {
        func value<Value: Decodable>() throws -> Value { try Stored.value(folder + name) }
        switch name {
        case "status", "status-empty", "status-quiet": return StatusOutput.show(try value(), model: nil)
        case "models": return ModelOutput.list(try value())
        case "model": return ModelOutput.show(try value(), now: now)
        case "version", "version-adapter", "version-kept": return VersionOutput.show(try value())
        case "release": return ReleaseOutput.show(try value(), now: now)
        case "published", "published-again", "published-kept": return VersionOutput.published(try value())
        case "prompts": return PromptOutput.list(try value(), now: now)
        case "prompt":
            let view: PromptView = try value()
            return PromptOutput.show(view, version: view.versions[0], now: now)
        case "prompt-diff": return PromptOutput.diff(try value())
        case "canaries": return CanaryOutput.list(try value(), now: now)
        case _ where name.hasPrefix("canary-"): return CanaryOutput.show(try value())
        case "policies": return PolicyOutput.list(try value(), now: now)
        case "policy": return PolicyOutput.show(try value())
        case _ where name.hasPrefix("decision-"): return DecisionOutput.explanation(try value())
        case _ where name.hasPrefix("move-") || name == "rolled-back": return DecisionOutput.move(try value())
        case "traffic-sets": return TrafficOutput.list(try value(), now: now)
        case "traffic", "traffic-frozen": return TrafficOutput.show(try value(), now: now)
        case "evaluations": return EvaluationOutput.list(try value(), now: now)
        case "evaluation", "evaluation-running", "evaluation-stopped": return EvaluationOutput.show(try value())
        case "events": return AuditOutput.list(try value())
        case "chain", "chain-broken": return AuditOutput.chain(try value())
        case "difference": return ReleaseOutput.difference(try value(), showsEqual: false)
        case "apply": return PolicyOutput.apply(try value())
        case "keys": return KeyList().report(try value(), now: now)
        case "chat": return Chat.figures(try value())
        default: return try serviceReport(name, value: Stored.Folder(folder))
        }
    }

    struct Unknown: Error { let name: String }

    static let names =
        [
            "apply", "canaries", "canary-fail", "canary-inconclusive", "canary-pass", "canary-running",
            "canary-stopped",
            "chain",
            "chain-broken", "chat", "decision-allowed", "decision-override", "decision-refused", "difference",
            "evaluation",
            "evaluation-running", "evaluation-stopped", "evaluations", "events", "keys", "model", "models", "move-dry",
            "move-override",
            "move-promoted",
            "move-refused", "move-unchanged", "policies", "policy", "prompt", "prompt-diff", "prompts", "published",
            "published-again", "published-kept", "release", "rolled-back", "status", "status-empty", "status-quiet",
            "traffic",
            "traffic-frozen",
            "traffic-sets", "version", "version-adapter", "version-kept",
        ] + serviceNames

    @Test(arguments: names)
    func asStored(name: String) throws {
        let report = try Self.report(name)
        try Stored.expect(report.text(TextStyle(now: Self.now)), as: "\(name).txt")
    }

    @Test(arguments: [
        "canary-fail", "decision-refused", "move-refused", "status", "published", "requests", "slo", "rollout", "drift",
        "reading", "inspection-refused",
    ])
    func inOtherStyles(name: String) throws {
        let report = try Self.report(name)
        try Stored.expect(report.text(TextStyle(ascii: true, now: Self.now)), as: "\(name)-ascii.txt")
        try Stored.expect(report.text(TextStyle(colour: true, now: Self.now)), as: "\(name)-colour.txt")
        try Stored.expect(report.text(TextStyle(wide: true, now: Self.now)), as: "\(name)-wide.txt")
        try Stored.expect(report.text(TextStyle(columns: 80, now: Self.now)), as: "\(name)-80.txt")
    }

    /// Markdown is for a file, which is UTF-8 whatever the terminal shows.
    @Test(arguments: names.filter { $0 != "incident-markdown" })
    func asciiHoldsNothingElse(name: String) throws {
        let text = try Self.report(name).text(TextStyle(ascii: true, now: Self.now))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: names)
    func hostileTextStaysText(name: String) throws {
        for colour in [false, true] {
            let text = try Self.report(name, folder: "hostile/").text(
                TextStyle(colour: colour, wide: true, now: Self.now)
            )
            var rest = text.unicodeScalars[...]
            while let scalar = rest.popFirst() {
                if scalar == "\u{1b}", colour {
                    let sequence = String(String.UnicodeScalarView(rest.prefix { $0 != "m" }))
                    #expect(["[0", "[1", "[2", "[31", "[32", "[33"].contains(sequence), "\(sequence)")
                    continue
                }
                #expect(scalar == "\n" || scalar == "\t" || scalar.value >= 0x20, "\(name): \(scalar.value)")
                #expect(!(0x7f...0x9f).contains(scalar.value) && !(0x202a...0x202e).contains(scalar.value))
            }
            #expect(
                ["policy", "rendered"].contains(name) || !text.split(separator: "\n").contains { $0.hasPrefix("PWNED") }
            )
        }
    }

    @Test func verdictsBecomeExitCodes() throws {
        for (name, exit) in [
            ("canary-pass", Exit.ok), ("canary-fail", .checkFailed), ("canary-inconclusive", .inconclusive),
        ] {
            let view: CanaryView = try Stored.value(name)
            #expect(Exit(try #require(view.record.verdict)) == exit)
        }
    }

    @Test func changesAreOneLineEach() throws {
        let status: StatusView = try Stored.value("status"), empty: StatusView = try Stored.value("status-empty")
        try Stored.expect(
            (StatusChanges.lines(from: empty, to: status, model: nil) + ["--"]
                + StatusChanges.lines(from: status, to: status, model: nil))
                .joined(separator: "\n") + "\n",
            as: "status-changes.txt"
        )
    }
}
