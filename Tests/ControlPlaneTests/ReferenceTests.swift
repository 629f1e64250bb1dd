import Foundation
import Gateway
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing
import TrafficLog
import WireFormat
import Wording

@testable import ControlPlane

/// What answers is what is named, and what is named is there.
@Suite struct ReferenceTests {
    private static let pirate = """
        apiVersion: serin/v1
        kind: Prompt
        name: pirate
        format: chatml
        messages: [{ role: system, text: "You are a pirate." }, { role: user, text: "{{ticket}}" }]
        variables: { ticket: { required: true } }
        """

    private static func choice(_ reference: String, _ prompt: String? = nil, _ set: [String: String]? = nil) throws
        -> ReleaseChoice
    {
        ReleaseChoice(reference: try Reference(reference), prompt: prompt, set: set)
    }

    /// A version means what was live of it: what a promotion that was refused, or a canary, makes takes no place.
    @Test func aRefusedPromotionChangesNoAnswer() async throws {
        let demo = try await DemoPlane()
        let releases = demo.plane.registry.releases
        let before = try await releases.resolve(Reference("ticket-bot@1"))
        _ = try await demo.plane.registry.prompts.push(PromptPush(source: Self.pirate), by: DemoPlane.admin)
        let answer = try await demo.plane.channels.promote(
            DemoPlane.model,
            DemoPlane.production,
            PromoteRequest(release: Self.choice("ticket-bot@1", "pirate@1")),
            by: DemoPlane.admin
        )
        #expect(answer.outcome == .refused)
        let made = try await demo.plane.registry.models.releases(DemoPlane.model).items
        #expect(made.contains { $0.content.prompt.name.text == "pirate" })
        #expect(try await releases.resolve(Reference("ticket-bot@1")).release == before.release)
    }

    /// Of several that were never live nobody can say which is meant: the error names them.
    @Test func aVersionOfSeveralReleasesIsAmbiguous() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let releases = demo.plane.registry.releases
        for (temperature, count) in [(nil, 1), ("0.5", 2)] as [(String?, Int)] {
            let choice = try Self.choice("ticket-bot@2", nil, temperature.map { ["temperature": $0] })
            _ = try await demo.plane.experiments.canaries.start(
                CanaryRequest(release: choice, document: DemoPlane.known("quick")),
                by: DemoPlane.admin
            )
            let made = try await demo.plane.registry.models.releases(DemoPlane.model).items.filter {
                $0.version.number == 2
            }
            #expect(made.count == count)
            guard count > 1 else {
                #expect(try await releases.resolve(Reference("ticket-bot@2")).release == made.first?.id)
                continue
            }
            let error = await expectError(.badRequest) { try await releases.resolve(Reference("ticket-bot@2")) }
            for release in made { #expect(error?.why?.contains(release.id.description) == true) }
        }
    }

