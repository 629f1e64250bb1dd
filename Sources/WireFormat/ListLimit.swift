/// How many entries one answer of a list holds. A list is never cut to fit: what asks for more than ``max`` is refused,
/// and the rest comes in the next part.
public struct ListLimit: Hashable, Sendable {
    /// The most entries of one answer.
    public static let max = 500
    /// What is meant when nothing is said, and what a page shows.
    public static let usual = ListLimit(known: 50)

    /// What a page shows whose entries are large.
    public static let few = ListLimit(known: 15)

    /// Entries, from 1 to ``max``.
    public let count: Int

    /// A number of entries; nil when no answer holds so many.
    public init?(_ count: Int) {
        guard (1...Self.max).contains(count) else { return nil }
        self.count = count
    }

    private init(known count: Int) { self.count = count }
}
