/// Requests column by column: the form in which many are summarised at once.
public struct DriftColumns: Sendable {
    /// Number of requests; columns of another length are refused.
    public let requests: Int
    private(set) var numbers: [DriftSignal: [Float]] = [:]
    private(set) var categories: [DriftSignal: (places: [UInt16], values: [String])] = [:]

    /// Columns of `requests` requests.
    public init(requests: Int) { self.requests = max(0, requests) }

    /// Sets a column of numbers; not a number for missing.
    ///
    /// - Returns: false for a signal that is no number or a column of another length, which is not taken.
    @discardableResult
    public mutating func set(_ signal: DriftSignal, _ column: [Float]) -> Bool {
        guard signal.kind == .number, column.count == requests else { return false }
        numbers[signal] = column
        return true
    }

    /// Sets a column of categories as places in `values`; a place outside for missing.
    ///
    /// - Returns: false for a signal that is no category or a column of another length, which is not taken.
    @discardableResult
    public mutating func set(_ signal: DriftSignal, _ places: [UInt16], values: [String]) -> Bool {
        guard signal.kind == .category, places.count == requests else { return false }
        categories[signal] = (places, values)
        return true
    }

    /// The summary of the requests in `range`.
    public func summary(of range: Range<Int>, epoch: DriftEpoch = DriftEpoch()) -> DriftSummary {
        let range = range.clamped(to: 0..<requests)
        var summary = DriftSummary(epoch: epoch)
        summary.requests = range.count
        for (signal, column) in numbers { summary.numbers[signal.slot] = NumberSummary(column: column[range]) }
        for (signal, column) in categories {
            summary.categories[signal.slot] = CategorySummary(column: column.places[range], values: column.values)
        }
        return summary
    }
}
