import GRDB
public import RegistryTypes

/// The name of a job, such as `c-204` or `e-51`.
public enum JobID: Hashable, Sendable, CustomStringConvertible {
    /// A replay canary.
    case canary(CanaryID)
    /// An evaluation.
    case evaluation(EvaluationID)

    public var description: String {
        switch self {
        case .canary(let id): id.description
        case .evaluation(let id): id.description
        }
    }
}

extension CatalogState {
    /// Which of the two tables of jobs a row is from.
    private enum Table: String {
        case canary, evaluation
    }

    /// The jobs that run or wait, in the order in which the log has them: a clock may go back, entries do not.
    public func runningJobs(limit: Int) throws -> [JobID] {
        try rows(
            """
            SELECT 'canary', number, seq FROM canary WHERE state = 'running'
            UNION ALL SELECT 'evaluation', number, seq FROM evaluationJob WHERE state = 'running'
            ORDER BY seq LIMIT ?
            """,
            [max(0, limit)]
        ) { row in
            switch try row.word(Table.self, 0) {
            case .canary: .canary(CanaryID(try row.int(1)))
            case .evaluation: .evaluation(EvaluationID(try row.int(1)))
            }
        }
    }
}
