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
