import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import UserDocuments

@testable import Catalog

/// A database as the build before 0.4 left it: the demo with a canary of each verdict, a release that was taken back, a
/// hold, an incident, a drift report, a crash, and a prompt whose two canonical forms differ.
@Suite struct OlderBuildTests {
    static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/before-0.4/serin.db")

    let scratch: ScratchFolder
    let catalog: Catalog
    /// What the tables of that build held, by query.
    let old: DatabaseQueue

    init() throws {
        scratch = try ScratchFolder()
        try FileManager.default.copyItem(atPath: Self.fixture.path, toPath: scratch.catalog)
        let copy = scratch.path + "/old.db"
        try FileManager.default.copyItem(atPath: Self.fixture.path, toPath: copy)
        old = try DatabaseQueue(path: copy)
        catalog = try Catalog.open(path: scratch.catalog)
    }

    /// What that build called a table.
    static func oldName(_ table: String) -> String { table == "releaseCrash" ? "releaseDeath" : table }

    @Test func itOpensItsChainIsWholeAndARebuildGivesTheSameTables() async throws {
        let chain = try await catalog.verifyChain(known: 65)
        #expect(chain.isIntact && chain.intact == 65)
        #expect(chain.head.hexadecimal == "6cc60a24606eafd31c53cf2eb4be7f6ce7287fef57c142a92cfc889e97337729")
        let before = try await catalog.dump()
        let report = try await catalog.rebuild()
        #expect(report.isEqual && report.events == 65)
        #expect(try await catalog.dump() == before)
        #expect(try await catalog.checkIntegrity().isIntact)
        let rows = try await old.read { database in
            try report.tables.map { table in
                // That build ran evaluations without a word in its log.
                if table.name == "evaluationJob" { return 0 }
                if table.name == "rejection" {
                    let kind = "SELECT count(*) FROM event WHERE kind = 'release.rejected'"
                    return try Int.fetchOne(database, sql: kind) ?? -1
                }
                return try Int.fetchOne(database, sql: "SELECT count(*) FROM \(Self.oldName(table.name))") ?? -1
            }
        }
        #expect(report.tables.map(\.rows) == rows)
    }

    // MARK: Records

    /// What SQL makes of a digest, of milliseconds, and of JSON inside a column.
    static func digest(_ column: String) -> String {
        "CASE WHEN \(column) IS NULL THEN NULL ELSE 'sha256:' || lower(hex(\(column))) END"
    }
    static func time(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%S', \(column) / 1000, 'unixepoch') || printf('.%03dZ', \(column) % 1000)"
    }
    static func release(_ model: String, _ number: String) -> String {
        "json_object('model', \(model), 'number', \(number))"
    }
    static func json(_ column: String) -> String { "json(\(column))" }
    static func flag(_ column: String) -> String { "json(CASE \(column) WHEN 1 THEN 'true' ELSE 'false' END)" }

    /// The rows of a table of that build as the JSON that its records had: the names of the members and their SQL.
    func rows(_ table: String, order: String, _ members: KeyValuePairs<String, String>) throws -> [JSONValue] {
        let object = members.map { "'\($0.key)', \($0.value)" }.joined(separator: ", ")
        let texts = try old.read { database in
            try String.fetchAll(database, sql: "SELECT json_object(\(object)) FROM \(table) ORDER BY \(order)")
        }
        return try texts.map { try Self.withoutNulls(JSONText.parse($0)) }
    }

