import ControlPlane
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing
import WireFormat
import Wording

/// Traffic sets, evaluations on them, and what is near to a mistyped name.
@Suite struct TrafficTests {
    private func imported(_ demo: DemoPlane, _ name: String, _ text: String) async throws -> TrafficRecord {
        try await demo.plane.traffic.sets.import(
            DemoPlane.known(name),
            TrafficImport(digest: demo.upload(Data(text.utf8))),
            by: DemoPlane.admin
        )
    }

    @Test func aNameStandsForOneSet() async throws {
        let demo = try await DemoPlane()
        let line = #"{"id":"1","variables":{"ticket":"hello"}}"#
        let first = try await imported(demo, "small", line + "\n")
        #expect(first.requests == 1)
        #expect(first.labelled == 0)
        let head = try await demo.head()
        // Other spacing, the same requests.
        #expect(try await imported(demo, "small", #"{ "variables": {"ticket":"hello"}, "id":"1" }"#) == first)
        await expectError(.conflict) {
            try await imported(demo, "small", line + "\n" + line.replacingOccurrences(of: "1", with: "2"))
        }
        let broken = await expectError(.badData) { try await imported(demo, "broken", line + "\n{\"id\":\n") }
        #expect(broken?.title.contains("line 2") == true)
        await expectError(.badData) { try await imported(demo, "twice", line + "\n" + line) }
        await expectError(.badData) { try await imported(demo, "empty", "") }
        await expectError(.notFound) {
            try await demo.plane.traffic.sets.import(
                DemoPlane.known("absent"),
                TrafficImport(digest: Digest(of: Data("absent".utf8))),
                by: DemoPlane.admin
            )
        }
        #expect(try await demo.head() == head)
        #expect(try await demo.plane.traffic.sets.show(DemoPlane.known("week47")).record.requests == 2000)
    }

