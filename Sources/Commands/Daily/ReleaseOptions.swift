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

/// `key=value` pairs of a flag.
enum KeyValues {
    /// The pairs; a key must not be empty or given twice.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func read(_ texts: [String], flag: String, example: String) throws(CommandsError) -> [String: String] {
        var result: [String: String] = [:]
        for text in texts {
            guard let equal = text.firstIndex(of: "="), equal != text.startIndex else {
                throw .badArgument(name: flag, value: text, problem: "it must be KEY=VALUE", example: example)
            }
            let key = String(text[..<equal])
            guard result.updateValue(String(text[text.index(after: equal)...]), forKey: key) == nil else {
                throw .badArgument(name: flag, value: text, problem: "\(key) is given twice", example: example)
            }
        }
        return result
    }
}
