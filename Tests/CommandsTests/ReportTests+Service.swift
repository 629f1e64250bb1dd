import RegistryTypes
import Testing
import WireFormat

@testable import Commands

/// What the verbs about live traffic show.
extension ReportTests {
    static let serviceNames = [
        "requests", "requests-empty", "request", "request-with-tools", "request-without-texts", "rendered",
        "label", "replay", "replay-same", "frozen",
        "slos", "slo", "slo-unknown", "slo-explained", "slo-explained-shipped", "slo-explained-unknown", "rollouts",
        "rollout",
        "rollout-watching", "probation", "incidents", "incident", "incident-markdown", "drift", "drift-learning",
        "drifts", "baseline", "baselines", "reading", "reading-same", "reading-score", "reading-vocabularies",
        "inspection", "inspection-refused", "tokens",
    ]

    /// What verdicts are for other programs: JUnit for a build server, Markdown for a review.
    @Test(arguments: ["canary-pass", "canary-fail", "canary-inconclusive", "canary-running", "canary-stopped"])
    func canaryDocuments(name: String) throws {
        let view: CanaryView = try Stored.value(name)
        try Stored.expect(CanaryJUnit.text(view), as: "\(name)-junit.xml")
        try Stored.expect(CanaryMarkdown.text(view), as: "\(name)-markdown.txt")
    }

    @Test(arguments: ["evaluation", "evaluation-running", "evaluation-stopped"])
    func evaluationDocuments(name: String) throws {
        let view: EvaluationView = try Stored.value(name)
        try Stored.expect(EvaluationJUnit.text(view), as: "\(name)-junit.xml")
        try Stored.expect(EvaluationMarkdown.text(view), as: "\(name)-markdown.txt")
    }

    static func serviceReport(_ name: String, value: Stored.Folder) throws -> Report {
        switch name {
        case "requests", "requests-empty": return RequestOutput.list(try value(name))
        case "rendered": return PromptRenderVerb.report(try value(name))
        case "request", "request-with-tools", "request-without-texts": return RequestOutput.show(try value(name))
        case "label": return RequestOutput.label(try value(name))
        case "replay", "replay-same": return RequestOutput.replay(try value(name))
        case "frozen": return TrafficOutput.frozen(try value(name))
        case "slos": return SLOOutput.list(try value(name))
        case "slo", "slo-unknown": return SLOOutput.show(try value(name))
        case "slo-explained": return SLOExplanation.show(try value("slo"))
        case "slo-explained-shipped": return SLOExplanation.show(try value("slo-shipped"))
        case "slo-explained-unknown": return SLOExplanation.show(try value("slo-unknown"))
        case "rollouts": return RolloutOutput.list(try value(name), now: now)
        case "rollout", "rollout-watching": return RolloutOutput.show(try value(name))
        case "probation": return RolloutOutput.probation(try value("rollout-watching"))
        case "incidents": return IncidentOutput.list(try value(name), now: now)
        case "incident": return IncidentOutput.show(try value(name))
        case "incident-markdown":
            let view: IncidentView = try value("incident")
            return Report { $0.verbatim(IncidentMarkdown.text(view)) }
        case "drift", "drift-learning": return DriftOutput.show(try value(name) as DriftView)
        case "drifts": return DriftOutput.list(try value(name), now: now)
        case "baseline": return DriftOutput.baseline(try value(name))
        case "baselines": return DriftOutput.baselines(try value(name), now: now)
        case "inspection", "inspection-refused":
            return InspectOutput.report(try value(name), name: "model.gguf")
        case "tokens": return Tokenize.report(try value(name), limit: 4)
        case _ where name.hasPrefix("reading"):
            let view: ReadingView = try value(name)
            guard let comparison = view.comparison else {
                return Score.report(try #require(view.score), width: 80)
            }
            return CompareOutput.report(comparison)
        default: throw Unknown(name: name)
        }
    }
}
