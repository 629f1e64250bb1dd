import RegistryRecords
import RegistryTypes
import WireFormat

@testable import Pages

/// The pages of what is served: requests, service levels, rollouts, incidents, drift.
extension PageSamples {
    /// All of them, as `PageSamples.all`.
    var serving: [(name: String, page: any Page)] { requests + levels + rollouts + incidents + drifts }

    private var requests: [(name: String, page: any Page)] {
        let s = samples
        let id = s.requestID(12).text
        return [
            (
                "requests",
                RequestsPage(
                    RequestPage(items: s.requestRows, next: s.requestID(10).text, capture: s.capture),
                    filter: .init(model: s.hostile ?? "ticket-bot", outcome: "answered", since: s.hostile ?? "1h"),
                    context: context("/requests?model=ticket-bot")
                )
            ),
            (
                "requests-empty",
                RequestsPage(
                    RequestPage(
                        items: [],
                        capture: s.emptyCapture
                    ),
                    filter: .init(),
                    context: context("/requests")
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
                    context: context("/requests/\(id)")
                )
            ),
            (
                "request-deadline",
                CapturedRequestPage(
                    RequestView(record: s.request(14, .clientDeadline), body: nil, labels: [], problems: []),
                    context: context("/requests/\(id)")
                )
            ),
            (
                "request-with-tools",
                CapturedRequestPage(
                    RequestView(record: s.request(13), body: s.toolBody, labels: [], problems: []),
                    context: context("/requests/\(id)")
                )
            ),
            (
                "request-without-texts",
                CapturedRequestPage(
                    RequestView(record: s.request(11, .engineFailed, capture: .metadata), labels: [], problems: []),
                    context: context("/requests/\(id)", role: .reader)
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
                    context: context("/requests/\(id)/replay")
                )
            ),
            (
                "traffic-capture",
                TrafficSetsPage(
                    ListAnswer(items: [s.frozenRecord]),
                    capture: s.capture,
                    problem: "no captured request fits",
                    fields: ["name": s.text("week48"), "model": "ticket-bot"],
                    context: context("/traffic")
                )
            ),
            (
                "traffic-empty",
                TrafficSetsPage(ListAnswer(items: []), capture: s.emptyCapture, context: context("/traffic"))
            ),
        ]
    }

    private var levels: [(name: String, page: any Page)] {
        let s = samples
        let quality = s.slo("quality", .burning), latency = s.slo("latency", .unknown, known: false)
        let incident = s.incident(12, severity: "page", closed: false)
        return [
            ("slos", SLOsPage(s.slos, count: 4, model: nil, inForce: [], context: context("/slos"))),
            ("slos-empty", SLOsPage([], model: nil, inForce: [], context: context("/slos"))),
            (
                "slos-without-model",
                SLOsPage([], model: nil, inForce: [quality.name, latency.name], context: context("/slos"))
            ),
            ("slo", SLOPage(s.sloView(quality), context: context("/slos/quality?model=ticket-bot"))),
            ("slo-unknown", SLOPage(s.sloView(latency), context: context("/slos/latency?model=ticket-bot"))),
            (
                "oncall",
                OnCallPage(
                    OnCallView(
                        channels: [
                            s.health(.burning, rollout: s.watchedRollout, hold: s.hold, rollbackTo: 1, release: 2)
                        ] + (1...5).map { s.health(.noTraffic, known: false, of: "idle-\($0)") },
                        incidents: [incident],
                        moves: s.moves,
                        queue: 3,
                        active: 2,
                        capture: s.capture,
                        isDraining: false,
                        reserveBytes: 4_194_304,
                        at: s.now
                    ),
                    context: context("/oncall")
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
                    context: context("/oncall", role: .reader)
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
                    context: context("/rollouts")
                )
            ),
            (
                "rollouts-empty",
                RolloutsPage(ListAnswer(items: []), model: s.model, holds: [], context: context("/rollouts"))
            ),
            (
                "rollout",
                RolloutPage(s.rollout(returned, returned: true), hold: s.hold, context: context("/rollouts/ro-1"))
            ),
            (
                "rollout-watching",
                RolloutPage(
                    s.rollout(s.watchedRollout, returned: false),
                    rollbackTo: 1,
                    context: context("/rollouts/ro-2?live=5", refresh: 5)
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
                    context: context("/models/ticket-bot/channels/production/resume")
                )
            ),
            (
                "resume-nothing",
                ResumePage(
                    nil,
                    model: s.model,
                    channel: s.production,
                    context: context("/models/ticket-bot/channels/production/resume")
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
                    context: context("/incidents")
                )
            ),
            (
                "incidents-empty",
                IncidentsPage(
                    ListAnswer(items: []),
                    model: s.model,
                    open: true,
                    context: context("/incidents?open=yes")
                )
            ),
            (
                "incident-returned",
                IncidentPage(s.incidentView, live: [s.health(.healthy)], context: context("/incidents/i-12"))
            ),
            (
                "incident",
                IncidentPage(
                    s.incidentView,
                    live: [s.health(.failing, rollbackTo: 1, release: 2)],
                    context: context("/incidents/i-12")
                )
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
                    baselines: [s.baseline(4), s.baseline(3, isInForce: false)],
                    model: nil,
                    hasCaptured: true,
                    context: context("/drift")
                )
            ),
            (
                "drifts-empty",
                DriftListPage(
                    ListAnswer(items: []),
                    baselines: [],
                    model: nil,
                    hasCaptured: false,
                    context: context("/drift")
                )
            ),
            ("drift", DriftPage(s.driftView(.ticket), context: context("/drift/d-88"))),
            ("drift-learning", DriftPage(s.driftView(.learning), context: context("/drift/d-88"))),
        ]
    }
}

extension Samples {
    /// Of a server that nobody asked anything.
    var emptyCapture: CaptureView {
        CaptureView(offered: 0, stored: 0, dropped: [:], days: [], keepDays: 30, redactionVersion: 1)
    }

    var watchedRollout: RolloutRow { rolloutRow(2, "probation", words: "watching 12 of 60 s") }

    var frozenRecord: TrafficRecord {
        TrafficRecord(
            TrafficImported(
                name: try! Name("week48"),
                digest: digest(71),
                sizeBytes: 182_044,
                requests: 500,
                labelled: 470,
                frozenFrom: text("ticket-bot, 2026-11-20 to 2026-11-21, labelled yes, 500 of 2,302 by seed 7")
            ),
            importedBy: text("admin"),
            importedAt: ago(100)
        )
    }
}
