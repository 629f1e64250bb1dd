public import RegistryTypes

/// Bad events that are of one key, or of few, and that the others contradict: nothing is moved by them, and they are said.
public struct OddKeys: Hashable, Sendable {
    /// The keys, the one with the most bad events first.
    public let keys: [Name]
    /// Their bad events.
    public let bad: Int
    /// The bad events of all keys.
    public let allBad: Int
    /// Bad events of the others.
    public let othersBad: Int
    /// Events of the others.
    public let othersValid: Int

    /// Makes the value from its fields.
    public init(keys: [Name], bad: Int, allBad: Int, othersBad: Int, othersValid: Int) {
        self.keys = keys
        self.bad = bad
        self.allBad = allBad
        self.othersBad = othersBad
        self.othersValid = othersValid
    }

    /// `38 of 40 bad answers are of one key, shop; other keys have 2 of 121: nothing is moved by what one key asks`.
    ///
    /// - Parameter noun: What is counted, in the singular.
    public func sentence(_ noun: String = "answer") -> String {
        let whose =
            keys.count == 1
            ? "of one key, \(keys[0])"
            : "of \(NumberText.count(keys.count)) keys, " + keys.map(\.text).joined(separator: ", ")
        let each = keys.count == 1 ? "one key asks" : "a key asks that the others contradict"
        return
            "\(NumberText.count(bad)) of \(NumberText.count(allBad, "bad \(noun)")) \(bad == 1 ? "is" : "are") \(whose); "
            + "other keys have \(NumberText.count(othersBad)) of \(NumberText.count(othersValid)): nothing is moved by what "
            + each
    }
}
