import RegistryRecords
import RegistryTypes
import Wording

extension GateJudge {
    /// A hold stands in the way whatever the evidence says: a release was just taken back, and a person has to look
    /// before the next one goes in.
    func finding(during hold: PolicyFacts.Hold) -> Finding {
        Finding(
            state: .unmet,
            required: "no hold on \(release.model)@\(channel)",
            found: "placed \(NumberText.ago(now.seconds(since: hold.time))): \(hold.reason)",
            remedy: "serin rollout resume \(release.model)"
                + (channel.text == "production" ? "" : " --channel \(channel)") + " --reason TEXT"
        )
    }
}