    static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(withoutNulls))
        case .array(let elements): .array(elements.map(withoutNulls))
        default: value
        }
    }

    /// The JSON of records as they are sent.
    func sent(_ records: [some Encodable]) throws -> [JSONValue] {
        try records.map { record in
            try Self.withoutNulls(JSONText.parse(String(decoding: JSONEncoder().encode(record), as: UTF8.self)))
        }
    }

    @Test func versionsPromptsAndReleasesReadTheSame() async throws {
        let model = try Name("ticket-bot")
        let (versions, prompts, releases) = try await catalog.read { state in
            (
                try state.versions(of: model), try state.prompts().flatMap { try state.promptVersions(of: $0) },
                try state.releases(of: model)
            )
        }
        #expect(
            try sent(versions)
                == rows(
                    "version",
                    order: "number",
                    [
                        "id": "json_object('name', model, 'number', number)", "manifest": Self.json("manifest"),
                        "digest": Self.digest("manifestDigest"), "message": "message", "facts": Self.json("facts"),
                        "smoke": Self.json("smoke"), "card": Self.json("card"), "publishedBy": "publishedBy",
                        "publishedAt": Self.time("publishedAt"), "quarantined": "quarantined",
                    ]
                )
        )
        #expect(
            try sent(prompts)
                == rows(
                    "prompt",
                    order: "name, number",
                    [
                        "id": "json_object('name', name, 'number', number)", "document": Self.json("document"),
                        "digest": Self.digest("digest"), "message": "message", "pushedBy": "pushedBy",
                        "pushedAt": Self.time("pushedAt"),
                    ]
                )
        )
        #expect(
            try sent(releases)
                == rows(
                    "release",
                    order: "number",
                    [
                        "id": Self.release("model", "number"), "content": Self.json("content"),
                        "digest": Self.digest("digest"), "createdBy": "createdBy", "createdAt": Self.time("createdAt"),
                        "rejected": "rejected", "rejectedAt": Self.time("rejectedAt"),
                        // That build did not say from where it was taken back.
                        "rejections": """
                        json(CASE WHEN rejected IS NULL THEN NULL ELSE json_array(json_object(
                            'channel', 'production', 'reason', rejected, 'at', \(Self.time("rejectedAt")), 'seq',
                            (SELECT max(seq) FROM event WHERE kind = 'release.rejected'
                                AND subject = model || '@r' || number)
                        )) END)
                        """,
                    ]
                )
        )
        #expect(versions.count == 3 && prompts.count == 2 && releases.count == 4)
    }

    @Test func documentsTrafficSetsAndKeysReadTheSame() async throws {
        let (documents, sets, keys) = try await catalog.read { state in
            let names = try DocumentKind.allCases.sorted { $0.rawValue < $1.rawValue }.flatMap { kind in
                try state.documents(kind).flatMap { try state.revisions(kind, $0.name) }
            }
            return (names, try state.trafficSets(), try state.keys())
        }
        #expect(
            try sent(documents)
                == rows(
                    "document",
                    order: "kind, name, revision",
                    [
                        "kind": "kind", "name": "name", "revision": "revision", "digest": Self.digest("digest"),
                        "source": "source", "shipped": Self.flag("shipped"), "appliedBy": "appliedBy",
                        "appliedAt": Self.time("appliedAt"),
                    ]
                )
        )
        #expect(
            try sent(sets)
                == rows(
                    "traffic",
                    order: "name",
                    [
                        "name": "name", "digest": Self.digest("digest"), "sizeBytes": "sizeBytes",
                        "requests": "requests", "labelled": "labelled", "frozenFrom": "frozenFrom",
                        "importedBy": "importedBy", "importedAt": Self.time("importedAt"),
                    ]
                )
        )
        #expect(
            try sent(keys)
                == rows(
                    "key",
                    order: "name",
                    [
                        "name": "name", "role": "role", "capture": "capture", "createdBy": "createdBy",
                        "createdAt": Self.time("createdAt"), "revokedAt": Self.time("revokedAt"),
                    ]
                )
        )
        #expect(documents.count == 12 && sets.count == 2 && keys.count == 2)
    }

    @Test func evidenceAndDecisionsReadTheSame() async throws {
        let (canaries, evaluations, decisions) = try await catalog.read { state in
            (
                Array(try state.canaries().reversed()), Array(try state.evaluations().reversed()),
                Array(try state.decisions().reversed())
            )
        }
        #expect(
            try sent(canaries)
                == rows(
                    "canary",
                    order: "number",
                    [
                        "id": "'c-' || number", "candidate": Self.release("candidateModel", "candidateRelease"),
                        "baseline": Self.release("baselineModel", "baselineRelease"), "traffic": "traffic",
                        "trafficDigest": Self.digest("trafficDigest"), "document": "document",
                        "documentDigest": Self.digest("documentDigest"), "requests": "requests",
                        // The only one that is not small is the largest of 64 bits, which the column shows as -1.
                        "seed": "json(CASE seed WHEN -1 THEN '18446744073709551615' ELSE CAST(seed AS TEXT) END)",
                        "state": "state",
                        "verdict": "verdict", "summary": "summary", "evidence": Self.digest("evidence"),
                        "requestsNeeded": "requestsNeeded", "failedChecks": Self.json("failedChecks"),
                        "startedBy": "startedBy", "startedAt": Self.time("startedAt"),
                        "finishedAt": Self.time("finishedAt"),
                    ]
                )
        )
        #expect(canaries.first?.seed == .max)
        #expect(
            try sent(evaluations)
                == rows(
                    "evaluation",
                    order: "number",
                    [
                        "id": "'e-' || number", "release": Self.release("model", "release"), "suite": "suite",
                        "suiteDigest": Self.digest("suiteDigest"), "scores": Self.json("scores"),
                        "evidence": Self.digest("evidence"), "by": "finishedBy", "at": Self.time("finishedAt"),
                    ]
                )
        )
        #expect(
            try sent(decisions)
                == rows(
                    "decision",
                    order: "number",
                    [
                        "id": "'dec-' || number", "decision": Self.json("decision"), "by": "decidedBy",
                        "at": Self.time("decidedAt"),
                    ]
                )
        )
        #expect(canaries.count == 3 && evaluations.count == 1 && decisions.count == 5)
    }

    @Test func movesAndDriftReadTheSame() async throws {
        let (model, production) = (try Name("ticket-bot"), try Name("production"))
        let (moves, baselines, reports) = try await catalog.read { state in
            (Array(try state.moves(model, production).reversed()), try state.baselines(), try state.driftReports())
        }
        #expect(
            try sent(moves)
                == rows(
                    "channelMove",
                    order: "seq",
                    [
                        "seq": "seq", "model": "model", "channel": "channel", "from": "fromRelease", "to": "toRelease",
                        "how": "how", "decision": "'dec-' || decision", "reason": "reason",
                        "settled": Self.flag("settled"), "by": "movedBy", "at": Self.time("movedAt"),
                    ]
                )
        )
        let window =
            "json_object('from', \(Self.time("windowFrom")), 'to', \(Self.time("windowTo")), 'requests', requests)"
        #expect(
            try sent(baselines)
                == rows(
                    "driftBaseline",
                    order: "number",
                    [
                        "id": "'b-' || number", "model": "model", "channel": "channel", "how": "how", "window": window,
                        "release": "release", "yardstick": Self.digest("yardstick"),
                        "reference": Self.digest("reference"), "reason": "reason", "by": "setBy",
                        "at": Self.time("setAt"),
                    ]
                )
        )
        #expect(
            try sent(reports)
                == rows(
                    "drift",
                    order: "number",
                    [
                        "id": "'d-' || number", "model": "model", "channel": "channel",
                        "baseline": "'b-' || baseline", "window": window, "verdict": "verdict", "sentence": "sentence",
                        "leading": "leading", "moved": Self.json("moved"), "evidence": Self.digest("evidence"),
                        "by": "askedBy", "at": Self.time("askedAt"),
                    ]
                )
        )
        #expect(moves.count == 7 && baselines.count == 1 && reports.count == 1)
    }

    static func encoded(_ value: (some Encodable)?) throws -> String? {
        try value.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
    }

    /// The same JSON whatever build wrote it.
    static func canonical(_ text: String?) throws -> String? {
        try encoded(text.map { try JSONText.parse($0) })
    }

    @Test func rolloutsHoldsAndIncidentsReadTheSame() async throws {
        let (model, production) = (try Name("ticket-bot"), try Name("production"))
        let (rollouts, holds, incidents, entries) = try await catalog.read { state in
            (
                Array(try state.rollouts().reversed()), try state.pastHolds(model, production),
                Array(try state.incidents().reversed()), try state.timeline(of: IncidentID(1))
            )
        }
        try await old.read { database in
            let oldRollouts = try Row.fetchAll(database, sql: "SELECT * FROM rollout ORDER BY number")
            #expect(oldRollouts.count == 3 && rollouts.count == 3)
            for (rollout, row) in zip(rollouts, oldRollouts) {
                #expect(rollout.id.number == row["number"] && rollout.release.number == row["release"])
                #expect(rollout.from == row["fromRelease"] && rollout.move == row["move"])
                #expect(rollout.state.rawValue == row["state"] && rollout.crashes == row["deaths"])
                #expect(rollout.probationSeconds == row["probationSeconds"] && rollout.holdback == row["holdback"])
                #expect(rollout.reason == row["reason"] && rollout.incident?.number == row["incident"])
                #expect(rollout.startedAt.milliseconds == row["startedAt"] && rollout.startedBy == row["startedBy"])
                #expect(rollout.endedAt?.milliseconds == row["endedAt"] && rollout.endedBy == row["endedBy"])
                #expect(try Self.encoded(rollout.policy) == Self.canonical(row["policy"]))
                #expect(try Self.encoded(rollout.triggers) == Self.canonical(row["triggers"]))
                #expect(try Self.encoded(rollout.indicators) == Self.canonical(row["indicators"]))
                #expect(try Self.encoded(rollout.cause) == Self.canonical(row["cause"]))
                #expect(try Self.encoded(rollout.result) == Self.canonical(row["result"]))
            }
            let oldHold = try #require(try Row.fetchOne(database, sql: "SELECT * FROM hold"))
            let hold = try #require(holds.first)
            #expect(hold.reason == oldHold["reason"] && hold.rollout?.number == oldHold["rollout"])
            #expect(hold.by == oldHold["placedBy"] && hold.at.milliseconds == oldHold["placedAt"])
            #expect(hold.liftedBy == oldHold["liftedBy"] && hold.liftedReason == oldHold["liftedReason"])
            #expect(hold.liftedAt?.milliseconds == oldHold["liftedAt"])
            let oldIncidents = try Row.fetchAll(database, sql: "SELECT * FROM incident ORDER BY number")
            #expect(oldIncidents.count == 2 && incidents.count == 2)
            for (incident, row) in zip(incidents, oldIncidents) {
                #expect(incident.family.rawValue == row["family"] && incident.severity.rawValue == row["severity"])
                #expect(incident.title == row["title"] && incident.sentence == row["sentence"])
                #expect(incident.channel?.text == row["channel"] && incident.release == row["release"])
                #expect(incident.rollout?.number == row["rollout"] && incident.openedBy == row["openedBy"])
                #expect(incident.openedAt.milliseconds == row["openedAt"] && incident.closedBy == row["closedBy"])
                #expect(incident.closedAt?.milliseconds == row["closedAt"])
                #expect(incident.closedReason == row["closedReason"])
                #expect(try Self.encoded(incident.facts) == Self.canonical(row["facts"]))
                #expect(try Self.encoded(incident.samples) == Self.canonical(row["samples"]))
                #expect(try Self.encoded(incident.lastMoves) == Self.canonical(row["lastMoves"]))
            }
            let texts = try String.fetchAll(
                database,
                sql: "SELECT text FROM incidentEntry WHERE incident = 1 ORDER BY seq"
            )
            #expect(entries.map(\.text) == texts)
        }
    }
}
