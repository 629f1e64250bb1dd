import RegistryRecords
import RegistryTypes
import WireFormat

@testable import Pages

/// The pages of what happens after a promotion.
extension PageSamples {
    /// All of them, as `PageSamples.all`.
    var live: [(name: String, page: any Page)] { requests + levels + rollouts + incidents + drifts }

    private var requests: [(name: String, page: any Page)] {
        let s = samples
        let id = s.requestID(12).text
        return [
            (
                "requests",
                RequestsPage(
                    RequestPage(items: s.requestRows, next: s.requestID(10).text, capture: s.capture),
                    filter: .init(model: s.hostile ?? "ticket-bot", outcome: "answered", since: s.hostile ?? "1h"),
                    visit: visit("/requests?model=ticket-bot")
                )
            ),
            (
                "requests-empty",
                RequestsPage(
                    RequestPage(
                        items: [],
                        capture: CaptureView(
                            offered: 0,
                            stored: 0,
                            dropped: [:],
                            days: [],
                            keepDays: 30,
                            redactionVersion: 1
                        )
                    ),
                    filter: .init(),
                    visit: visit("/requests")
                )
            ),
            (
                "request",
                CapturedRequestPage(
                    RequestView(
                        record: s.request(12, valid: false),
                        body: s.body,
                        labels: s.labels,
                        problems: [s.text("priority is missing")]
                    ),
                    visit: visit("/requests/\(id)")
                )
            ),
            (
                "request-without-texts",
                CapturedRequestPage(
                    RequestView(record: s.request(11, .engineFailed, capture: .metadata), labels: [], problems: []),
                    visit: visit("/requests/\(id)", role: .reader)
                )
            ),
            (
                "replay",
                ReplayPage(
                    ReplayAnswer(
                        record: s.request(12),
                        body: s.body,
                        release: s.releaseID(3),
                        version: s.versionID(3),
                        prompt: VersionID(s.triage, 1),
                        answer: ChatAnswer(
                            text: s.text(#"{"intent":"refund","order":"48213","priority":"high"}"#),
                            finish: "stop",
                            release: s.releaseID(3),
                            version: s.versionID(3),
                            prompt: VersionID(s.triage, 1),
                            promptTokens: 41,
                            outputTokens: 23,
                            firstTokenSeconds: 0.008,
                            perTokenSeconds: 0.0006,
                            totalSeconds: 0.022,
                            problems: []
                        ),
                        isSame: false,
                        differences: [
                            TokenDifference(
                                mark: .same,
                                text: s.text(#"{"intent":"refund","order":"48213","#),
                                tokens: 14
                            ),
                            TokenDifference(mark: .removed, text: s.text(#""reply_to":"<EMAIL_1>""#), tokens: 8),
                            TokenDifference(mark: .added, text: s.text(#""priority":"high""#), tokens: 8),
                            TokenDifference(mark: .same, text: "}", tokens: 1),
                        ],
                        note: s.text("the texts were redacted, so the two answers were asked differently")
                    ),
                    visit: visit("/requests/\(id)/replay")
                )
            ),
            (
                "traffic-capture",
                TrafficSetsPage(
                    [s.frozenRecord],
                    capture: s.capture,
                    problem: "no captured request fits",
                    fields: ["name": s.text("week48"), "model": "ticket-bot"],
                    visit: visit("/traffic")
                )
            ),
        ]
    }

    private var levels: [(name: String, page: any Page)] {
        let s = samples
        let quality = s.slo("quality", .burning), latency = s.slo("latency", .unknown, known: false)
        let incident = s.incident(12, severity: "page", closed: false)
        return [
            ("slos", SLOsPage([quality, latency], model: s.model, visit: visit("/slos?model=ticket-bot"))),
            ("slos-empty", SLOsPage([], model: nil, visit: visit("/slos"))),
            ("slo", SLOPage(s.sloView(quality), visit: visit("/slos/quality?model=ticket-bot"))),
            ("slo-unknown", SLOPage(s.sloView(latency), visit: visit("/slos/latency?model=ticket-bot"))),
            (
                "oncall",
                OnCallPage(
                    OnCallView(
                        channels: [s.health(.burning, rollout: s.watchedRollout, hold: s.hold)],
                        incidents: [incident],
                        moves: s.moves,
                        queue: 3,
                        active: 2,
                        capture: s.capture,
                        isDraining: false,
                        reserveBytes: 4_194_304,
                        at: s.now
                    ),
                    visit: visit("/oncall")
                )
            ),
            (
                "oncall-quiet",
                OnCallPage(
                    OnCallView(
                        channels: [s.health(.unknown, known: false)],
                        incidents: [],
                        moves: [],
                        queue: 0,
                        active: 0,
                        capture: s.capture,
                        isDraining: true,
                        reserveBytes: 0,
                        at: s.now
                    ),
                    visit: visit("/oncall", role: .reader)
                )
            ),
        ]
    }

    private var rollouts: [(name: String, page: any Page)] {
        let s = samples
        let returned = s.rolloutRow(1, "returned", words: "returned to r1 after 20 s", override: true)
        return [
            (
                "rollouts",
                RolloutsPage(
                    ListAnswer(
                        items: [s.watchedRollout, returned, s.rolloutRow(3, "settled", words: "settled after 60 s")],
                        next: "1"
                    ),
                    model: nil,
                    holds: [s.hold],
                    visit: visit("/rollouts")
                )
            ),
            (
                "rollouts-empty",
                RolloutsPage(ListAnswer(items: []), model: s.model, holds: [], visit: visit("/rollouts"))
            ),
            ("rollout", RolloutPage(s.rollout(returned, returned: true), hold: s.hold, visit: visit("/rollouts/ro-1"))),
            (
                "rollout-watching",
                RolloutPage(
                    s.rollout(s.watchedRollout, returned: false),
                    visit: visit("/rollouts/ro-2?live=5", live: 5)
                )
            ),
            (
                "resume",
                ResumePage(
                    s.hold,
                    model: s.model,
                    channel: s.production,
                    problem: "lifting a hold needs a reason",
                    reason: s.text(""),
                    visit: visit("/models/ticket-bot/channels/production/resume")
                )
            ),
            (
                "resume-nothing",
                ResumePage(
                    nil,
                    model: s.model,
                    channel: s.production,
                    visit: visit("/models/ticket-bot/channels/production/resume")
                )
            ),
        ]
    }

    private var incidents: [(name: String, page: any Page)] {
        let s = samples
        return [
            (
                "incidents",
                IncidentsPage(
                    ListAnswer(
                        items: [
                            s.incident(12, severity: "page", closed: false),
                            s.incident(11, severity: "ticket", closed: false),
                            s.incident(9, severity: "page", closed: true),
                        ],
                        next: "9"
                    ),
                    model: nil,
                    open: nil,
                    visit: visit("/incidents")
                )
            ),
            (
                "incidents-empty",
                IncidentsPage(ListAnswer(items: []), model: s.model, open: true, visit: visit("/incidents?open=yes"))
            ),
            (
                "incident-returned",
                IncidentPage(s.incidentView, live: [s.health(.healthy)], visit: visit("/incidents/i-12"))
            ),
            (
                "incident",
                IncidentPage(s.incidentView, live: [s.health(.failing, release: 2)], visit: visit("/incidents/i-12"))
            ),
        ]
    }

    private var drifts: [(name: String, page: any Page)] {
        let s = samples
        return [
            (
                "drifts",
                DriftListPage(
                    ListAnswer(items: [
                        s.driftRow(88, "ticket"), s.driftRow(87, "none"), s.driftRow(86, "tooLittleData"),
                    ]),
                    baselines: [s.baseline],
                    model: nil,
                    visit: visit("/drift")
                )
            ),
            (
                "drifts-empty",
                DriftListPage(ListAnswer(items: []), baselines: [], model: nil, visit: visit("/drift", role: .reader))
            ),
            ("drift", DriftPage(s.driftView(.ticket), visit: visit("/drift/d-88"))),
            ("drift-learning", DriftPage(s.driftView(.learning), visit: visit("/drift/d-88"))),
        ]
    }
}

extension Samples {
    var watchedRollout: RolloutRow { rolloutRow(2, "probation", words: "watching 12 of 60 s") }

    var frozenRecord: TrafficRecord {
        TrafficRecord(
            name: try! Name("week48"),
            digest: digest(71),
            sizeBytes: 182_044,
            requests: 500,
            labelled: 470,
            frozenFrom: text("ticket-bot, 2026-11-20 to 2026-11-21, labelled yes, 500 of 2,302 by seed 7"),
            importedBy: text("admin"),
            importedAt: ago(100)
        )
    }
}
