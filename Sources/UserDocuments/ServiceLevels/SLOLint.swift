import Wording

/// What is probably not meant in an SLO that can be read.
public enum SLOLint {
    /// The warnings, each one lower-case line that says what to do; empty when there is nothing to say.
    public static func warnings(_ document: SLODocument) -> [String] {
        var warnings: [String] = []
        if document.indicator.isOff {
            // What is off does nothing: nothing else about it matters yet.
            return ["\"atMost\" is none: nothing is counted and nobody is told, set how long it may take"]
        }
        if let sla = document.sla, sla > document.target {
            warnings.append(
                "sla \(NumberText.good(sla, 4)) is over the target \(NumberText.good(document.target, 4)): the promise outside breaks before "
                    + "anybody inside is told, raise the target or lower the sla"
            )
        }
        for alert in document.alerting {
            let asked = alert.factor(windowSeconds: document.windowSeconds)
            let highest = BurnAlert.highestRate(budget: document.budget)
            guard asked > highest else {
                if asked < 1 {
                    warnings.append(
                        "alert \"\(alert.name)\" fires at a burn of \(NumberText.plain(asked, 2)), under 1: the budget would last "
                            + "longer than the window, raise it"
                    )
                }
                continue
            }
            let reach =
                asked > document.highestBurn
                ? "can never be reached at a target of \(NumberText.good(document.target, 4))"
                : "needs \(NumberText.good(asked * document.budget, 4)) bad events"
            warnings.append(
                "alert \"\(alert.name)\" asks for a burn of \(NumberText.plain(asked, 2)), which \(reach): it is lowered to "
                    + "\(NumberText.plain(highest, 2)), half of the highest, and needs \(BurnAlert.minimumBadClamped) bad events"
            )
        }
        if let after = document.absentAfterSeconds, after >= document.windowSeconds {
            warnings.append(
                "absentAfter \(NumberText.setTime(Double(after))) is not shorter than the window "
                    + "\(NumberText.setTime(Double(document.windowSeconds))): by then no event is left and it can never "
                    + "fire, shorten it"
            )
        }
        for rule in document.budgetPolicy where rule.atMost >= 1 {
            warnings.append(
                "the budget policy says \(rule.action.rawValue) at 100 % left, so always: write a smaller share"
            )
        }
        if document.alerting.isEmpty {
            let window = NumberText.setTime(Double(document.windowSeconds))
            warnings.append(
                BurnAlert.usual(windowSeconds: document.windowSeconds).isEmpty
                    ? "no alert: nobody is told when the budget burns, and the usual pairs do not fit a window of "
                        + "\(window): write pairs of your own under \"alerting\", or a longer window"
                    : "no alert: nobody is told when the budget burns, leave \"alerting\" out for the usual pairs"
            )
        }
        if !document.budgetPolicy.contains(where: { $0.action == .freeze }), !document.budgetPolicy.isEmpty {
            warnings.append("the budget policy never freezes: add { atMost: 0 %, action: freeze }")
        }
        if !document.indicator.isSampled, document.minSamples > 1, document.minSamples < SLODocument.neededEvents {
            warnings.append(
                "minSamples \(document.minSamples) is less than \(SLODocument.neededEvents): below "
                    + "\(SLODocument.neededEvents) events nothing but a miss can be shown, raise it or leave it out"
            )
        }
        if document.indicator.isSampled, document.minSamples < 30 {
            warnings.append(
                "minSamples \(document.minSamples) of a sample is less than 30: the interval will be wide, raise it"
            )
        }
        return warnings
    }
}
