import RegistryRecords
import RegistryTypes
import WireFormat

/// States of what happens after a promotion.
extension Mark {
    /// How a channel does.
    init(_ state: HealthRow.State) {
        switch state {
        case .healthy: self.init("✔", "healthy", .ok)
        case .watching: self.init("◷", "watching", .info)
        case .burning: self.init("▲", "burning", .notice)
        case .failing: self.init("✖", "failing", .bad)
        case .unknown: self.init("?", "no traffic", .off)
        }
    }

    /// How an SLO stands.
    init(_ state: SLORow.State) {
        switch state {
        case .met: self.init("✔", "met", .ok)
        case .burning: self.init("▲", "burning", .notice)
        case .exhausted: self.init("✖", "budget gone", .bad)
        case .unknown: self.init("?", "unknown", .off)
        }
    }

    /// What became of a request.
    init(_ outcome: RequestOutcome) {
        switch outcome {
        case .answered: self.init("✔", "answered", .ok)
        case .rejected: self.init("–", "refused", .off)
        case .clientGone: self.init("–", "client left", .off)
        case .overloaded: self.init("✖", "overloaded", .bad)
        case .timedOut: self.init("✖", "timed out", .bad)
        case .engineFailed: self.init("✖", "engine failed", .bad)
        }
    }

    /// Whether somebody said that an answer was right.
    init(isCorrect: Bool?) {
        switch isCorrect {
        case true?: self.init("✔", "right", .ok)
        case false?: self.init("✖", "wrong", .bad)
        case nil: self.init("?", "not said", .off)
        }
    }

    /// Where a rollout is.
    init(_ rollout: RolloutRow) {
        switch rollout.state {
        case "probation": self.init("◷", "watching", .info)
        case "settled": self.init("✔", "settled", .ok)
        case "returned": self.init("↩", "returned", .bad)
        case "rolledBack": self.init("↩", "rolled back", .notice)
        case "superseded": self.init("→", "superseded", .off)
        case "aborted": self.init("■", "aborted", .off)
        default: self.init("?", rollout.state, .off)
        }
    }

    /// A trigger of a rollout.
    init(_ trigger: RolloutTriggerRow) {
        switch trigger.state {
        case "quiet": self.init("✔", "quiet", .ok)
        case "suspected": self.init("▲", "suspected", .notice)
        case "shared": self.init("▲", "shared", .notice)
        case "fired": self.init("✖", "fired", .bad)
        default: self.init("?", trigger.state, .off)
        }
    }

    /// An alert of an SLO.
    init(_ window: SLOWindowRow) {
        switch window.state {
        case "firing": self.init("✖", "firing", window.severity == "page" ? .bad : .notice)
        case "quiet": self.init("✔", "quiet", .ok)
        default: self.init("?", "unknown", .off)
        }
    }

    /// An incident: over, or how urgent.
    init(_ incident: IncidentRow) {
        switch (incident.closedAt, incident.severity) {
        case (.some, _): self.init("✔", "closed", .off)
        case (nil, "page"): self.init("✖", "open, page", .bad)
        case (nil, _): self.init("▲", "open, ticket", .notice)
        }
    }

    /// The verdict of a drift report in a list.
    init(drift verdict: String) {
        switch verdict {
        case "none": self.init("✔", "none", .ok)
        case "changed": self.init("•", "changed", .info)
        case "ticket": self.init("▲", "ticket", .notice)
        case "page": self.init("✖", "page", .bad)
        case "learning": self.init("◷", "learning", .info)
        case "tooLittleData": self.init("?", "too little data", .off)
        default: self.init("?", verdict, .off)
        }
    }

    /// What a margin says.
    init(_ state: DriftDegradation.State) {
        switch state {
        case .withinMargin: self.init("✔", "inside the margin", .ok)
        case .unclear: self.init("◌", "cannot say", .notice)
        case .beyondMargin: self.init("✖", "worse", .bad)
        case .unknown: self.init("?", "no data", .off)
        }
    }

    /// What a line of a drift report says.
    init(_ state: DriftTest.State) {
        switch state {
        case .stable: self.init("✔", "stable", .ok)
        case .small: self.init("•", "small", .info)
        case .moved: self.init("▲", "moved", .notice)
        case .muted: self.init("–", "muted", .off)
        case .unknown: self.init("?", "no data", .off)
        }
    }
}