    /// Settings that no release has are answered, and called no release.
    @Test func whatIsNoReleaseHasNoNumber() async throws {
        let demo = try await DemoPlane()
        let head = try await demo.head()
        for set in [["temperature": "1", "maxTokens": "5"], ["temperature": "0.7"]] {
            let answer = try await demo.plane.traffic.answering.chat(
                ChatRequest(release: Self.choice("ticket-bot", nil, set), variables: [:], text: "Order 48213"),
                by: DemoPlane.admin
            )
            #expect(answer.release == nil && answer.version.number == 1)
            #expect(answer.settings?.temperature == Double(set["temperature"] ?? ""))
            // A limit that was asked for cut it: its form is not known.
            if answer.finish == "length" { #expect(answer.isOutputValid == nil && answer.problems.isEmpty) }
        }
        let own = try await demo.plane.traffic.answering.chat(
            ChatRequest(release: Self.choice("ticket-bot"), variables: [:], text: "Order 48213"),
            by: DemoPlane.admin
        )
        #expect(own.release != nil && own.settings == nil && own.isOutputValid == true)
        #expect(try await demo.head() == head)
    }

    /// Who runs what was never live, and what came of it, is recorded whatever the key keeps; it counts for nothing.
    @Test func whatWasNeverLiveIsRecorded() async throws {
        let demo = try await DemoPlane()
        let requests = demo.plane.traffic.requests, answering = demo.plane.traffic.answering
        func kept() async throws -> [RequestRecord] {
            await requests.queue.flush()
            return try await requests.list(RequestQuery(model: DemoPlane.model)).items.map(\.record)
        }
        func request(_ set: [String: String]?) throws -> ChatRequest {
            ChatRequest(release: try Self.choice("ticket-bot", nil, set), variables: [:], text: "Order 48213")
        }
        // What is live is asked as often as before, and nothing is kept of it.
        _ = try await answering.chat(request(nil), by: DemoPlane.admin)
        #expect(try await kept().isEmpty)
        _ = try await answering.chat(request(["temperature": "0.7"]), by: DemoPlane.admin)
        await #expect(throws: GatewayError.self) {
            try await answering.chat(request(["temperature": "0.7"]), within: 0.0001, by: DemoPlane.admin)
        }
        let records = try await kept().sorted { $0.status < $1.status }
        #expect(records.map(\.outcome) == [.answered, .clientDeadline] && records.map(\.status) == [200, 504])
        for record in records {
            #expect(record.release == RequestRecord.noRelease && record.releaseText == "no release")
            #expect(record.version == 1 && record.key == DemoPlane.admin.name && record.source == .replay)
            // The key keeps nothing else.
            #expect(record.capture == .metadata && record.channel == nil && record.asked == "ticket-bot")
        }
        // A stream too, with its texts where the key keeps them.
        let id = RequestID(time: demo.clock.now(), random: (9, 1))
        let arrival = Answering.Arrival(id, capture: .redacted)
        let stream = try await answering.stream(request(["temperature": "0.7"]), arrival, by: DemoPlane.admin)
        try await stream.write { _ in }
        await requests.queue.flush()
        let view = try await requests.show(id)
        #expect(view.record.isStreamed && view.record.outcome == .answered && view.body?.answers.count == 1)
        #expect(view.body?.settings["temperature"] == .number(0.7))
        // A reader that leaves is recorded as one.
        let gone = RequestID(time: demo.clock.now(), random: (9, 2))
        let left = try await answering.stream(
            request(["temperature": "0.7"]),
            Answering.Arrival(gone, capture: .off),
            by: DemoPlane.admin
        )
        await #expect(throws: CancellationError.self) { try await left.write { _ in throw CancellationError() } }
        await requests.queue.flush()
        #expect(try await requests.show(gone).record.outcome == .clientGone)
        // It is answered again by what is named, and it is no traffic.
        let error = await expectError(.conflict) {
            try await answering.replay(id, ReplayRequest(), by: DemoPlane.admin)
        }
        #expect(error?.next?.text.contains("--on @1") == true)
        let again = try await answering.replay(
            id,
            ReplayRequest(on: Self.choice("ticket-bot@1")),
            by: DemoPlane.admin
        )
        #expect(again.version.number == 1)
        await expectError(.badRequest) {
            try await demo.plane.traffic.sets.freeze(
                DemoPlane.known("tried"),
                FreezeRequest(filter: [:]),
                by: DemoPlane.admin
            )
        }
    }

    /// One request from a terminal has the deadlines that an application's has.
    @Test func deadlinesHoldForSingleRequestsToo() async throws {
        let demo = try await DemoPlane()
        let request = ChatRequest(release: try Self.choice("ticket-bot"), variables: [:], text: "Order 48213")
        let hasty = Caller(name: DemoPlane.known("fast"), role: .caller, deadlineMilliseconds: 1)
        let answering = demo.plane.traffic.answering
        // The weights are loaded before the time counts.
        _ = try await answering.chat(request, by: DemoPlane.admin)
        for (caller, seconds) in [(hasty, nil), (DemoPlane.admin, 0.0001)] as [(Caller, Double?)] {
            let error = await #expect(throws: GatewayError.self) {
                _ = try await answering.chat(request, within: seconds, by: caller)
            }
            #expect(error.map { ErrorAnswer($0).status } == 504)
            await #expect(throws: GatewayError.self) {
                try await answering.stream(request, within: seconds, by: caller).write { _ in }
            }
        }
        let tooMuch = await #expect(throws: GatewayError.self) {
            _ = try await answering.chat(request, within: 1e6, by: DemoPlane.admin)
        }
        #expect(tooMuch.map { ErrorAnswer($0).status } == 400)
    }

    /// More than the server allows is said where it is set.
    @Test func aDeadlineOverTheServersIsSaid() async throws {
        let demo = try await DemoPlane()
        for (hours, isSaid) in [(1, false), (12, true)] {
            let answer = try await demo.plane.access.createKey(
                KeyRequest(name: Name("slow-\(hours)"), role: .caller, deadlineMilliseconds: hours * 3_600_000),
                by: DemoPlane.admin
            )
            #expect((answer.note?.contains("--max-deadline") == true) == isSaid)
            let source = Self.pirate + "\ndeadline: \(hours) h\n"
            let pushed = try await demo.plane.registry.prompts.push(PromptPush(source: source), by: DemoPlane.admin)
            #expect((pushed.warnings?.contains { $0.contains("--max-deadline") } == true) == isSaid)
        }
    }
}
