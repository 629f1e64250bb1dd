import RegistryRecords
import WireFormat

/// What is new about a rollout since it was looked at before.
enum RolloutChanges {
    /// One line for each thing that happened, each trigger that changed, and the end.
    static func lines(from old: RolloutView?, to new: RolloutView) -> [String] {
        var lines: [String] = []
        if old == nil { lines.append("\(new.row.id): \(new.row.model)@\(new.row.channel) r\(new.row.release)") }
        let known = Set(old?.timeline ?? [])
        lines += new.timeline.filter { !known.contains($0) }.map(\.text)
        for trigger in new.triggers {
            let was = old?.triggers.first { $0.trigger == trigger.trigger }
            if let was, was.state == trigger.state { continue }
            if was == nil, trigger.state == "quiet" { continue }
            lines.append("\(trigger.trigger): \(trigger.state), \(trigger.words)")
        }
        if old?.row.state != new.row.state { lines.append("\(new.row.words): \(new.sentence)") }
        return lines
    }

    /// What to exit with; nil while it is watched. A newer promotion that came in between is no failure.
    static func exit(_ view: RolloutView) -> Exit? {
        switch RolloutState(rawValue: view.row.state) {
        case .probation: nil
        case .settled, .superseded: .ok
        case .returned, .rolledBack, .aborted: .checkFailed
        case nil: view.row.endedAt == nil ? nil : .ok
        }
    }
}
