import ArgumentParser
import RegistryTypes
import WireFormat

/// What to change in the release that a reference means.
struct ReleaseOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Another prompt, such as triage@3.", valueName: "ref"))
    var prompt: String?

    @Option(help: ArgumentHelp("Another decoding setting, such as temperature=0.2.", valueName: "key=value"))
    var set: [String] = []

    /// The release meant by `reference`, with these changes.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    func choice(_ reference: Reference, channel: Name? = nil) throws(CommandsError) -> ReleaseChoice {
        let settings = try KeyValues.read(set, flag: "--set", example: "--set temperature=0.2")
        return ReleaseChoice(
            reference: reference,
            channel: channel,
            prompt: prompt,
            set: settings.isEmpty ? nil : settings
        )
    }
}

/// `r12` or `12` as the number of a release.
enum ReleaseNumber {
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func read(_ text: String, flag: String) throws(CommandsError) -> Int {
        let digits = text.hasPrefix("r") ? text.dropFirst() : text[...]
        guard digits.utf8.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            number > 0
        else {
            throw .badArgument(name: flag, value: text, problem: "it is no number of a release", example: "\(flag) r12")
        }
        return number
    }
}
