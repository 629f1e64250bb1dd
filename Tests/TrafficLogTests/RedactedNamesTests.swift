import RegistryTypes
import StrictJSON
import Testing
import TrafficLog

/// A request that was refused may have sent anything as the name of a variable or of a setting.
@Suite struct RedactedNamesTests {
    @Test func namesAreRedactedAsValuesAre() {
        var redactor = Redactor(key: Array(repeating: 7, count: 16))
        let body = redactor.redact(
            RequestBody(
                variables: ["bob@example.com": "x", "ticket": "from bob@example.com"],
                settings: ["carol@example.com": .string("dave@example.com")]
            )
        ).body
        #expect(body.variables == ["<EMAIL_1>": "x", "ticket": "from <EMAIL_1>"])
        let settings = body.settings.map { "\($0.key) \($0.value)" }.joined()
        #expect(!settings.contains("@") && settings.contains("<EMAIL_"))
    }
}
