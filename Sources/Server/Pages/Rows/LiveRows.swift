import RegistryTypes
import UserDocuments
import WireFormat

/// An incident in a list.
struct IncidentLine: Hashable, Sendable {
    let link: Link
    let model: Link
    let family: HTMLText
    let title: HTMLText
    let mark: Mark
    let opened: Moment
    let age: HTMLText
    let closed: Moment?
    let release: Link?

    init(_ incident: IncidentRow, now: Timestamp) {
        link = Link("\(incident.id)", Href.incident(incident.id))
        model = Link(incident.model.text, Href.model(incident.model))
        family = HTMLText(incident.family)
        title = HTMLText(incident.title, limit: 200)
        mark = Mark(incident)
        opened = Moment(incident.openedAt)
        let lasted = (incident.closedAt ?? now).seconds(since: incident.openedAt)
        age = HTMLText((incident.closedAt == nil ? "for " : "lasted ") + Figures.duration(max(0, lasted)))
        closed = incident.closedAt.map { Moment($0) }
        release = incident.release.map { Link("r\($0)", Href.release(ReleaseID(incident.model, $0))) }
    }
}

/// A rollout in a list.
struct RolloutLine: Hashable, Sendable {
    let link: Link
    let channel: Link
    let release: Link
    let previous: Link?
    let mark: Mark
    let words: HTMLText
    let started: Moment
    let by: HTMLText
    let override: HTMLText?

    init(_ rollout: RolloutRow) {
        link = Link("\(rollout.id)", Href.rollout(rollout.id))
        channel = Link("\(rollout.model)@\(rollout.channel)", Href.model(rollout.model))
        release = Link("r\(rollout.release)", Href.release(ReleaseID(rollout.model, rollout.release)))
        previous = rollout.previous.map { Link("r\($0)", Href.release(ReleaseID(rollout.model, $0))) }
        mark = Mark(rollout)
        words = HTMLText(rollout.words)
        started = Moment(rollout.startedAt)
        by = HTMLText(rollout.startedBy, limit: 80)
        override = rollout.isOverride ? "by override" : nil
    }
}

/// A hold, with the way to lift it for those who may.
struct HoldLine: Hashable, Sendable {
    let title: HTMLText
    let reason: HTMLText
    let since: HTMLText
    let rollout: Link?
    let resume: Link?
    let command: HTMLText

    init(_ hold: HoldRow, visit: Visit) {
        title = "\(hold.model)@\(hold.channel) is held: no promotion until a person lifts it"
        reason = HTMLText(hold.reason, limit: 600)
        since = "Since \(Moment(hold.since).minute.html) UTC, by \(hold.by). Rolling back still works."
        rollout = hold.rollout.map { Link("Rollout \($0)", Href.rollout($0)) }
        resume = visit.may(.deploy) ? Link("Lift the hold…", Href.resume(hold.channel, of: hold.model)) : nil
        command = "serin rollout resume \(hold.model) --channel \(hold.channel) --reason TEXT"
    }
}

/// An SLO in a list.
struct SLOLine: Hashable, Sendable {
    let link: Link
    let channel: Link
    let objective: HTMLText
    let mark: Mark
    let alert: HTMLText?
    let now: HTMLText
    let meter: Meter?
    let budget: HTMLText
    let burn: HTMLText
    let gone: HTMLText
    let events: HTMLText
    let sentence: HTMLText

    init(_ slo: SLORow) {
        link = Link(slo.name.text, Href.slo(slo.name, of: slo.model))
        channel = Link("\(slo.model)@\(slo.channel)", Href.model(slo.model))
        objective = HTMLText(slo.objective)
        mark = Mark(slo.state)
        alert = slo.alert.map { "\($0) fires" }
        now = HTMLText(Words.known(slo.sli, Figures.share))
        meter = Meter(budgetLeft: slo.budgetLeft)
        budget = HTMLText(Words.known(slo.budgetLeft, Meter.budget))
        burn = HTMLText(Words.known(slo.burnFast, Words.burn))
        gone = HTMLText(Words.exhaustion(slo.exhaustedInSeconds, left: slo.budgetLeft))
        events = "\(Figures.count(slo.bad)) of \(Figures.count(slo.valid))"
        sentence = HTMLText(slo.sentence)
    }
}
