import RegistryTypes
import Testing

@Suite struct RefusalPatternTests {
    @Test(arguments: [
        ("I'm sorry, but I cannot help.", true),
        ("I\u{2019}m sorry, no.", true),
        ("  \n\"I CANNOT do that\"", true),
        ("As an AI language model", true),
        ("Es tut mir leid, das geht nicht.", true),
        ("Leider kann ich das nicht.", true),
        ("ich kann dir nicht helfen", true),
        ("Sorry, no.", true),
        ("Sorrynotsorry", false),
        ("The order cannot be cancelled; I'm sorry.", false),
        ("{\"intent\":\"refund\"}", false),
        ("I can do that.", false),
        ("", false),
        ("   ", false),
        ("I", false),
        ("\u{2019}", false),
    ])
    func recognisesRefusals(_ answer: String, _ isRefusal: Bool) {
        #expect(RefusalPattern.matches(answer) == isRefusal)
    }

    /// White space longer than what is looked at, and bytes that end within a typographic apostrophe.
    @Test(arguments: [String(repeating: " ", count: 100_000), String(repeating: "\u{2019}", count: 300)])
    func survivesHostileText(_ answer: String) { #expect(!RefusalPattern.matches(answer)) }
}
