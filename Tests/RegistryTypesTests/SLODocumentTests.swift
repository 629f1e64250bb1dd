import Digests
import Foundation
import RegistryTypes
import Testing
import UserDocuments

/// SLO documents.
@Suite struct SLODocumentTests {
    private func documents() throws -> [SLODocument] {
        let bytes = try Array(Data(contentsOf: DocumentCaseTests.folder.appending(path: "valid-slo-full.yaml")))
        return try DocumentFile(bytes: bytes, name: "valid-slo-full.yaml").entries.compactMap { entry in
            if case .slo(let document) = entry.document { document } else { nil }
        }
    }

    @Test func everyKeyIsRead() throws {
        let document = try documents()[0]
        #expect(document.description == "Tickets are answered." && document.service?.text == "support-desk")
        #expect(document.scope.models.map(\.text) == ["ticket-bot", "chat-*"])
        #expect(document.indicator == .availability && document.budgetingMethod == .occurrences)
        #expect(document.windowSeconds == 28 * 86_400 && document.minSamples == 100)
        #expect(document.absentAfterSeconds == 600 && document.sla == 0.995)
        #expect(document.budget == 0.001)
        let demo = BurnAlert(
            name: try Name("demo"),
            severity: .page,
            threshold: .burn(14.4),
            longSeconds: 60,
            shortSeconds: 10
        )
        #expect(document.alerting.count == 3 && document.alerting[1] == demo)
        #expect(document.alerting[0].threshold == .budgetSpent(0.02))
        #expect(
            document.budgetPolicy == [
                BudgetRule(atMost: 0.6, action: .caution), BudgetRule(atMost: 0.3, action: .reliabilityOnly),
                BudgetRule(atMost: 0, action: .freeze),
            ]
        )
    }

    @Test func whatIsLeftOutFollowsFromTheRest() throws {
        let documents = try documents()
        #expect(
            documents.map(\.indicator) == [
                .availability, .totalLatency(atMost: 0.5), .timeToFirstToken(atMost: 1),
                .timePerOutputToken(atMost: 0.1, minTokens: 8), .validOutput, .correctness, .userFeedback,
            ]
        )
        #expect(documents.map(\.minSamples) == [100, 1, 1, 1, 1, 30, 30])
        #expect(documents.map(\.alerting.count) == [3, 4, 0, 2, 4, 4, 4])
        #expect(documents[1].budgetPolicy == BudgetRule.usual && documents[2].budgetPolicy.isEmpty)
        #expect(documents[1].sla == nil && documents[1].absentAfterSeconds == nil)
    }

    @Test func countsStayOfUseWhenOnlyTheTargetOrTheAlertsChange() throws {
        func digest(_ target: String, _ limit: String, _ models: String = "\"*\"") throws -> String {
            let text = """
                apiVersion: serin/v1
                kind: SLO
                name: a
                for: { channel: production, models: [\(models)] }
                indicator: { type: totalLatency, atMost: \(limit) }
                target: \(target)
                window: 30 d
                """
            guard case .slo(let slo) = try Document.parse(text, file: "a.yaml")[0] else { return "" }
            return try slo.countingDigest().description
        }
        #expect(try digest("99 %", "500 ms") == digest("95 %", "0.5 s", "ticket-bot"))
        #expect(try digest("99 %", "500 ms") != digest("99 %", "501 ms"))
    }
}
