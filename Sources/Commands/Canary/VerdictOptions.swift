import ArgumentParser
import RegistryTypes

/// Which verdicts are not 0.
struct VerdictOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Verdicts that exit with their code instead of 0, or none.", valueName: "list"))
    var failOn = "fail,inconclusive,marginal"

    /// The verdicts named.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    func failing() throws(CommandsError) -> Set<Verdict> {
        if failOn == "none" { return [] }
        var verdicts: Set<Verdict> = []
        for word in failOn.split(separator: ",") {
            guard let verdict = Verdict(rawValue: String(word)), verdict != .pass else {
                throw .badArgument(
                    name: "--fail-on",
                    value: String(word),
                    problem: "verdicts are fail, inconclusive and marginal",
                    example: "--fail-on fail,inconclusive"
                )
            }
            verdicts.insert(verdict)
        }
        return verdicts
    }
}
