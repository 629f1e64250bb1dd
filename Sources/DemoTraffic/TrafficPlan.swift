import Foundation
import SeededRandom

/// The requests of a run in the order in which they are due: Poisson arrivals, decided before anything is sent.
///
/// Load is open: a slow server changes nothing about when the next customer writes. Arrivals, tickets and users come
/// from streams of their own, so that another rate sends the same tickets.
public struct TrafficPlan: Sequence, IteratorProtocol, Sendable {
    let grammar: TicketGrammar
    /// How many are due in a second, on average.
    let requestsPerSecond: Double
    /// No request is due at this time or later.
    public let seconds: Double
    let users: Int
    private var due = 0.0
    private var arrivals: SplitMix64
    private var tickets: SplitMix64
    private var people: SplitMix64

    /// The plan that `seed` means; `users` is how many customers write.
    public init(shift: TicketShift, requestsPerSecond: Double, seconds: Double, users: Int, seed: UInt64) {
        grammar = TicketGrammar(shift: shift)
        self.requestsPerSecond = requestsPerSecond
        self.seconds = seconds
        self.users = users
        arrivals = SplitMix64(seed: seed, stream: 1)
        tickets = SplitMix64(seed: seed, stream: 2)
        people = SplitMix64(seed: seed, stream: 3)
    }

    public mutating func next() -> PlannedRequest? {
        // The pause between two arrivals is exponential; 1 - u is never zero.
        due -= log(1 - Double.random(in: 0..<1, using: &arrivals)) / requestsPerSecond
        guard due < seconds else { return nil }
        return PlannedRequest(
            due: due,
            ticket: grammar.ticket(using: &tickets),
            user: "customer-\(Int.random(in: 1...Swift.max(1, users), using: &people))"
        )
    }
}

/// A request of the demo's traffic before it is sent.
public struct PlannedRequest: Hashable, Sendable {
    /// Seconds after the start at which it is due.
    public let due: Double
    /// What is asked, and the right answer.
    public let ticket: Ticket
    /// Who sends it, such as `customer-12`.
    public let user: String
}
