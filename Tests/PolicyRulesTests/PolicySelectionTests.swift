import PolicyRules
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// One policy decides.
@Suite struct PolicySelectionTests {
    private func policy(_ name: String, _ channel: String, _ models: String) throws -> PolicyRevision {
        try Sample().revision(
            """
            apiVersion: serin/v1
            kind: Policy
            name: \(name)
            for: { channel: \(channel), models: [\(models)] }
            gates: [{ id: smoke, type: smoke, level: mandatory }]
            """
        )
    }

    /// Policies by name and models, all for production, and the one that decides about ticket-bot.
    static let table: [(policies: [(name: String, models: String)], selected: String?)] = [
        ([], nil),
        ([("all", "\"*\"")], "all"),
        ([("other", "chat-bot")], nil),
        ([("all", "\"*\""), ("ticket", "ticket-*")], "ticket"),
        ([("ticket", "ticket-*"), ("all", "\"*\"")], "ticket"),
        ([("longer", "ticket-b*"), ("ticket", "ticket-*")], "longer"),
        ([("exact", "ticket-bot"), ("longest", "ticket-bot*")], "exact"),
        ([("longest", "ticket-bot*"), ("exact", "x, ticket-bot"), ("all", "\"*\"")], "exact"),
        ([("two", "\"*\", ticket-bot"), ("ticket", "ticket-*")], "two"),
        ([("chats", "chat-*"), ("all", "\"*\"")], "all"),
    ]

    @Test(arguments: table)
    func select(_ policies: [(name: String, models: String)], _ selected: String?) throws {
        let known = try policies.map { try policy($0.name, "production", $0.models) }
        let sample = try Sample()
        let found = try PolicySelection.select(from: known, model: sample.model, channel: sample.channel)
        #expect(found?.document.name.text == selected)
        let staging = try Name("staging")
        #expect(try PolicySelection.select(from: known, model: sample.model, channel: staging) == nil)
    }

    @Test(arguments: ["\"*\"", "ticket-*", "ticket-bot"])
    func equallyNarrowOnesAreAnErrorThatNamesBoth(_ models: String) throws {
        let sample = try Sample()
        let known = try [policy("second", "production", models), policy("first", "production", models)]
        let error = PolicyRulesError.ambiguous(
            try Name("first"),
            try Name("second"),
            channel: sample.channel,
            model: sample.model
        )
        #expect(throws: error) {
            try PolicySelection.select(from: known, model: sample.model, channel: sample.channel)
        }
        #expect(
            error.description
                == "policies first and second are equally narrow for ticket-bot in production: "
                + "name the model in one of them, or change its channel"
        )
        // A narrower third one settles it, unless nothing is narrower than an exact name.
        let narrower = try policy("third", "production", models == "\"*\"" ? "ticket-*" : "ticket-bot")
        let settled = try? PolicySelection.select(
            from: known + [narrower],
            model: sample.model,
            channel: sample.channel
        )
        #expect(settled?.document.name.text == (models == "ticket-bot" ? nil : "third"))
    }
}
