import Foundation
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import Commands
@testable import Pages

/// A value that the control plane answers with, and what each of its three readers gets: a page, a terminal, a program.
/// The only file here that knows how pages and reports are made.
struct Sample: Sendable, CustomTestStringConvertible {
    /// The name of the stored value in `Tests/CommandsTests/Fixtures`.
    let name: String
    /// The page, as HTML.
    let page: @Sendable () throws -> String
    /// The text of the terminal, as wide as it needs.
    let terminal: @Sendable () throws -> String
    /// The JSON representation.
    let json: @Sendable () throws -> Data

    var testDescription: String { name }

    static let all: [Sample] = canaries + drifts + levels + rollouts + overviews + readings + logs

    private static let canaries = ["canary-pass", "canary-fail", "canary-inconclusive"].map { name in
        Sample(name, CanaryView.self, page: { CanaryPage($0, context: context) }, terminal: { CanaryOutput.show($0) })
    }
    private static let drifts = ["drift", "drift-learning"].map { name in
        Sample(name, DriftView.self, page: { DriftPage($0, context: context) }, terminal: { DriftOutput.show($0) })
    }
    private static let levels = ["slo", "slo-unknown"].map { name in
        Sample(name, SLOView.self, page: { SLOPage($0, context: context) }, terminal: { SLOOutput.show($0) })
    }
    private static let rollouts = ["rollout", "rollout-watching"].map { name in
        Sample(
            name,
            RolloutView.self,
            page: { RolloutPage($0, context: context) },
            terminal: { RolloutOutput.show($0) }
        )
    }
    private static let overviews = ["status", "status-quiet"].map { name in
        Sample(
            name,
            StatusView.self,
            page: { OverviewPage($0, context: context) },
            terminal: { StatusOutput.show($0, model: nil) }
        )
    }

    private static let readings = ["reading", "reading-same", "reading-vocabularies"].map { name in
        Sample(
            name,
            ReadingView.self,
            page: { ReadingPage($0, context: context) },
            terminal: { view in view.comparison.map(CompareOutput.report) ?? Report() }
        )
    }

    private static let logs = [
        Sample(
            "events",
            [AuditEntry].self,
            page: { AuditPage(ListAnswer(items: $0), filter: .init(), chain: nil, context: context) },
            terminal: { AuditOutput.list($0) }
        )
    ]

    private init<Value: Codable & Sendable>(
        _ name: String,
        _ type: Value.Type,
        page: @escaping @Sendable (Value) throws -> any Page,
        terminal: @escaping @Sendable (Value) throws -> Report
    ) {
        @Sendable func value() throws -> Value {
            let file = Checkout.root.appending(path: "Tests/CommandsTests/Fixtures/\(name).json")
            return try JSONDecoder().decode(type, from: Data(contentsOf: file))
        }
        self.name = name
        self.page = { try Templates().render(page(value())) }
        self.terminal = { try terminal(value()).text(TextStyle(wide: true, now: Self.now)) }
        self.json = { try JSONEncoder().encode(value()) }
    }

    /// The moment to which ages are counted.
    static let now = Timestamp(milliseconds: 1_795_260_044_120)

    private static let context = PageContext(
        person: nil,
        path: "/",
        now: now,
        styleSheetTag: "test",
        refreshSeconds: nil,
        openIncidents: nil
    )
}
