import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// What scrapers read.
struct MetricsTests {
    @Test func theTextIsPrometheus() {
        var text = PrometheusText()
        text.begin("requests_total", .counter, "Requests.")
        text.value("requests_total", [("name", "a\"b\\c\nd")], 3)
        text.value("requests_total", [], 0.25)
        text.begin("left", .gauge, "Left.")
        text.value("left", [], -.infinity)
        #expect(
            text.text == """
                # HELP requests_total Requests.
                # TYPE requests_total counter
                requests_total{name="a\\"b\\\\c\\nd"} 3
                requests_total 0.25
                # HELP left Left.
                # TYPE left gauge
                left -Inf

                """
        )
    }

    @Test func whatIsUnknownHasNoSeries() throws {
        let row = SLORow(
            name: try Name("answered"),
            model: try Name("ticket-bot"),
            channel: try Name("production"),
            indicator: "availability",
            objective: "99 %",
            target: 0.99,
            state: .unknown,
            valid: 0,
            bad: 0,
            sentence: "no data"
        )
        let metrics = ServingMetrics(
            measurements: ServingMeasurements.Snapshot(),
            load: (active: 2, queued: 1),
            isReady: false,
            build: "test",
            capture: CaptureView(
                offered: 5,
                stored: 3,
                dropped: ["queue full": 2],
                days: [],
                keepDays: 1,
                redactionVersion: 1
            ),
            slos: [row]
        )
        let lines = metrics.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        #expect(
            lines == [
                #"serin_build_info{version="test"} 1"#, "serin_ready 0", "serin_requests_active 0",
                "serin_engine_active 2",
                "serin_engine_queued 1", "serin_capture_offered_total 5", "serin_capture_stored_total 3",
                #"serin_capture_dropped_total{reason="queue full"} 2"#,
                #"serin_slo_target{slo="answered",gen_ai_request_model="ticket-bot",serin_channel="production"} 0.99"#,
            ]
        )
    }

    @Test func aScraperNeedsAKey() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            #expect(try await browser.ask(.get, "/metrics").status == .unauthorized)
            #expect(try await browser.ask(.get, "/metrics", role: .caller).status == .forbidden)
            let answer = try await browser.ask(.get, "/metrics", role: .reader)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let text = String(buffer: answer.body)
            #expect(text.contains("# TYPE gen_ai_server_request_duration_seconds histogram\n"))
            #expect(text.hasSuffix("\n"))
            for name in ["serin_connections_open", "serin_accept_pauses_total"] {
                #expect(text.contains("\n\(name) "), "\(name)")
            }
            for reason in ["no key in time", "place needed", "no place"] {
                #expect(text.contains(#"serin_connections_closed_total{reason="\#(reason)"} 0"#), "\(reason)")
            }
        }
    }

    @Test(
        arguments: [
            ([(true, 0.0)], 29.0, false), ([(true, 0)], 30, true), ([(true, 0), (false, 29)], 60, false),
            ([(true, 0), (true, 20)], 30, true), ([(true, 0), (false, 10), (true, 20)], 45, false), ([], 1e6, false),
        ] as [([(Bool, Double)], Double, Bool)]
    )
    func aReaderThatTakesNothingIsTooSlow(_ changes: [(Bool, Double)], _ now: Double, _ isTooSlow: Bool) {
        var pace = ReaderPace()
        for (isFull, time) in changes { pace.changed(isFull: isFull, at: time) }
        #expect(pace.isTooSlow(at: now) == isTooSlow)
    }
}
