import CanaryJudge
public import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// What is known of a canary before it runs.
public enum CanaryForecast {
    /// What each check would need, from what an earlier run found; nothing is known where there was none.
    public static func checks(
        of document: CanaryDocument,
        requests: Int,
        stage: PlannedStage = .only,
        after earlier: (judgment: Judgment, promise: CanaryDocument.Promise)?
    ) -> [PlannedCheck] {
        CanaryPlan.checks(
            of: document,
            requests: requests,
            stage: stage,
            after: earlier.map { ($0.judgment.checks, $0.promise) }
        )
    }

    /// Conversations that requests are of; nil where each stands alone.
    public static func conversations(of requests: [TrafficRequest]) -> Int? { Conversations(of: requests).count }
}