    /// A file of another tool is taken with what it was and what was left of it; one that is wrong is named, line by line, and
    /// leaves nothing.
    @Test func aFileOfAnotherToolIsTaken() async throws {
        let demo = try await DemoPlane()
        func line(_ id: String, _ more: String = "") -> String {
            #"{"custom_id":"\#(id)","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"hi \#(id)"}]\#(more)}}"#
        }
        let text = [line("a"), line("b", #","temperature":0.5,"stream":true"#), ""].joined(separator: "\r\n")
        let set = try await imported(demo, "batch", "\u{feff}" + text)
        #expect(set.requests == 2 && set.conversations == 2 && set.format == "OpenAI batch lines")
        #expect(set.notTaken == ["model": 2, "stream": 1] && set.notTakenWords == "2 model, 1 stream")
        #expect(set.event.requestsText() == "2 requests, all conversations")
        let shown = try await demo.plane.traffic.sets.show(DemoPlane.known("batch"))
        #expect(shown.sample.map(\.id) == ["a", "b"] && shown.sample[1].settings == ["temperature": .number(0.5)])
        // Both kinds in one set of our own lines.
        let own =
            #"{"id":"1","variables":{"ticket":"x"}}"# + "\n" + #"{"id":"2","messages":[{"role":"user","text":"x"}]}"#
        let mixed = try await imported(demo, "mixed", own)
        #expect(mixed.format == nil && mixed.event.requestsText() == "2 requests, 1 of them conversations")
        let head = try await demo.head()
        let wrong = await expectError(.badData) {
            try await imported(
                demo,
                "wrong",
                [line("a"), "{", line("c", #","temperature":7"#)].joined(separator: "\n")
            )
        }
        #expect(wrong?.title.contains("2 of 3 lines are wrong, and nothing was taken; the first is line 2") == true)
        #expect(
            wrong?.why?.contains("line 3: temperature must be from 0 to 2; it was read as OpenAI batch lines") == true
        )
        #expect(try await demo.head() == head)
    }

    /// A suite that could not call any answer wrong is refused, not read as a pass.
    @Test func evaluationsNeedSomethingToCheck() async throws {
        let demo = try await DemoPlane()
        _ = try await imported(demo, "plain", #"{"id":"1","variables":{"text":"hello"}}"#)
        _ = try await demo.plane.registry.prompts.push(
            PromptPush(
                source: """
                    apiVersion: serin/v1
                    kind: Prompt
                    name: bare
                    format: chatml
                    messages: [{ role: user, text: "{{text}}" }]
                    variables: { text: { required: true } }
                    """
            ),
            by: DemoPlane.admin
        )
        let bare = ReleaseChoice(reference: try Reference("ticket-bot@1"), prompt: "bare@1")
        let error = await expectError(.badRequest) {
            try await demo.plane.experiments.evaluations.start(
                EvaluationRequest(release: bare, suite: DemoPlane.known("plain")),
                by: DemoPlane.admin
            )
        }
        #expect(error?.why?.contains("bare@1 has no output schema") == true)
        let missing = await expectError(.notFound) { try await demo.plane.experiments.evaluations.show("job-7") }
        #expect(missing?.why?.contains("ended with it") == true)
        await expectError(.notFound) { try await demo.plane.experiments.evaluations.show("e-99") }
        #expect(
            try await demo.plane.experiments.evaluations.show("e-1").result?.scores.map(\.metric).contains(
                "exact_match"
            ) == true
        )
    }

    @Test func namesWhatWasProbablyMeant() async throws {
        let demo = try await DemoPlane()
        let model = await expectError(.notFound) {
            try await demo.plane.registry.models.show(DemoPlane.known("tickt-bot"))
        }
        #expect(model?.near == ["ticket-bot"])
        let swapped = await expectError(.notFound) { try await demo.plane.traffic.sets.show(DemoPlane.known("wek47")) }
        #expect(swapped?.near == ["week47"])
        let policy = await expectError(.notFound) {
            try await demo.plane.registry.documents.policy(DemoPlane.known("producton"))
        }
        #expect(policy?.near.first == "production")
        let channel = await expectError(.notFound) {
            try await demo.plane.registry.releases.resolve(Reference("ticket-bot@prod"))
        }
        #expect(channel?.near == ["production"])
        let version = await expectError(.notFound) {
            try await demo.plane.registry.models.version(VersionID(DemoPlane.model, 7))
        }
        #expect(version?.why == "ticket-bot has versions 1 to 1")
        let far = await expectError(.notFound) { try await demo.plane.registry.models.show(DemoPlane.known("zzzz")) }
        #expect(far?.near == [])
    }

    /// What is not there is named in the same words, whatever it is, and with what lists those that there are.
    @Test func saysOfEverySortWhereToLook() async throws {
        let demo = try await DemoPlane(), plane = demo.plane, none = DemoPlane.known("none")
        let version = VersionID(DemoPlane.model, 9), release = ReleaseID(DemoPlane.model, 9)
        func expect(_ title: String, _ next: NextStep, of lookUp: () async throws -> Void) async {
            let error = await expectError(.notFound) { try await lookUp() }
            #expect(error?.title == title)
            #expect(error?.next?.steps == [next], "\(title)")
        }
        await expect("no model \"none\"", .modelList) { _ = try await plane.registry.models.show(none) }
        await expect("no version \"ticket-bot@9\"", .modelVersions(DemoPlane.model)) {
            _ = try await plane.registry.models.version(version)
        }
        await expect("no release \"ticket-bot@r9\"", .releaseList(DemoPlane.model)) {
            _ = try await plane.registry.models.release(release)
        }
        await expect("no prompt \"none\"", .promptList) { _ = try await plane.registry.prompts.show(none) }
        await expect("no traffic set \"none\"", .trafficList) { _ = try await plane.traffic.sets.show(none) }
        await expect("no policy \"none\"", .policyList) { _ = try await plane.registry.documents.policy(none) }
        await expect("no canary \"c-99\"", .canaryList()) {
            _ = try await plane.experiments.canaries.show(CanaryID(99))
        }
        await expect("no evaluation \"e-99\"", .evaluationList()) {
            _ = try await plane.experiments.evaluations.show("e-99")
        }
        await expect("no decision \"dec-99\"", .auditList(kind: "decision.recorded")) {
            _ = try await plane.channels.decision(DecisionID(99))
        }
        await expect("no rollout \"ro-99\"", .rolloutList()) { _ = try await plane.rollouts.show(RolloutID(99)) }
        await expect("no incident \"i-99\"", .incidentList()) { _ = try await plane.incidents.show(IncidentID(99)) }
        await expect("no drift report \"d-99\"", .driftList()) { _ = try await plane.drift.show(DriftID(99)) }
        await expect("no key \"none\"", .keyList) {
            _ = try await plane.access.revokeKey(none, by: DemoPlane.admin)
        }
    }

    @Test func showsEveryDifference() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v2")
        let versions = try await demo.plane.registry.models.difference(
            Reference("ticket-bot@1"),
            Reference("ticket-bot@2")
        )
        let changed = versions.rows.filter { $0.left != $0.right }.map(\.field)
        #expect(changed.contains("precision"))
        #expect(changed.contains("model.gguf"))
        #expect(!changed.contains("layers"))
        let same = try await demo.plane.registry.models.difference(Reference("ticket-bot"), Reference("ticket-bot@r1"))
        #expect(same.rows.allSatisfy { $0.left == $0.right })
        await expectError(.notFound) {
            try await demo.plane.registry.models.difference(Reference("ticket-bot@1"), Reference("ticket-bot@9"))
        }
    }

    @Test(arguments: [
        ("topP", "0"), ("topP", "1.1"), ("temperature", "nan"), ("temperature", "-1"), ("maxTokens", "0"),
        ("maxTokens", "1e3"), ("topk", "3"), ("minP", ""),
    ])
    func refusesSettings(_ key: String, _ value: String) async throws {
        let demo = try await DemoPlane()
        let choice = ReleaseChoice(reference: try Reference("ticket-bot@1"), set: [key: value])
        await expectError(.badRequest) {
            try await demo.plane.traffic.answering.chat(
                ChatRequest(release: choice, variables: [:], text: "hello"),
                by: DemoPlane.admin
            )
        }
    }
}
