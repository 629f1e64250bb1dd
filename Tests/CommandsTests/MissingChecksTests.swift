import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments
import WireFormat

@testable import Commands

/// How many requests `promote --run-missing` asks for.
struct MissingChecksTests {
    @Test(arguments: [(200, 1400), (1400, nil), (2000, nil)] as [(Int, Int?)])
    func theDocumentSaysHowManyUnlessMoreAreNeeded(usual: Int, asked: Int?) throws {
        let view: CanaryView = try Stored.value("canary-fail")
        let stored = try #require(view.document)
        let document = DocumentRecord(
            kind: .canary,
            name: try Name("tickets"),
            revision: 1,
            digest: stored.digest,
            source: """
                apiVersion: serin/v1
                kind: Canary
                name: tickets
                compare: { traffic: week47, requests: \(usual) }
                checks:
                  - { name: right, metric: exact_match, mayDrop: 2 points }
                """,
            shipped: false,
            appliedBy: "admin",
            appliedAt: Timestamp(milliseconds: 0)
        )
        let undecided = MissingCheck.UndecidedCanary(id: CanaryID(1), requestsNeeded: 1400)
        #expect(MissingChecks.requests(undecided, document: document) == asked)
        #expect(MissingChecks.requests(undecided, document: nil) == 1400)
    }
}
