import RegistryTypes
import WireFormat

@testable import Commands

/// What the verbs about live traffic show.
extension ReportTests {
    static let liveNames = [
        "requests", "requests-empty", "request", "request-without-texts", "label", "replay", "replay-same", "frozen",
        "slos", "slo", "slo-unknown", "slo-explained", "slo-explained-shipped", "slo-explained-unknown", "rollouts",
        "rollout",
        "rollout-watching", "probation", "incidents", "incident", "incident-markdown", "drift", "drift-learning",
        "drifts", "baseline", "baselines",
    ]

    static func liveReport(_ name: String, value: Stored.Folder) throws -> Report {
        switch name {
        case "requests", "requests-empty": return .requests(try value(name))
        case "request", "request-without-texts": return .request(try value(name))
        case "label": return .label(try value(name))
        case "replay", "replay-same": return .replay(try value(name))
        case "frozen": return .frozen(try value(name))
        case "slos": return .slos(try value(name))
        case "slo", "slo-unknown": return .slo(try value(name))
        case "slo-explained": return .sloExplained(try value("slo"))
        case "slo-explained-shipped": return .sloExplained(try value("slo-shipped"))
        case "slo-explained-unknown": return .sloExplained(try value("slo-unknown"))
        case "rollouts": return .rollouts(try value(name), now: now)
        case "rollout", "rollout-watching": return .rollout(try value(name))
        case "probation": return .probation(try value("rollout-watching"))
        case "incidents": return .incidents(try value(name), now: now)
        case "incident": return .incident(try value(name))
        case "incident-markdown":
            let view: IncidentView = try value("incident")
            return Report { $0.verbatim(IncidentMarkdown.text(view)) }
        case "drift", "drift-learning": return .drift(try value(name) as DriftView)
        case "drifts": return .drifts(try value(name), now: now)
        case "baseline": return .baseline(try value(name))
        case "baselines": return .baselines(try value(name), now: now)
        default: throw Unknown(name: name)
        }
    }
}
