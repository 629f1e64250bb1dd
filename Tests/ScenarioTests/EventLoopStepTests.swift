import Foundation
import TestSupport
import Testing
import WireFormat

/// Nothing heavy runs on an event loop: while everything runs at once, no step takes more than 20 ms of its thread's processor time.
/// Optimised builds only, in `bin/test --full release`.
@Suite(.serialized, .needsDemo)
struct EventLoopStepTests {
    private static let compiler = ["/usr/bin/clang", "/usr/bin/gcc", "/usr/bin/cc"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private static var isOptimised: Bool {
        var isOptimised = true
        assert(
            {
                isOptimised = false
                return true
            }()
        )
        return isOptimised
    }

    @Test(.enabled(if: compiler != nil && isOptimised && Checkout.isFullRun, "part of bin/test --full release"))
    func stepsAreShortInARunOfEverything() throws {
        let stage = try ProbationStage()
        let installation = stage.installation
        let library = installation.folder.appending(path: "event-loop-steps.so").path
        let source = Checkout.root.appending(path: "Tests/Faults/event-loop-steps.c").path
        let build = try ChildProcess(
            try #require(Self.compiler),
            ["-O1", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        try #require(try build.waitForEnd() == .exit(0))
        let steps = installation.folder.appending(path: "steps")
        let server = try RunningServer(
            installation,
            environment: ["LD_PRELOAD": library, "SERIN_STEPS_OUT": steps.path]
        )
        try server.waitUntilReady()
        // Customers, while all else happens.
        let customers = try stage.customers(server, seconds: 20, rate: 10)
        let files = installation.folder.appending(path: "files")
        for version in ["v1", "v2"] {
            _ = try stage.serin(server, "publish", files.appending(path: version).path, "--model", "copy")
        }
        var lines = ""
        for number in 0..<40_000 {
            lines += #"{"id":"\#(number)","variables":{"ticket":"order \#(number) is late"}}"# + "\n"
        }
        let set = try installation.write("large.jsonl", lines)
        #expect(try stage.serin(server, "traffic", "import", set, "--name", "large").exit == 0)
        let texts = [
            String(repeating: "1", count: 400_000), String(repeating: "01 ", count: 21_000),
            String(repeating: "hello world 4711 ", count: 53_000), String(repeating: "\u{1f600}", count: 225_000),
            String(repeating: "x y ", count: 970_000), String(repeating: "a@b.example ", count: 80_000),
        ]
        for text in texts {
            let body = #"{"model":"ticket-bot","messages":[{"role":"user","content":"\#(text)"}]}"#
            #expect(RawClient.chat(server.address, key: stage.key, body: body)?.hasPrefix("HTTP/1.1") == true)
        }
        for path in [
            "/", "/models/ticket-bot", "/requests", "/audit", "/api/v1/traffic/large", "/api/v1/audit?limit=1000",
            "/api/v1/audit/verify", "/metrics", "/slos", "/api/v1/requests?limit=1000",
        ] {
            #expect(stage.get(server, path)?.hasPrefix("HTTP/1.1") == true)
        }
        _ = try stage.serin(server, "canary", "run", "ticket-bot@3", "--requests", "200")
        try stage.promote(server, 3)
        _ = try stage.serin(server, "rollback", "ticket-bot", "--reason", "steps")
        _ = try stage.serin(server, "server", "check")
        #expect(try customers.outcome().exit == 0)
        #expect(try server.stop() == .exit(0))
        let found = try String(contentsOf: steps, encoding: .utf8)
        let all = found.split(separator: "\n").first { $0.hasPrefix("all: ") } ?? "no summary"
        print("steps over 20 ms of processor time: \(all)")
        #expect(!found.contains("over: loop"), "\(found.prefix(4_000))")
        #expect(all.contains("loop"), "\(found.suffix(400))")
    }
}
