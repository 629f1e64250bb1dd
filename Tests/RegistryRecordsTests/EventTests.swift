import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing
import UserDocuments

/// The log holds events as flat JSON that states its form; records show the same members beside their own.
@Suite struct EventTests {
    private static func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }
    private static func name(_ text: String) throws -> Name { try Name(text) }
    private static let time = Timestamp(milliseconds: 1_795_000_000_000)

    private static func reported(leading: String?) throws -> DriftReported {
        DriftReported(
            id: DriftID(4),
            model: try name("ticket-bot"),
            baseline: BaselineID(2),
            window: DriftWindow(from: time, to: time.adding(seconds: 60), requests: 300),
            verdict: .ticket,
            sentence: "prompts changed",
            leading: leading,
            moved: ["language"],
            evidence: digest("report"),
            evidenceSizeBytes: 9000
        )
    }

    /// The body of an event as the first builds stored it, and as it is stored now.
    static let bodies: [(event: @Sendable () throws -> RegistryEvent, subject: String, first: String, now: String)] = [
        (
            { .keyRevoked(KeyRevoked(name: try name("ci"))) }, "ci", #"{"name":"ci"}"#,
            #"{"form":"rfc8785","name":"ci"}"#
        ),
        (
            {
                .canaryStarted(
                    CanaryStarted(
                        id: CanaryID(1),
                        candidate: ReleaseID(try name("bot"), 2),
                        baseline: ReleaseID(try name("bot"), 1),
                        traffic: try name("week"),
                        trafficDigest: digest("t"),
                        document: try name("tickets"),
                        documentDigest: digest("d"),
                        requests: 20,
                        seed: .max
                    )
                )
            }, "c-1",
            """
            {"baseline":{"model":"bot","number":1},"candidate":{"model":"bot","number":2},"document":"tickets",\
            "documentDigest":"\(digest("d"))","id":"c-1","requests":20,"seed":18446744073709551615,"traffic":"week",\
            "trafficDigest":"\(digest("t"))"}
            """,
            """
            {"baseline":{"model":"bot","number":1},"candidate":{"model":"bot","number":2},"document":"tickets",\
            "documentDigest":"\(digest("d"))","form":"rfc8785","id":"c-1","requests":20,\
            "seed":"18446744073709551615","traffic":"week","trafficDigest":"\(digest("t"))"}
            """
        ),
        (
            { .driftReported(try reported(leading: nil)) }, "d-4",
            """
            {"baseline":"b-2","evidence":"\(digest("report"))","evidenceSizeBytes":9000,"id":"d-4",\
            "model":"ticket-bot","moved":["language"],"sentence":"prompts changed","verdict":"ticket",\
            "window":{"from":"2026-11-18T11:06:40.000Z","requests":300,"to":"2026-11-18T11:07:40.000Z"}}
            """,
            """
            {"baseline":"b-2","evidence":"\(digest("report"))","evidenceSizeBytes":9000,"form":"rfc8785","id":"d-4",\
            "model":"ticket-bot","moved":["language"],"sentence":"prompts changed","verdict":"ticket",\
            "window":{"from":"2026-11-18T11:06:40.000Z","requests":300,"to":"2026-11-18T11:07:40.000Z"}}
            """
        ),
        (
            { .rolloutReturned(try returned()) }, "ro-7",
            """
            {"cause":{"indicator":"valid-json","kind":"deaths"},"id":"ro-7","incident":"i-3","result":{"badAnswers":9,\
            "facts":[],"heldBackRequests":7,"requests":60,"sentence":"it crashed","watchedSeconds":12.5},"to":1}
            """,
            """
            {"cause":{"indicator":"valid-json","kind":"deaths"},"form":"rfc8785","id":"ro-7","incident":"i-3",\
            "result":{"badAnswers":9,"facts":[],"heldBackRequests":7,"requests":60,"sentence":"it crashed",\
            "watchedSeconds":12.5},"to":1}
            """
        ),
    ]

    private static func returned() throws -> RolloutReturned {
        RolloutReturned(
            id: RolloutID(7),
            to: 1,
            cause: RolloutCause(kind: .crashes, indicator: try name("valid-json")),
            result: RolloutResult(
                watchedSeconds: 12.5,
                requests: 60,
                heldBackRequests: 7,
                badAnswers: 9,
                sentence: "it crashed"
            ),
            incident: IncidentID(3)
        )
    }

    @Test(arguments: bodies.indices) func bodiesKeepTheirMembersAndReadBackInBothForms(_ index: Int) throws {
        let (make, subject, first, now) = Self.bodies[index]
        let event = try make()
        #expect(event.subject == subject)
        #expect(try String(decoding: event.body(), as: UTF8.self) == now)
        #expect(try RegistryEvent(kind: event.kind, body: event.body()) == event)
        #expect(try RegistryEvent(kind: event.kind, body: Data(first.utf8)) == event)
        #expect(try entry(event, body: now).form() == .rfc8785)
        #expect(try entry(event, body: first).form() == .foundation)
        #expect(throws: DecodingError.self) {
            try entry(event, body: now.replacing("rfc8785", with: "rfc9999")).form()
        }
    }

    private func entry(_ event: RegistryEvent, body: String) -> Event {
        Event(
            seq: 1,
            time: Self.time,
            actor: "ada",
            kind: event.kind,
            subject: event.subject,
            body: body,
            previous: Self.digest("a"),
            hash: Self.digest("b")
        )
    }

    @Test func aKindThatNobodyKnowsIsRefusedByName() {
        #expect(throws: RegistryTypesError.unknownEventKind("release.sang")) {
            try RegistryEvent(kind: "release.sang", body: Data("{}".utf8))
        }
    }

    // MARK: Records

    @Test func aRecordShowsTheMembersOfItsEventBesideItsOwn() throws {
        var event = try Self.reported(leading: "language")
        event.evidenceSizeBytes = nil
        let record = DriftRecord(event, by: "ada", at: Self.time)
        #expect(record.verdict == .ticket && record.window.requests == 300 && record.by == "ada")
        #expect([record].map(\.id.number) == [4])
        let json = try CanonicalJSON.encode(record)
        #expect(
            String(decoding: json, as: UTF8.self) == """
                {"at":"2026-11-18T11:06:40.000Z","baseline":"b-2","by":"ada","evidence":"\(Self.digest("report"))",\
                "id":"d-4","leading":"language","model":"ticket-bot","moved":["language"],"sentence":"prompts changed",\
                "verdict":"ticket","window":{"from":"2026-11-18T11:06:40.000Z","requests":300,\
                "to":"2026-11-18T11:07:40.000Z"}}
                """
        )
        #expect(try CanonicalJSON.decode(DriftRecord.self, from: json) == record)
        #expect(try JSONDecoder().decode(DriftRecord.self, from: JSONEncoder().encode(record)) == record)
    }

    @Test func aCanaryHasTheMembersOfTheEventThatEndedIt() throws {
        let started = CanaryStarted(
            id: CanaryID(1),
            candidate: ReleaseID(try Self.name("bot"), 2),
            baseline: ReleaseID(try Self.name("bot"), 1),
            traffic: try Self.name("week"),
            trafficDigest: Self.digest("t"),
            document: try Self.name("tickets"),
            documentDigest: Self.digest("d"),
            requests: 20,
            seed: 7
        )
        let judged = CanaryJudged(
            id: CanaryID(1),
            verdict: .fail,
            summary: "answers got worse",
            evidence: Self.digest("e"),
            evidenceSizeBytes: nil,
            failedChecks: ["answers"]
        )
        let outcomes: [(CanaryRecord.Outcome, String)] = [
            (
                .running,
                #""failedChecks":[],"id":"c-1","requests":20,"seed":7,"startedAt":"2026-11-18T11:06:40.000Z","startedBy":"ada","state":"running","traffic""#
            ),
            (.stopped("no room"), #""state":"stopped","summary":"no room","traffic""#),
            (.judged(judged), #""evidence":"\#(Self.digest("e"))","failedChecks":["answers"],"id":"c-1""#),
        ]
        for (outcome, part) in outcomes {
            let record = CanaryRecord(started, outcome: outcome, startedBy: "ada", startedAt: Self.time)
            let json = try CanonicalJSON.encode(record)
            #expect(String(decoding: json, as: UTF8.self).contains(part))
            #expect(try CanonicalJSON.decode(CanaryRecord.self, from: json) == record)
        }
        let record = CanaryRecord(started, outcome: .judged(judged), startedBy: "ada", startedAt: Self.time)
        #expect(record.state == .judged && record.verdict == .fail && record.summary == "answers got worse")
    }

    @Test func anIncidentTakesInWhatBecomesKnownAndKeeps40Requests() throws {
        let request = { (number: UInt64) in RequestID(time: Self.time, random: (1, number)) }
        let opened = IncidentOpened(
            id: IncidentID(1),
            model: try Self.name("bot"),
            family: .quality,
            severity: .ticket,
            title: "burns",
            sentence: "it burns",
            facts: ["one"],
            samples: [request(1)]
        )
        let more = (0..<60).map { request($0) }
        let known = opened.updated(
            by: IncidentUpdated(id: IncidentID(1), text: "worse", severity: .page, samples: more)
        )
        #expect(known.severity == .page && known.facts == ["one"] && known.title == "burns")
        #expect(known.samples.count == 40 && Set(known.samples).count == 40 && known.samples.first == request(1))
        let again = known.updated(
            by: IncidentUpdated(id: IncidentID(1), text: "still", facts: ["two"], samples: [request(99)])
        )
        #expect(again.severity == .page && again.facts == ["two"] && again.samples == known.samples)
    }
}
