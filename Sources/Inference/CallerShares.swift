/// Whose rows a step runs where several callers have answers under way: no caller's step takes much longer than its own
/// rows alone would, however many another one has.
struct CallerShares {
    /// What a caller could run in a step.
    struct Demand {
        /// Its answers: their places among the lines of the batch and the step in which each had its last turn.
        var lines: [(index: Int, turn: Int)] = []
        /// Tokens of its prompts that are yet to be run.
        var left = 0
    }

    /// The lines that the step runs.
    private(set) var lines: Set<Int> = []
    /// Rows of the step for the prompts of each caller.
    private(set) var promptRows: [String: Int] = [:]

    /// Equal parts, and what those with few rows leave goes to the others. At least a row for each caller; within a
    /// caller, those answers first whose last turn was longest ago, and about half for prompts.
    ///
    /// - Parameters:
    ///   - step: The number of the step.
    ///   - room: Rows of the step.
    ///   - maxPromptRows: Rows of prompts that a step has where one caller is alone.
    init(_ demands: [String: Demand], step: Int, room: Int, maxPromptRows: Int) {
        let callers = demands.sorted { $0.key < $1.key }
        let wanted = callers.map { $0.value.lines.count + min(maxPromptRows, $0.value.left) }
        let shares = GenerationBatch.shares(of: max(room, callers.count), among: wanted)
        for ((caller, demand), share) in zip(callers, shares) {
            let prompts = min(maxPromptRows, demand.left)
            // An odd row goes to the answers in one step and to the prompts in the next.
            let answering = min(demand.lines.count, share - min(prompts, (share + step % 2) / 2))
            promptRows[caller] = min(prompts, share - answering)
            let first = demand.lines.sorted { ($0.turn, $0.index) < ($1.turn, $1.index) }
            lines.formUnion(first.prefix(answering).map(\.index))
        }
    }
}

/// How long the steps of a batch take, by their rows: a part that each step has, such as reading the weights, and a part
/// for each row.
struct StepCost {
    /// How many times as long as its own row alone an answer's step may take for the sake of other callers. A flood by
    /// one caller shall make another's answers at most ten times as slow; the rest is for waiting until its turn comes.
    static let crowdedSteps = 5.0
    /// Rows while nothing is known.
    static let unknownRows = 8
    /// How much slower the quickest step of so many rows becomes with each further one: what changed is forgotten.
    private static let forgetting = 1.002

    /// Seconds of the quickest step lately, by rows; 0 where there was none. The quickest, because what else the machine
    /// does only adds.
    private var quickest: [Double]
    /// Steps so far.
    private(set) var steps = 0

    /// - Parameter maxRows: most rows of a step.
    init(maxRows: Int) { quickest = Array(repeating: 0, count: maxRows + 1) }

    /// A step took so long.
    mutating func record(rows: Int, seconds: Double) {
        steps += 1
        guard quickest.indices.contains(rows), rows > 0, seconds > 0, seconds.isFinite else { return }
        let known = quickest[rows]
        quickest[rows] = known == 0 ? seconds : min(known * Self.forgetting, seconds)
    }

    /// Rows of a step that takes ``crowdedSteps`` times as long as one of a single row: from that many, where the rows
    /// are all that costs, to all, where reading the weights is.
    var crowdedRows: Int {
        let maxRows = quickest.count - 1
        let known = quickest.indices.filter { quickest[$0] > 0 }
        guard let few = known.first, let many = known.last, many >= few + 4 else {
            return min(maxRows, Self.unknownRows)
        }
        // Least squares through the quickest steps.
        let count = Double(known.count)
        let meanRows = known.reduce(0) { $0 + Double($1) } / count
        let meanSeconds = known.reduce(0) { $0 + quickest[$1] } / count
        var spread = 0.0, shared = 0.0
        for rows in known {
            spread += (Double(rows) - meanRows) * (Double(rows) - meanRows)
            shared += (Double(rows) - meanRows) * (quickest[rows] - meanSeconds)
        }
        let row = shared / spread
        guard row > 0 else { return maxRows }
        let step = max(0, meanSeconds - row * meanRows)
        let rows = Self.crowdedSteps + (Self.crowdedSteps - 1) * step / row
        return rows < Double(maxRows) ? max(1, Int(rows)) : maxRows
    }
}
