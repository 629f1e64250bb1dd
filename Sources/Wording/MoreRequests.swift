/// What would decide a comparison that is open: so many requests in all, where the set holds them; else a larger set.
/// The one place where that number is rounded, so that no two places say different ones.
public enum MoreRequests: Hashable, Sendable {
    /// The same comparison over so many requests of its set.
    case again(Int)
    /// So many requests, which the set does not hold.
    case larger(Int, holds: Int)

    /// - Parameters:
    ///   - needed: Requests in all that would probably decide.
    ///   - holds: Requests in the set; nil where that is not known.
    public init(needed: Int, holds: Int?) {
        let rounded = NumberText.roundedUp(needed)
        guard let holds, holds < rounded else {
            self = .again(rounded)
            return
        }
        self = needed <= holds ? .again(holds) : .larger(rounded, holds: holds)
    }

    /// Requests in all.
    public var requests: Int {
        switch self {
        case .again(let requests), .larger(let requests, _): requests
        }
    }

    /// `about 1,100 requests in all would probably decide`, and what the set `name` holds where that is less.
    public func words(set name: String) -> String {
        let need = "about \(NumberText.count(requests)) requests in all would probably decide"
        return switch self {
        case .again: need
        case .larger(_, let holds): "\(need), and \(name) holds \(NumberText.count(holds))"
        }
    }
}
